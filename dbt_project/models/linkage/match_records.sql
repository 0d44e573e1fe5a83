{{ config(materialized='view') }}

with

terminations as (
    select * from {{ ref('staged_terminations') }}
),

reoffending as (
    select * from {{ ref('staged_reoffending') }}
),

final as (
    select
        'terminations' as source,
        record_id,
        sentence_date as record_date,
        pnc_id,
        crn,
        date_of_birth,
        surname,
        forenames,
        first_forename,
        name_words,
        person_key
    from terminations
    union all
    select
        'reoffending',
        record_id,
        index_date,
        pnc_id,
        crn,
        date_of_birth,
        surname,
        forenames,
        first_forename,
        name_words,
        person_key
    from reoffending
)

select * from final
