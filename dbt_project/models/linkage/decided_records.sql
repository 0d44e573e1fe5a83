with

decisions as (
    select * from {{ ref('decisions') }}
    where status = 'matched'
),

persons as (
    select * from {{ ref('persons_reached') }}
),

records as (
    select * from {{ ref('pair_agreements') }}
    where is_in_window
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
        nullif(records.rules_satisfied, '') as rules_satisfied,
        cast(row_number() over (
            partition by decisions.source, decisions.case_id
            order by
                coalesce(records.override_decision = 'must_link', false) desc,
                abs(records.date_difference_days) asc,
                records.date_difference_days desc,
                records.record_id asc
        ) as bigint) as record_order,
        count(*) over (partition by decisions.source, decisions.case_id) as n_records_in_window,
        count(*) over (
            partition by decisions.source, decisions.case_id, abs(records.date_difference_days)
        ) > 1 as is_tied
    from decisions
    inner join persons
        on decisions.source = persons.source
        and decisions.case_id = persons.case_id
        and {{ holds('persons.rule_ranks', 'decisions.rule_rank') }}
    inner join records
        on persons.source = records.source
        and persons.case_id = records.case_id
        and persons.person_key = records.person_key
)

select * from final
