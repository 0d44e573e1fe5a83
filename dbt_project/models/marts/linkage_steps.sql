with

steps as (
    select * from {{ ref('rule_steps') }}
),

decisions as (
    select * from {{ ref('decisions') }}
),

case_keys as (
    select * from {{ source('linkage', 'case_keys') }}
),

final as (
    select
        case_keys.case_key,
        steps.source,
        try_cast(steps.step as integer) as step,
        steps.rule_rank,
        steps.rule,
        steps.tier,
        try_cast(steps.persons_reached as integer) as persons_reached,
        try_cast(steps.persons_in_window as integer) as persons_in_window,
        try_cast(steps.records_in_window as integer) as records_in_window,
        try_cast(steps.smallest_difference_days as integer) as smallest_difference_days,
        steps.step_outcome,
        decisions.status
    from steps
    inner join decisions on steps.source = decisions.source and steps.case_id = decisions.case_id
    inner join case_keys on steps.case_id = case_keys.case_id
)

select * from final
