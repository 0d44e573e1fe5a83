with

case_keys as (
    select * from {{ source('linkage', 'case_keys') }}
),

decided as (
    select * from {{ ref('decided_records') }}
    where source = 'reoffending'
),

index_events as (
    select * from {{ ref('index_events') }}
),

offences as (
    select * from {{ ref('known_offences') }}
),

ways as (
    select ways_of_measuring.*
    from (
        values
        ('published', {{ var('followup_months') }}, {{ var('waiting_months') }}, false),
        ('breaches_count', {{ var('followup_months') }}, {{ var('waiting_months') }}, true),
        ('followup_24', 24, {{ var('waiting_months') }}, false),
        ('waiting_9', {{ var('followup_months') }}, 9, false)
    ) as ways_of_measuring (measure, followup_months, waiting_months, breaches_count)
),

last_told as (
    select
        max(offence_date) as last_offence_date,
        max(disposal_date) as last_disposal_date
    from {{ ref('staged_offences') }}
),

windows as (
    select
        decided.case_id,
        index_events.record_id,
        index_events.person_key,
        index_events.index_date,
        ways.measure,
        ways.followup_months::integer as followup_months,
        ways.waiting_months::integer as waiting_months,
        ways.breaches_count,
        index_events.index_date + {{ var('followup_first_day') }} as followup_first_date,
        {{ months_after('index_events.index_date', 'ways.followup_months') }} as followup_last_date,
        {{ months_after('index_events.index_date', 'ways.followup_months + ways.waiting_months') }} as waiting_last_date
    from decided
    inner join index_events on decided.record_id = index_events.record_id
    cross join ways
),

-- A longer wait can be measured where the extract reaches its last day; the gate judged the published one.
judged as (
    select
        windows.*,
        (
            windows.followup_months <= {{ var('followup_months') }}
            or windows.followup_last_date <= last_told.last_offence_date
        )
        and (
            windows.followup_months + windows.waiting_months
            <= {{ var('followup_months') }} + {{ var('waiting_months') }}
            or windows.waiting_last_date <= last_told.last_disposal_date
        ) as is_covered
    from windows
    cross join last_told
),

-- The clauses of offence_verdicts, with the windows and kinds of each way; `published` is tested against marts.cases.
counted as (
    select
        judged.case_id,
        judged.record_id,
        judged.measure,
        count(*) as reoffences
    from judged
    inner join offences on judged.person_key = offences.person_key
    where
        not coalesce(list_contains(offences.index_dates, judged.index_date), false)
        and offences.offence_date between judged.followup_first_date and judged.followup_last_date
        and offences.proven_date <= judged.waiting_last_date
        and offences.is_in_england_and_wales
        and (offences.counts_as_reoffence or (judged.breaches_count and offences.offence_group = 'breach'))
    group by judged.case_id, judged.record_id, judged.measure
),

final as (
    select
        case_keys.case_key,
        judged.measure,
        any_value(judged.followup_months) as followup_months,
        any_value(judged.waiting_months) as waiting_months,
        bool_and(judged.is_covered) as is_covered,
        case when bool_and(judged.is_covered) then max(coalesce(counted.reoffences, 0)) end::integer as reoffences
    from judged
    inner join case_keys on judged.case_id = case_keys.case_id
    left join counted
        on judged.case_id = counted.case_id
        and judged.record_id = counted.record_id
        and judged.measure = counted.measure
    group by case_keys.case_key, judged.measure
)

select * from final
