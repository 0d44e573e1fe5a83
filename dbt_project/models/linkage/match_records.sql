with

terminations as (
    select
        'terminations' as source,
        record_id,
        sentence_date as record_date,
        pnc_id,
        crn,
        date_of_birth,
        surname,
        forenames,
        first_forename
    from {{ ref('staged_terminations') }}
),

reoffending as (
    select
        'reoffending' as source,
        record_id,
        index_date as record_date,
        pnc_id,
        crn,
        date_of_birth,
        surname,
        forenames,
        first_forename
    from {{ ref('staged_reoffending') }}
),

records as (
    select * from terminations
    union all
    select * from reoffending
),

keyed as (
    select
        source,
        record_id,
        record_date,
        pnc_id,
        crn,
        date_of_birth,
        surname,
        forenames,
        first_forename,
        case
            when pnc_id is not null then 'pnc|' || pnc_id
            when crn is not null then 'crn|' || crn
            when surname is not null and forenames is not null and date_of_birth is not null
                then 'name|' || surname || '|' || forenames || '|' || try_cast(date_of_birth as varchar)
            else 'record|' || record_id
        end as person_key
    from records
),

final as (
    {{ marked_as_changed('keyed', [
        'source', 'record_id', 'record_date', 'pnc_id', 'crn', 'date_of_birth', 'surname', 'forenames',
        'first_forename', 'person_key'
    ]) }}
)

select * from final
