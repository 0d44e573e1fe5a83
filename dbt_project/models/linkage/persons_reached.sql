with

verdicts as (
    select * from {{ ref('rule_verdicts') }}
),

final as (
    select
        source,
        case_id,
        rule_rank,
        person_key,
        count(*) as n_records_satisfying
    from verdicts
    group by source, case_id, rule_rank, person_key
)

select * from final
