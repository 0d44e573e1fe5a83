with

cases as (
    select * from {{ ref('eligible_cases') }}
),

persons as (
    select * from {{ ref('persons_reached') }}
),

records as (
    select * from {{ ref('records_of_persons') }}
),

rules as (
    select
        rule_rank,
        rule,
        is_unique,
        tier
    from {{ ref('match_rules') }}
    where is_used
    union all
    select
        0,
        'override',
        false,
        'reviewed'
),

-- Two different identifiers are told by the first and the last of them in order.
by_person as (
    select
        source,
        case_id,
        person_key,
        count(*) filter (where is_in_window) as records_in_window,
        min(pnc_id) filter (where is_in_window) as first_pnc_id,
        max(pnc_id) filter (where is_in_window) as last_pnc_id,
        min(crn) filter (where is_in_window) as first_crn,
        max(crn) filter (where is_in_window) as last_crn,
        max(crn) as any_crn,
        list(distinct name_key) filter (where is_in_window) as name_keys,
        min(abs(date_difference_days)) filter (where not is_contradicted) as smallest_difference_days
    from records
    group by source, case_id, person_key
),

-- What each rule reaches, whether it is tried or not.
reached as (
    select
        persons.source,
        persons.case_id,
        persons.rule_rank,
        count(*) as persons_reached,
        count(*) filter (where by_person.records_in_window > 0) as persons_in_window,
        try_cast(sum(by_person.records_in_window) as bigint) as records_in_window,
        coalesce(min(by_person.first_pnc_id) <> max(by_person.last_pnc_id), false) as has_two_pnc_ids,
        coalesce(min(by_person.first_crn) <> max(by_person.last_crn), false) as has_two_crns,
        -- One is known by a PNC identifier and one by a CRN, and no record ties the two together.
        bool_or(by_person.records_in_window > 0 and by_person.last_pnc_id is not null and by_person.any_crn is null)
        and bool_or(by_person.records_in_window > 0 and by_person.last_pnc_id is null and by_person.last_crn is not null)
        as has_untied_numbers,
        -- Known by no number: persons by their names, each another, unless a numbered person's record has the same.
        list(by_person.person_key) filter (
            where by_person.records_in_window > 0 and by_person.last_pnc_id is null and by_person.last_crn is null
        ) as persons_without_number,
        flatten(list(by_person.name_keys) filter (
            where by_person.last_pnc_id is not null or by_person.last_crn is not null
        )) as names_of_numbered,
        min(by_person.smallest_difference_days) as smallest_difference_days
    from persons
    inner join by_person
        on persons.source = by_person.source
        and persons.case_id = by_person.case_id
        and persons.person_key = by_person.person_key
    group by persons.source, persons.case_id, persons.rule_rank
),

-- Rules are tried in rank order up to the first that reaches a person with a record inside the window.
last_tried as (
    select
        source,
        case_id,
        min(rule_rank) as rule_rank
    from reached
    where persons_in_window > 0
    group by source, case_id
),

final as (
    select
        cases.source,
        cases.case_id,
        row_number() over (partition by cases.source, cases.case_id order by rules.rule_rank) as step,
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
                    or len(reached.persons_without_number) > 1
                    or not list_has_all(reached.names_of_numbered, reached.persons_without_number)
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
