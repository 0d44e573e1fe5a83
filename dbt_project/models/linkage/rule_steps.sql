with

cases as (
    select * from {{ ref('eligible_cases') }}
),

persons as (
    select * from {{ ref('persons_reached') }}
),

-- A reviewer's link is a step of its own, and the only one: it always lies in the window.
rules as (
    select
        rule_rank,
        rule,
        is_unique,
        tier,
        cast(row_number() over (order by rule_rank) as bigint) as step
    from {{ ref('match_rules') }}
    where is_used
    union all
    select
        0,
        'override',
        false,
        'reviewed',
        1
),

-- Rules are tried in rank order up to the first that reaches a person with a record inside the window.
last_tried as (
    select
        source,
        case_id,
        min({{ smallest_of('rule_ranks') }}) as rule_rank
    from persons
    where records_in_window > 0
    group by source, case_id
),

tried as (
    select
        persons.*,
        ranks.rule_rank,
        last_tried.rule_rank as last_rank
    from persons
    {{ cross_join_each('persons.rule_ranks', 'ranks', 'rule_rank') }}
    left join last_tried on persons.source = last_tried.source and persons.case_id = last_tried.case_id
),

reached as (
    select
        source,
        case_id,
        rule_rank,
        count(*) as persons_reached,
        count(*) filter (where records_in_window > 0) as persons_in_window,
        try_cast(sum(records_in_window) as bigint) as records_in_window,
        coalesce(min(first_pnc_id) <> max(last_pnc_id), false) as has_two_pnc_ids,
        coalesce(min(first_crn) <> max(last_crn), false) as has_two_crns,
        -- One is known by a PNC identifier and one by a CRN, and no record ties the two together.
        bool_or(records_in_window > 0 and last_pnc_id is not null and any_crn is null)
        and bool_or(records_in_window > 0 and last_pnc_id is null and last_crn is not null) as has_untied_numbers,
        -- Known by no number: persons by their names, each another, unless a numbered person's record has the same.
        array_agg(person_key) filter (
            where records_in_window > 0 and last_pnc_id is null and last_crn is null
        ) as persons_without_number,
        count(*) filter (where last_pnc_id is not null or last_crn is not null) as n_numbered,
        flatten(
            array_agg(name_keys) filter (where last_pnc_id is not null or last_crn is not null)
        ) as names_of_numbered,
        min(smallest_difference_days) as smallest_difference_days
    from tried
    where rule_rank <= coalesce(last_rank, rule_rank)
    group by source, case_id, rule_rank
),

final as (
    select
        cases.source,
        cases.case_id,
        rules.step,
        rules.rule_rank,
        rules.rule,
        rules.tier,
        coalesce(reached.persons_reached, 0) as persons_reached,
        coalesce(reached.persons_in_window, 0) as persons_in_window,
        coalesce(reached.records_in_window, 0) as records_in_window,
        reached.smallest_difference_days,
        case
            when reached.persons_reached is null then 'no_person'
            when reached.persons_in_window = 0 then 'no_record_in_window'
            -- Two people are left where two PNC identifiers are, or two CRNs, or one of each that nothing ties together,
            -- or somebody without a number, whose names are not those of the others.
            when rules.is_unique
                and (
                    reached.has_two_pnc_ids or reached.has_two_crns or reached.has_untied_numbers
                    or cardinality(reached.persons_without_number) > 1
                    or (
                        reached.n_numbered > 0
                        and not {{ holds_all('reached.names_of_numbered', 'reached.persons_without_number') }}
                    )
                ) then 'ambiguous'
            else 'decides'
        end as step_outcome
    from cases
    left join last_tried on cases.source = last_tried.source and cases.case_id = last_tried.case_id
    inner join rules on rules.rule_rank <= coalesce(last_tried.rule_rank, rules.rule_rank)
    left join reached
        on cases.source = reached.source and cases.case_id = reached.case_id and rules.rule_rank = reached.rule_rank
    where rules.rule_rank > 0 or reached.persons_reached > 0
)

select * from final
