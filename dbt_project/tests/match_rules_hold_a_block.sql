-- A rule that holds none of the blocks would lose pairs it could accept.
with

rules as (
    select
        rule,
        string_split(trim(fields), ' ') as fields
    from {{ ref('match_rules') }}
),

blocks as (
    select string_split(trim(fields), ' ') as fields
    from {{ ref('match_blocks') }}
)

select rules.rule
from rules
left join blocks on list_has_all(rules.fields, blocks.fields)
where blocks.fields is null
