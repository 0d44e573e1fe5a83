{{ config(materialized='view') }}

with

records_of_persons as (
    select * from {{ ref('records_of_persons') }}
),

final as (
    select
        source,
        case_id,
        person_key,
        record_id,
        pnc_id,
        crn,
        date_difference_days
    from records_of_persons
    where {{ is_in_window() }}
)

select * from final
