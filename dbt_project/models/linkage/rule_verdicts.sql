with

pairs as (
    select * from {{ ref('pair_agreements') }}
),

rules as (
    select * from {{ ref('match_rule_masks') }}
),

final as (
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
)

select * from final
