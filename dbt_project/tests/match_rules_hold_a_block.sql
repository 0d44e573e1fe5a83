-- A rule that holds none of the blocks would lose pairs it could accept. One that may accept two different PNC identifiers
-- has to hold a block in which such pairs are compared.
with

exempt as (
    select sets.fields
    from {{ ref('match_guards') }} as guards
    {{ cross_join_each(sets_of_fields('guards.fields'), 'sets', 'fields') }}
    where guards.guard = 'conflict_exempt'
),

rules as (
    select
        rules.rule,
        split(trim(rules.fields), ' ') as fields,
        coalesce(bool_or({{ holds_all("split(trim(rules.fields), ' ')", 'exempt.fields') }}), false) as is_accepting_conflict
    from {{ ref('match_rules') }} as rules
    left join exempt on true
    group by rules.rule, rules.fields
),

blocks as (
    select
        split(trim(fields), ' ') as fields,
        compares_conflicting_pnc
    from {{ ref('match_blocks') }}
)

select rules.rule
from rules
left join blocks
    on {{ holds_all('rules.fields', 'blocks.fields') }} and (blocks.compares_conflicting_pnc or not rules.is_accepting_conflict)
where blocks.fields is null
