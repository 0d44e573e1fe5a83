with

inspections as (
    select * from {{ ref('staged_inspections') }}
),

-- Termination records exist for community sentences only; the Police National Computer knows everybody.
final as (
    select
        sources.source,
        inspections.case_id,
        inspections.start_date,
        inspections.pnc_id,
        inspections.crn,
        inspections.date_of_birth,
        inspections.surname,
        inspections.forenames,
        inspections.first_forename,
        inspections.name_words
    from inspections
    cross join (values ('terminations'), ('reoffending')) as sources (source)
    where sources.source = 'reoffending' or inspections.case_type = 'community'
)

select * from final
