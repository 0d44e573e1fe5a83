-- Splink's word alone makes no link: a rule that asks for it asks for the birthday too.
select rule
from {{ ref('match_rules') }}
where
    {{ holds("split(trim(fields), ' ')", "'probable'") }}
    and not {{ holds("split(trim(fields), ' ')", "'dob'") }}
