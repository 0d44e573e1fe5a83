-- Splink's word alone makes no link: a rule that asks for it asks for the birthday too.
select rule
from {{ ref('match_rules') }}
where
    list_contains(string_split(trim(fields), ' '), 'probable')
    and not list_contains(string_split(trim(fields), ' '), 'dob')
