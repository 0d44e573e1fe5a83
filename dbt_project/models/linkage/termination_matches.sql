with

closest as (
    select * from {{ ref('decided_records') }}
    where source = 'terminations' and record_order = 1
),

terminations as (
    select * from {{ source('raw', 'parsed_terminations') }}
),

contested as (
    select * from {{ ref('contested_records') }}
    where source = 'terminations'
),

final as (
    select
        closest.case_id,
        closest.record_id,
        closest.rule,
        closest.rule_rank,
        closest.tier,
        closest.date_difference_days,
        closest.rules_satisfied,
        closest.n_records_in_window,
        closest.is_tied,
        count(*) over (partition by closest.record_id) as n_cases_of_record,
        contested.case_id is not null as is_contested,
        terminations.termination_reason
    from closest
    inner join terminations on closest.record_id = terminations.record_id
    left join contested on closest.case_id = contested.case_id
)

select * from final
