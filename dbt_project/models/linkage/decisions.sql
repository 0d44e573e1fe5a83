{{ linked_case_by_case() }}

with

steps as (
    {{ linked_now(ref('rule_steps')) }}
),

cases as (
    {{ linked_now(ref('eligible_cases')) }}
),

summed as (
    select
        source,
        case_id,
        max(rule_rank) filter (where step_outcome in ('decides', 'ambiguous')) as last_rule_rank,
        max(rule) filter (where step_outcome in ('decides', 'ambiguous')) as last_rule,
        bool_or(step_outcome = 'decides') as is_decided,
        bool_or(step_outcome = 'ambiguous') as is_ambiguous,
        bool_or(step_outcome = 'no_record_in_window') as has_person,
        max(step) as steps_tried,
        min(smallest_difference_days) as smallest_difference_days
    from steps
    group by source, case_id
),

-- Without any rule in the reference table no case has a step, and nobody is found.
final as (
    select
        cases.source,
        cases.case_id,
        case
            when summed.is_decided then 'matched'
            when summed.is_ambiguous then 'ambiguous'
            when summed.has_person then 'no_record_in_window'
            else 'no_person'
        end as status,
        summed.last_rule_rank as rule_rank,
        summed.last_rule as rule,
        coalesce(summed.steps_tried, 0) as steps_tried,
        summed.smallest_difference_days
    from cases
    left join summed on cases.source = summed.source and cases.case_id = summed.case_id
)

select * from final
