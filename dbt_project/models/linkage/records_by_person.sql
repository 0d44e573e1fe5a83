{{ config(materialized='view') }}

with

records_of_persons as (
    select
        *,
        {{ is_in_window() }} as is_in_window
    from {{ ref('records_of_persons') }}
),

-- Two different identifiers are told by the first and the last of them in order.
final as (
    select
        source,
        case_id,
        person_key,
        count(*) filter (where is_in_window) as records_in_window,
        min(pnc_id) filter (where is_in_window) as first_pnc_id,
        max(pnc_id) filter (where is_in_window) as last_pnc_id,
        min(crn) filter (where is_in_window) as first_crn,
        max(crn) filter (where is_in_window) as last_crn,
        min(abs(date_difference_days)) filter (where not is_contradicted) as smallest_difference_days
    from records_of_persons
    group by source, case_id, person_key
)

select * from final
