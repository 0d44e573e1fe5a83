{{ config(materialized='view') }}

with

index_events as (
    select
        record_id,
        person_key,
        index_date,
        {{ days_after('index_date', var('followup_first_day')) }} as followup_first_date,
        {{ months_after('index_date', var('followup_months')) }} as followup_last_date,
        {{ months_after('index_date', var('followup_months') ~ ' + ' ~ var('waiting_months')) }} as waiting_last_date
    from {{ ref('index_events') }}
),

-- Every offence of the person beside every index event of his, with what the definition asks of each.
final as (
    select
        index_events.record_id,
        index_events.index_date,
        offences.offence_key,
        offences.offence_date,
        {{ days_between('index_events.index_date', 'offences.offence_date') }} as days_after_index,
        {{ days_between('index_events.index_date', 'offences.proven_date') }} as days_to_proof,
        offences.known_code,
        offences.offence_group,
        offences.severity_weight,
        offences.is_indictable_only,
        coalesce({{ holds('offences.index_dates', 'index_events.index_date') }}, false) as is_index_offence,
        offences.offence_date >= index_events.followup_first_date as is_after_index,
        offences.offence_date <= index_events.followup_last_date as is_before_the_end,
        offences.proven_date is not null as is_proven,
        offences.is_overturned,
        coalesce(offences.proven_date <= index_events.waiting_last_date, false) as is_proven_in_time,
        offences.is_in_england_and_wales,
        offences.counts_as_reoffence
    from index_events
    inner join {{ ref('known_offences') }} as offences on index_events.person_key = offences.person_key
)

select * from final
