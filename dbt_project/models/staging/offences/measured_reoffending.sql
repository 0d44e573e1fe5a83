with

counted as (
    select
        *,
        1 + (
            cast(offence_date > {{ months_after('index_date', 3) }} as integer)
            + cast(offence_date > {{ months_after('index_date', 6) }} as integer)
            + cast(offence_date > {{ months_after('index_date', 9) }} as integer)
            + cast(offence_date > {{ months_after('index_date', 12) }} as integer)
        ) as quarter
    from {{ ref('offence_verdicts') }}
    where verdict = 'counted'
),

added_up as (
    select
        record_id,
        count(*) as reoffences,
        min(days_after_index) as days_to_first_reoffence,
        {{ as_one_text('array_sort(array_agg(distinct offence_group))', ' ') }} as offence_groups,
        -- of equally severe ones the earliest, then the smaller key
        {{ of_the_smallest('offence_group', ['-severity_weight', 'days_after_index', 'offence_key']) }} as most_severe_group,
        max(severity_weight) as severity_highest,
        sum(severity_weight) as severity_total,
        bool_or(is_indictable_only) as has_indictable_only,
        count(*) filter (where quarter = 1) as reoffences_quarter_1,
        count(*) filter (where quarter = 2) as reoffences_quarter_2,
        count(*) filter (where quarter = 3) as reoffences_quarter_3,
        count(*) filter (where quarter = 4) as reoffences_quarter_4
    from counted
    group by record_id
),

final as (
    select
        index_events.record_id,
        cast(added_up.record_id is not null as integer) as reoffended,
        cast(coalesce(added_up.reoffences, 0) as integer) as reoffences,
        cast(added_up.days_to_first_reoffence as integer) as days_to_first_reoffence,
        added_up.offence_groups,
        added_up.most_severe_group,
        cast(coalesce(added_up.severity_highest, 0) as integer) as severity_highest,
        cast(coalesce(added_up.severity_total, 0) as integer) as severity_total,
        coalesce(added_up.has_indictable_only, false) as has_indictable_only,
        cast(coalesce(added_up.reoffences_quarter_1, 0) as integer) as reoffences_quarter_1,
        cast(coalesce(added_up.reoffences_quarter_2, 0) as integer) as reoffences_quarter_2,
        cast(coalesce(added_up.reoffences_quarter_3, 0) as integer) as reoffences_quarter_3,
        cast(coalesce(added_up.reoffences_quarter_4, 0) as integer) as reoffences_quarter_4
    from {{ ref('index_events') }} as index_events
    left join added_up on index_events.record_id = added_up.record_id
)

select * from final
