{{ linked_case_by_case() }}

with

pairs as (
    {{ linked_now(ref('pair_agreements')) }}
),

rules as (
    select * from {{ ref('match_rule_masks') }}
),

satisfied as (
    select
        pairs.source,
        pairs.case_id,
        pairs.record_id,
        pairs.person_key,
        rules.rule_rank,
        rules.rule
    from pairs
    inner join rules
        on (pairs.agreements & rules.required_fields) = rules.required_fields
    where
        not pairs.is_contradicted
        and (not pairs.has_conflicting_pnc or rules.is_accepting_conflict)
),

-- A reviewer's link stands before every rule and asks no guard.
linked_by_override as (
    select
        source,
        case_id,
        record_id,
        person_key,
        0 as rule_rank,
        'override' as rule
    from pairs
    where override_decision = 'must_link'
),

final as (
    select * from satisfied
    union all
    select * from linked_by_override
)

select * from final
