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

-- The end of the extract as the gate reads it (`follow_up_complete`): offences reach the follow-up, results the waiting
-- period, and the last event seen falls a little short of the true end.
ends as (
    select
        ways.*,
        {{ months_after('last_told.last_offence_date', 'ways.waiting_months') }} as last_offence_waited_for,
        last_told.last_disposal_date
    from ways
    cross join last_told
),

windows as (
    select
        decided.case_id,
        index_events.record_id,
        index_events.person_key,
        index_events.index_date,
        ends.measure,
        cast(ends.followup_months as integer) as followup_months,
        cast(ends.waiting_months as integer) as waiting_months,
        ends.breaches_count,
        {{ days_after('index_events.index_date', var('followup_first_day')) }} as followup_first_date,
        {{ months_after('index_events.index_date', 'ends.followup_months') }} as followup_last_date,
        {{ months_after('index_events.index_date', 'ends.followup_months + ends.waiting_months') }} as waiting_last_date,
        {{ months_after('least(ends.last_offence_waited_for, ends.last_disposal_date)', var('coverage_grace_months')) }}
            as extract_end_date
    from decided
    inner join index_events on decided.record_id = index_events.record_id
    cross join ends
),

-- The gate judged the published windows, of every start date; an index date may lie some days after it.
judged as (
    select
        *,
        waiting_last_date <= extract_end_date
        or (
            followup_months <= {{ var('followup_months') }}
            and followup_months + waiting_months <= {{ var('followup_months') }} + {{ var('waiting_months') }}
        ) as is_covered
    from windows
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
        not coalesce({{ holds('offences.index_dates', 'judged.index_date') }}, false)
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
        cast(case when bool_and(judged.is_covered) then max(coalesce(counted.reoffences, 0)) end as integer) as reoffences
    from judged
    inner join case_keys on judged.case_id = case_keys.case_id
    left join counted
        on judged.case_id = counted.case_id
        and judged.record_id = counted.record_id
        and judged.measure = counted.measure
    group by case_keys.case_key, judged.measure
)

select * from final
