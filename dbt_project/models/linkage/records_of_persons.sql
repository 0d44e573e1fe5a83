{{ config(materialized='view') }}

with

persons as (
    select * from {{ ref('persons_reached') }}
),

-- All records of the persons that any rule reached, not only those that satisfied it.
final as (
    select
        pairs.source,
        pairs.case_id,
        pairs.person_key,
        pairs.record_id,
        pairs.pnc_id,
        pairs.crn,
        pairs.name_key,
        pairs.date_difference_days,
        pairs.is_set_aside as is_contradicted,
        not pairs.is_set_aside and abs(pairs.date_difference_days) <= {{ var('match_window_days') }} as is_in_window
    from (
        -- A reviewer's link is set aside by no guard.
        select
            *,
            is_contradicted and coalesce(override_decision <> 'must_link', true) as is_set_aside
        from {{ ref('pair_agreements') }}
    ) as pairs
    semi join persons
        on pairs.source = persons.source and pairs.case_id = persons.case_id and pairs.person_key = persons.person_key
)

select * from final
