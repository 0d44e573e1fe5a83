-- No match lies outside the window, counted from the dates themselves.
select 'terminations' as source
from {{ ref('termination_matches') }} as matches
inner join {{ ref('staged_inspections') }} as inspections on matches.case_id = inspections.case_id
inner join {{ ref('staged_terminations') }} as records on matches.record_id = records.record_id
where
    abs({{ days_between('inspections.start_date', 'records.sentence_date') }}) > {{ var('match_window_days') }}
    or {{ days_between('inspections.start_date', 'records.sentence_date') }} <> matches.date_difference_days
union all
select 'reoffending'
from {{ ref('reoffending_matches') }} as matches
inner join {{ ref('staged_inspections') }} as inspections on matches.case_id = inspections.case_id
inner join {{ ref('staged_reoffending') }} as records on matches.record_id = records.record_id
where
    abs({{ days_between('inspections.start_date', 'records.index_date') }}) > {{ var('match_window_days') }}
    or {{ days_between('inspections.start_date', 'records.index_date') }} <> matches.date_difference_days
