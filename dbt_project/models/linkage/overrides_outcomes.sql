with

overrides as (
    select * from {{ source('linkage', 'overrides') }}
),

cases as (
    select * from {{ ref('eligible_cases') }}
),

records as (
    select * from {{ ref('match_records') }}
),

-- One record a case: two links asked for in one source cannot both be meant.
counted as (
    select
        *,
        count(*) filter (where decision = 'must_link') over (partition by source, case_id) as n_must_links
    from overrides
),

dated as (
    select
        counted.*,
        cast({{ days_between('cases.start_date', 'records.record_date') }} as integer) as date_difference_days
    from counted
    inner join cases on counted.source = cases.source and counted.case_id = cases.case_id
    inner join records on counted.source = records.source and counted.record_id = records.record_id
),

final as (
    select
        source,
        case_id,
        record_id,
        decision,
        reviewer,
        reviewed_on,
        reason,
        date_difference_days,
        case
            when decision = 'must_not_link' then 'applied'
            when abs(date_difference_days) > {{ var('match_window_days') }} then 'refused_outside_window'
            when n_must_links > 1 then 'refused_two_records'
            else 'applied'
        end as outcome
    from dated
)

select * from final
