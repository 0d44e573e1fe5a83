{{ linked_case_by_case() }}

with

decisions as (
    select *
    from ({{ linked_now(ref('decisions')) }})
    where status = 'matched'
),

reached as (
    {{ linked_now(ref('case_persons')) }}
),

in_window as (
    {{ linked_now(ref('records_in_window')) }}
),

rules as (
    {{ rules_and_override() }}
),

-- The rules of the records in the window only: of all that was satisfied, a small part.
pairs as (
    select agreements.*
    from ({{ linked_now(ref('pair_agreements')) }}) as agreements
    semi join in_window
        on agreements.source = in_window.source
        and agreements.case_id = in_window.case_id
        and agreements.record_id = in_window.record_id
),

verdicts as (
    {{ pairs_with_rules('pairs') }}
),

-- The names of the rules once for all pairs that satisfy the same ones.
named as (
    select
        verdicts.rules_satisfied,
        string_agg(rules.rule, ' ' order by rules.rule_rank) filter (where rules.rule_rank > 0) as rule_names
    from (select distinct rules_satisfied from verdicts) as verdicts
    inner join rules on (verdicts.rules_satisfied & rules.rule_bit) <> 0
    group by verdicts.rules_satisfied
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
        named.rule_names as rules_satisfied,
        row_number() over (
            partition by decisions.source, decisions.case_id
            order by
                coalesce(verdicts.rules_satisfied & {{ override_bit() }}, 0) desc,
                abs(in_window.date_difference_days) asc,
                in_window.date_difference_days desc,
                in_window.record_id asc
        ) as record_order,
        count(*) over (partition by decisions.source, decisions.case_id) as n_records_in_window,
        count(*) over (
            partition by decisions.source, decisions.case_id, abs(in_window.date_difference_days)
        ) > 1 as is_tied
    from decisions
    inner join rules on decisions.rule_rank = rules.rule_rank
    inner join reached
        on decisions.source = reached.source
        and decisions.case_id = reached.case_id
        and (reached.rules_reaching & rules.rule_bit) <> 0
    inner join in_window
        on reached.source = in_window.source
        and reached.case_id = in_window.case_id
        and reached.person_key = in_window.person_key
    left join verdicts
        on in_window.source = verdicts.source
        and in_window.case_id = verdicts.case_id
        and in_window.record_id = verdicts.record_id
    left join named on verdicts.rules_satisfied = named.rules_satisfied
)

select * from final
