with

received as (
    select * from {{ source('raw', 'parsed_terminations') }}
),

identifiers as (
    {{ staged_identifiers('received', 'record_id', 'sentence_date') }}
),

final as (
    select
        received.record_id,
        identifiers.crn,
        identifiers.crn_problem,
        identifiers.pnc_id,
        identifiers.pnc_problem,
        identifiers.surname,
        identifiers.surname_problem,
        identifiers.forenames,
        identifiers.first_forename,
        identifiers.forenames_problem,
        identifiers.date_of_birth,
        identifiers.date_of_birth_problem,
        received.sentence_date,
        received.termination_date,
        received.termination_reason,
        received.file,
        received.line
    from received
    inner join identifiers on received.record_id = identifiers.record_id
)

select * from final
