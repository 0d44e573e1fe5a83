with

ready_made as (
    {{ cleaned_rows('reoffending', 'index_date') }}
),

-- Either the measure came ready-made or it is made from offences: one of the two has no row.
final as (
    select
        record_id,
        {{ cleaned_identifiers() }},
        {{ person_key() }} as person_key,
        index_date,
        reoffended,
        reoffences,
        days_to_first_reoffence,
        file,
        line
    from ready_made
    union all
    select
        events.record_id,
        events.crn,
        events.crn_problem,
        events.pnc_id,
        events.pnc_problem,
        events.surname,
        events.surname_problem,
        events.forenames,
        events.first_forename,
        events.forenames_problem,
        events.name_words,
        events.date_of_birth,
        events.date_of_birth_problem,
        events.person_key,
        events.index_date,
        measured.reoffended,
        measured.reoffences,
        measured.days_to_first_reoffence,
        events.file,
        events.line
    from {{ ref('index_events') }} as events
    inner join {{ ref('measured_reoffending') }} as measured on events.record_id = measured.record_id
)

select * from final
