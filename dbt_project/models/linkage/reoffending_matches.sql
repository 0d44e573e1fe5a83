with

decided as (
    select * from {{ ref('decided_records') }}
    where source = 'reoffending'
),

reoffending as (
    select * from {{ ref('staged_reoffending') }}
),

-- 2023/04, Annex A (iii): a reoffender in any of the records, the most reoffences, the earliest time.
combined as (
    select
        decided.case_id,
        count(*) as records_combined,
        max(reoffending.reoffended) as reoffended,
        max(reoffending.reoffences) as reoffences,
        min(reoffending.days_to_first_reoffence) as days_to_first_reoffence
    from decided
    inner join reoffending on decided.record_id = reoffending.record_id
    group by decided.case_id
),

contested as (
    select * from {{ ref('contested_records') }}
    where source = 'reoffending'
),

final as (
    select
        closest.case_id,
        closest.record_id,
        closest.rule,
        closest.rule_rank,
        closest.tier,
        closest.date_difference_days,
        closest.rules_satisfied,
        closest.is_tied,
        count(*) over (partition by closest.record_id) as n_cases_of_record,
        contested.case_id is not null as is_contested,
        combined.records_combined,
        combined.reoffended,
        combined.reoffences,
        combined.days_to_first_reoffence
    from decided as closest
    inner join combined on closest.case_id = combined.case_id
    left join contested on closest.case_id = contested.case_id
    where closest.record_order = 1
)

select * from final
