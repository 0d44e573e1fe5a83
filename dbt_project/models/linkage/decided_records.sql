{{ linked_case_by_case() }}

with

decisions as (
    select *
    from ({{ linked_now(ref('decisions')) }})
    where status = 'matched'
),

reached as (
    {{ linked_now(ref('persons_reached')) }}
),

in_window as (
    {{ linked_now(ref('records_in_window')) }}
),

satisfied as (
    {{ linked_now(ref('rule_verdicts')) }}
),

-- The rules of the records in the window only: of all that was satisfied, a small part.
verdicts as (
    select
        source,
        case_id,
        record_id,
        string_agg(rule, ' ' order by rule_rank) filter (where rule_rank > 0) as rules_satisfied,
        bool_or(rule_rank = 0) as is_override
    from satisfied
    semi join in_window
        on satisfied.source = in_window.source
        and satisfied.case_id = in_window.case_id
        and satisfied.record_id = in_window.record_id
    group by source, case_id, record_id
),

-- The record of a reviewer's link comes first, however far inside the window.
-- Equal differences: the record on or after the start date, then the smaller record_id in binary order.
final as (
    select
        decisions.source,
        decisions.case_id,
        in_window.record_id,
        decisions.rule,
        decisions.rule_rank,
        in_window.date_difference_days,
        verdicts.rules_satisfied,
        row_number() over (
            partition by decisions.source, decisions.case_id
            order by
                coalesce(verdicts.is_override, false) desc,
                abs(in_window.date_difference_days) asc,
                in_window.date_difference_days desc,
                in_window.record_id asc
        ) as record_order,
        count(*) over (partition by decisions.source, decisions.case_id) as n_records_in_window,
        count(*) over (
            partition by decisions.source, decisions.case_id, abs(in_window.date_difference_days)
        ) > 1 as is_tied
    from decisions
    inner join reached
        on decisions.source = reached.source
        and decisions.case_id = reached.case_id
        and decisions.rule_rank = reached.rule_rank
    inner join in_window
        on reached.source = in_window.source
        and reached.case_id = in_window.case_id
        and reached.person_key = in_window.person_key
    left join verdicts
        on in_window.source = verdicts.source
        and in_window.case_id = verdicts.case_id
        and in_window.record_id = verdicts.record_id
)

select * from final
