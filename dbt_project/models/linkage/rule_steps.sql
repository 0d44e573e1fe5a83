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

-- A person's records in the window, and the nearest anywhere, once for all the rules that reach the person.
nearest_of_person as (
    select
        source,
        case_id,
        person_key,
        min(abs(date_difference_days)) as smallest_difference_days
    from records_of_persons
    where not is_contradicted
    group by source, case_id, person_key
),

in_window_of_person as (
    select
        source,
        case_id,
        person_key,
        count(*) as records_in_window,
        list(distinct pnc_id) as pnc_ids,
        list(distinct crn) as crns
    from in_window
    group by source, case_id, person_key
),

-- No rule is tried after the first that reaches somebody with a record in the window.
last_rules as (
    select
        reached.source,
        reached.case_id,
        min(reached.rule_rank) as last_rule_rank
    from reached
    semi join in_window_of_person
        on reached.source = in_window_of_person.source
        and reached.case_id = in_window_of_person.case_id
        and reached.person_key = in_window_of_person.person_key
    group by reached.source, reached.case_id
),

reached_in_time as (
    select reached.*
    from reached
    left join last_rules on reached.source = last_rules.source and reached.case_id = last_rules.case_id
    where reached.rule_rank <= coalesce(last_rules.last_rule_rank, reached.rule_rank)
),

-- Persons without any record inside the window drop out here: they have no row to join.
persons_left as (
    select
        reached_in_time.source,
        reached_in_time.case_id,
        reached_in_time.rule_rank,
        count(*) as persons_reached,
        count(in_window_of_person.person_key) as persons_in_window,
        coalesce(sum(in_window_of_person.records_in_window), 0) as records_in_window,
        len(list_distinct(flatten(list(in_window_of_person.pnc_ids)))) as n_pnc_ids,
        len(list_distinct(flatten(list(in_window_of_person.crns)))) as n_crns,
        min(nearest_of_person.smallest_difference_days) as smallest_difference_days
    from reached_in_time
    left join in_window_of_person
        on reached_in_time.source = in_window_of_person.source
        and reached_in_time.case_id = in_window_of_person.case_id
        and reached_in_time.person_key = in_window_of_person.person_key
    left join nearest_of_person
        on reached_in_time.source = nearest_of_person.source
        and reached_in_time.case_id = nearest_of_person.case_id
        and reached_in_time.person_key = nearest_of_person.person_key
    group by reached_in_time.source, reached_in_time.case_id, reached_in_time.rule_rank
),

tried as (
    select
        cases.source,
        cases.case_id,
        rules.rule_rank,
        rules.rule,
        rules.is_unique
    from cases
    left join last_rules on cases.source = last_rules.source and cases.case_id = last_rules.case_id
    inner join rules on rules.rule_rank <= coalesce(last_rules.last_rule_rank, rules.rule_rank)
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
        coalesce(persons_left.persons_reached, 0) as persons_reached,
        coalesce(persons_left.persons_in_window, 0) as persons_in_window,
        coalesce(persons_left.records_in_window, 0) as records_in_window,
        persons_left.smallest_difference_days,
        coalesce(
            tried.is_unique
            and (persons_left.n_pnc_ids > 1 or (persons_left.n_pnc_ids = 0 and persons_left.n_crns > 1)),
            false
        ) as is_ambiguous
    from tried
    left join persons_left
        on tried.source = persons_left.source
        and tried.case_id = persons_left.case_id
        and tried.rule_rank = persons_left.rule_rank
),

judged as (
    select
        *,
        case
            when persons_reached = 0 then 'no_person'
            when persons_in_window = 0 then 'no_record_in_window'
            when is_ambiguous then 'ambiguous'
            else 'decides'
        end as step_outcome
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
        try_cast(records_in_window as bigint) as records_in_window,
        smallest_difference_days,
        step_outcome
    from judged
)

select * from final
