with

identifiers as (
    {{ staged_identifiers(source('raw', 'parsed_terminations'), 'sentence_date') }}
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
        date_of_birth,
        date_of_birth_problem,
        sentence_date,
        termination_date,
        termination_reason,
        file,
        line
    from identifiers
)

select * from final
