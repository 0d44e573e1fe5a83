with

cases as (
    select * from {{ ref('eligible_cases') }}
),

steps as (
    select * from {{ ref('rule_steps') }}
),

final as (
    select
        cases.source,
        cases.case_id,
        case
            when bool_or(steps.step_outcome = 'decides') then 'matched'
            when bool_or(steps.step_outcome = 'ambiguous') then 'ambiguous'
            when bool_or(steps.step_outcome = 'no_record_in_window') then 'no_record_in_window'
            else 'no_person'
        end as status,
        max(steps.rule_rank) filter (where steps.persons_in_window > 0) as rule_rank,
        max(steps.rule) filter (where steps.persons_in_window > 0) as rule,
        max(steps.tier) filter (where steps.persons_in_window > 0) as tier,
        count(steps.step) as steps_tried,
        min(steps.smallest_difference_days) as smallest_difference_days
    from cases
    left join steps on cases.source = steps.source and cases.case_id = steps.case_id
    group by cases.source, cases.case_id
)

select * from final
