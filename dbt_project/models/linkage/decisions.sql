{{ linked_case_by_case() }}

with

cases as (
    {{ linked_now(ref('eligible_cases')) }}
),

reached as (
    {{ linked_now(ref('case_persons')) }}
),

seen as (
    {{ linked_now(ref('records_by_person')) }}
),

rules as (
    {{ rules_and_override() }}
),

persons as (
    select
        reached.source,
        reached.case_id,
        reached.rules_reaching,
        seen.records_in_window > 0 as is_in_window,
        seen.first_pnc_id,
        seen.last_pnc_id,
        seen.first_crn,
        seen.last_crn,
        seen.smallest_difference_days
    from reached
    inner join seen
        on reached.source = seen.source
        and reached.case_id = seen.case_id
        and reached.person_key = seen.person_key
),

-- No rule is tried after the first that reaches somebody with a record in the window: the lowest bit of all theirs.
first_in_window as (
    select
        source,
        case_id,
        bit_or(rules_reaching) as rules_reaching,
        bit_or(rules_reaching) filter (where is_in_window) as rules_in_window,
        rules_in_window & -rules_in_window as last_rule_bit
    from persons
    group by source, case_id
),

-- Persons without any record inside the window drop out; those that the last rule reaches are left.
left_at_last as (
    select
        persons.source,
        persons.case_id,
        any_value(searched.last_rule_bit) as last_rule_bit,
        any_value(searched.rules_reaching) as rules_reaching,
        min(persons.first_pnc_id) filter (where (persons.rules_reaching & searched.last_rule_bit) <> 0) as first_pnc_id,
        max(persons.last_pnc_id) filter (where (persons.rules_reaching & searched.last_rule_bit) <> 0) as last_pnc_id,
        min(persons.first_crn) filter (where (persons.rules_reaching & searched.last_rule_bit) <> 0) as first_crn,
        max(persons.last_crn) filter (where (persons.rules_reaching & searched.last_rule_bit) <> 0) as last_crn,
        min(persons.smallest_difference_days) filter (
            where searched.last_rule_bit is null
            or (persons.rules_reaching & (2 * searched.last_rule_bit - 1)) <> 0
        ) as smallest_difference_days
    from persons
    inner join first_in_window as searched
        on persons.source = searched.source and persons.case_id = searched.case_id
    group by persons.source, persons.case_id
),

final as (
    select
        cases.source,
        cases.case_id,
        case
            when left_at_last.case_id is null then 'no_person'
            when left_at_last.last_rule_bit is null then 'no_record_in_window'
            when rules.is_unique
                and (
                    left_at_last.first_pnc_id <> left_at_last.last_pnc_id
                    or (left_at_last.last_pnc_id is null and left_at_last.first_crn <> left_at_last.last_crn)
                ) then 'ambiguous'
            else 'matched'
        end as status,
        rules.rule_rank,
        rules.rule,
        -- The rules up to the last one, and the reviewer's link where there is one.
        case
            when left_at_last.last_rule_bit is not null then bit_count(left_at_last.last_rule_bit - 1)
            else (select count(*) from {{ ref('match_rule_masks') }})
        end + coalesce(left_at_last.rules_reaching & {{ override_bit() }}, 0) as steps_tried,
        left_at_last.smallest_difference_days
    from cases
    left join left_at_last on cases.source = left_at_last.source and cases.case_id = left_at_last.case_id
    left join rules on left_at_last.last_rule_bit = rules.rule_bit
)

select * from final
