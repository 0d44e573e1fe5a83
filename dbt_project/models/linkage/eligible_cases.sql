with

inspections as (
    select * from {{ ref('staged_inspections') }}
),

-- Termination records exist for community sentences only; the Police National Computer knows everybody.
sources as (
    select
        'terminations' as source,
        'community' as case_type_needed
    union all
    select
        'reoffending',
        null
),

eligible as (
    select
        sources.source,
        inspections.case_id,
        inspections.start_date,
        inspections.pnc_id,
        inspections.crn,
        inspections.date_of_birth,
        inspections.surname,
        inspections.forenames,
        inspections.first_forename
    from inspections
    inner join sources
        on sources.case_type_needed is null or inspections.case_type = sources.case_type_needed
),

final as (
    {{ marked_as_changed('eligible', [
        'source', 'case_id', 'start_date', 'pnc_id', 'crn', 'date_of_birth', 'surname', 'forenames', 'first_forename'
    ]) }}
)

select * from final
