with

identifiers as (
    {{ cleaned_rows('offences', 'coalesce(index_date, offence_date)') }}
),

final as (
    select
        record_id,
        crn,
        crn_problem,
        pnc_id,
        pnc_problem,
        surname,
        surname_problem,
        forenames,
        first_forename,
        forenames_problem,
        name_words,
        date_of_birth,
        date_of_birth_problem,
        {{ person_key() }} as person_key,
        offence_reference,
        offence_date,
        offence_end_date,
        upper(trim(offence_code)) as offence_code,
        disposal_date,
        regexp_replace(lower(trim(disposal)), '[ -]+', '_', 'g') as disposal,
        coalesce(country, 'england_and_wales') as country,
        index_date,
        file,
        line
    from identifiers
)

select * from final
