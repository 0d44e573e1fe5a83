with

decisions as (
    select * from {{ ref('decisions') }}
    where status = 'matched'
),

persons as (
    select * from {{ ref('persons_reached') }}
),

records as (
    select * from {{ ref('records_of_persons') }}
    where is_in_window
),

-- Every rule that a record satisfied by itself: none, where it came with its person.
rules_of_records as (
    select
        verdicts.source,
        verdicts.case_id,
        verdicts.record_id,
        string_agg(verdicts.rule, ' ' order by verdicts.rule_rank) filter (where verdicts.rule_rank > 0) as rules_satisfied,
        bool_or(verdicts.rule_rank = 0) as is_reviewers_link
    from {{ ref('rule_verdicts') }} as verdicts
    semi join records
        on verdicts.source = records.source
        and verdicts.case_id = records.case_id
        and verdicts.record_id = records.record_id
    group by verdicts.source, verdicts.case_id, verdicts.record_id
),

-- A reviewer's link comes first. Of equal differences the record on or after the start date, then the smaller record_id.
final as (
    select
        decisions.source,
        decisions.case_id,
        records.record_id,
        decisions.rule,
        decisions.rule_rank,
        decisions.tier,
        records.date_difference_days,
        rules_of_records.rules_satisfied,
        row_number() over (
            partition by decisions.source, decisions.case_id
            order by
                coalesce(rules_of_records.is_reviewers_link, false) desc,
                abs(records.date_difference_days) asc,
                records.date_difference_days desc,
                records.record_id asc
        ) as record_order,
        count(*) over (partition by decisions.source, decisions.case_id) as n_records_in_window,
        count(*) over (
            partition by decisions.source, decisions.case_id, abs(records.date_difference_days)
        ) > 1 as is_tied
    from decisions
    inner join persons
        on decisions.source = persons.source
        and decisions.case_id = persons.case_id
        and decisions.rule_rank = persons.rule_rank
    inner join records
        on persons.source = records.source
        and persons.case_id = records.case_id
        and persons.person_key = records.person_key
    left join rules_of_records
        on records.source = rules_of_records.source
        and records.case_id = rules_of_records.case_id
        and records.record_id = rules_of_records.record_id
)

select * from final
