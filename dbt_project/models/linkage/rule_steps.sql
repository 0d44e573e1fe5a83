{{ linked_case_by_case() }}

with

reached as (
    {{ linked_now(ref('persons_reached')) }}
),

in_window as (
    {{ linked_now(ref('records_in_window')) }}
),

records_of_persons as (
    {{ linked_now(ref('records_of_persons')) }}
),

cases as (
    {{ linked_now(ref('eligible_cases')) }}
),

rules as (
    select * from {{ ref('match_rule_masks') }}
),

persons as (
    select
        source,
        case_id,
        rule_rank,
        count(*) as persons_reached
    from reached
    group by source, case_id, rule_rank
),

nearest as (
    select
        reached.source,
        reached.case_id,
        reached.rule_rank,
        min(abs(records_of_persons.date_difference_days)) as smallest_difference_days
    from reached
    inner join records_of_persons
        on reached.source = records_of_persons.source
        and reached.case_id = records_of_persons.case_id
        and reached.person_key = records_of_persons.person_key
    where not records_of_persons.is_contradicted
    group by reached.source, reached.case_id, reached.rule_rank
),

-- Persons without any record inside the window drop out here.
persons_left as (
    select
        reached.source,
        reached.case_id,
        reached.rule_rank,
        count(distinct in_window.person_key) as persons_in_window,
        count(*) as records_in_window,
        count(distinct in_window.pnc_id) as n_pnc_ids,
        count(distinct in_window.crn) as n_crns
    from reached
    inner join in_window
        on reached.source = in_window.source
        and reached.case_id = in_window.case_id
        and reached.person_key = in_window.person_key
    group by reached.source, reached.case_id, reached.rule_rank
),

tried as (
    select
        cases.source,
        cases.case_id,
        rules.rule_rank,
        rules.rule,
        rules.is_unique
    from cases
    cross join rules
    union all
    select
        source,
        case_id,
        rule_rank,
        'override',
        false
    from reached
    where rule_rank = 0
),

seen as (
    select
        tried.source,
        tried.case_id,
        tried.rule_rank,
        tried.rule,
        tried.is_unique,
        coalesce(persons.persons_reached, 0) as persons_reached,
        coalesce(persons_left.persons_in_window, 0) as persons_in_window,
        coalesce(persons_left.records_in_window, 0) as records_in_window,
        nearest.smallest_difference_days,
        coalesce(
            tried.is_unique
            and (persons_left.n_pnc_ids > 1 or (persons_left.n_pnc_ids = 0 and persons_left.n_crns > 1)),
            false
        ) as is_ambiguous
    from tried
    left join persons
        on tried.source = persons.source
        and tried.case_id = persons.case_id
        and tried.rule_rank = persons.rule_rank
    left join persons_left
        on tried.source = persons_left.source
        and tried.case_id = persons_left.case_id
        and tried.rule_rank = persons_left.rule_rank
    left join nearest
        on tried.source = nearest.source
        and tried.case_id = nearest.case_id
        and tried.rule_rank = nearest.rule_rank
),

judged as (
    select
        *,
        case
            when persons_reached = 0 then 'no_person'
            when persons_in_window = 0 then 'no_record_in_window'
            when is_ambiguous then 'ambiguous'
            else 'decides'
        end as step_outcome,
        min(rule_rank) filter (where persons_in_window > 0) over (partition by source, case_id) as last_rule_rank
    from seen
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
        records_in_window,
        smallest_difference_days,
        step_outcome
    from judged
    where rule_rank <= coalesce(last_rule_rank, rule_rank)
)

select * from final
