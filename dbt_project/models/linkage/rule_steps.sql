{{ config(materialized='view') }}

with

decisions as (
    select * from {{ ref('decisions') }}
),

rules as (
    {{ rules_and_override() }}
),

persons as (
    select
        reached.*,
        seen.records_in_window,
        seen.smallest_difference_days
    from {{ ref('case_persons') }} as reached
    inner join {{ ref('records_by_person') }} as seen
        on reached.source = seen.source
        and reached.case_id = seen.case_id
        and reached.person_key = seen.person_key
),

reached as (
    select
        persons.source,
        persons.case_id,
        rules.rule_rank,
        count(*) as persons_reached,
        count(*) filter (where persons.records_in_window > 0) as persons_in_window,
        sum(persons.records_in_window) as records_in_window,
        min(persons.smallest_difference_days) as smallest_difference_days
    from persons
    inner join rules on (persons.rules_reaching & rules.rule_bit) <> 0
    group by persons.source, persons.case_id, rules.rule_rank
),

-- Rules are tried up to the one that decided; a reviewer's link only where there is one.
seen as (
    select
        decisions.source,
        decisions.case_id,
        decisions.status,
        rules.rule_rank = decisions.rule_rank as is_last,
        rules.rule_rank,
        rules.rule,
        coalesce(reached.persons_reached, 0) as persons_reached,
        coalesce(reached.persons_in_window, 0) as persons_in_window,
        coalesce(reached.records_in_window, 0) as records_in_window,
        reached.smallest_difference_days
    from decisions
    inner join rules on rules.rule_rank <= coalesce(decisions.rule_rank, rules.rule_rank)
    left join reached
        on decisions.source = reached.source
        and decisions.case_id = reached.case_id
        and rules.rule_rank = reached.rule_rank
    where rules.rule_rank > 0 or reached.persons_reached > 0
),

final as (
    select
        source,
        case_id,
        row_number() over (partition by source, case_id order by rule_rank) as step,
        rule_rank,
        rule,
        persons_reached,
        persons_in_window,
        try_cast(records_in_window as bigint) as records_in_window,
        smallest_difference_days,
        case
            when is_last and status = 'matched' then 'decides'
            when is_last then status
            when persons_reached = 0 then 'no_person'
            else 'no_record_in_window'
        end as step_outcome
    from seen
)

select * from final
