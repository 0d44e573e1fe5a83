-- A rule that holds none of the blocks would lose pairs it could accept. One that may accept two different PNC identifiers
-- has to hold a block in which such pairs are compared.
with

exempt as (
    select unnest({{ sets_of_fields('fields') }}) as fields
    from {{ ref('match_guards') }}
    where guard = 'conflict_exempt'
),

rules as (
    select
        rules.rule,
        string_split(trim(rules.fields), ' ') as fields,
        exists(
            select 1 from exempt
            where list_has_all(string_split(trim(rules.fields), ' '), exempt.fields)
        ) as is_accepting_conflict
    from {{ ref('match_rules') }} as rules
),

blocks as (
    select
        string_split(trim(fields), ' ') as fields,
        compares_conflicting_pnc
    from {{ ref('match_blocks') }}
)

select rules.rule
from rules
left join blocks
    on list_has_all(rules.fields, blocks.fields) and (blocks.compares_conflicting_pnc or not rules.is_accepting_conflict)
where blocks.fields is null
