with

identifiers as (
    {{ cleaned_rows('terminations', 'sentence_date') }}
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
        sentence_date,
        termination_date,
        termination_reason,
        file,
        line
    from identifiers
)

select * from final
