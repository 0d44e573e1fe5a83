{{ linked_case_by_case() }}

with

records_of_persons as (
    {{ linked_now(ref('records_of_persons')) }}
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
    where
        not is_contradicted
        and abs(date_difference_days) <= {{ var('match_window_days') }}
)

select * from final
