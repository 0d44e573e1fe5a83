-- Rules are kept as the bits of one number (rule_bit), the lowest of which is the reviewer's link: 61 are left for rules.
select count(*) as n_rules
from {{ ref('match_rules') }}
having count(*) > 61
