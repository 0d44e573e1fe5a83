{{ config(materialized='view') }}

with

pairs as (
    select * from {{ ref('pair_agreements') }}
),

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
        pairs.date_difference_days,
        pairs.is_contradicted,
        not pairs.is_contradicted and abs(pairs.date_difference_days) <= {{ var('match_window_days') }} as is_in_window
    from pairs
    semi join persons
        on pairs.source = persons.source and pairs.case_id = persons.case_id and pairs.person_key = persons.person_key
)

select * from final
