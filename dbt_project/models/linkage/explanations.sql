{{ config(materialized='view') }}

with

cases as (
    select * from {{ ref('eligible_cases') }}
),

decisions as (
    select * from {{ ref('decisions') }}
),

decided as (
    select * from {{ ref('decided_records') }}
),

overrides as (
    select * from {{ ref('overrides_outcomes') }}
),

contested as (
    select * from {{ ref('contested_records') }}
),

case_states as (
    select
        case_id,
        {{ identifier_states('case') }}
    from {{ ref('staged_inspections') }}
),

record_states as (
    select
        'terminations' as source,
        record_id,
        sentence_date as record_date,
        {{ identifier_states('record') }}
    from {{ ref('staged_terminations') }}
    union all
    select
        'reoffending',
        record_id,
        index_date,
        {{ identifier_states('record') }}
    from {{ ref('staged_reoffending') }}
),

rules as (
    select
        rule_rank,
        rule
    from {{ ref('match_rules') }}
    union all
    select
        0,
        'override'
),

reached as (
    select
        persons.source,
        persons.case_id,
        persons.person_key,
        persons.rule_ranks,
        {{ in_order('rules.rule', ' ', 'rules.rule_rank') }} as reached_by
    from {{ ref('persons_reached') }} as persons
    inner join rules on {{ holds('persons.rule_ranks', 'rules.rule_rank') }}
    group by persons.source, persons.case_id, persons.person_key, persons.rule_ranks
),

-- Looked at: compared because they met, or come with a person that a rule reached.
pairs as (
    select
        pairs.*,
        reached.reached_by as person_reached_by,
        reached.rule_ranks as ranks_of_person,
        case
            when blocks.block is not null then blocks.block
            when pairs.block_rank = 0 then 'override'
            else 'person'
        end as brought_by
    from {{ ref('pair_agreements') }} as pairs
    left join reached
        on pairs.source = reached.source and pairs.case_id = reached.case_id and pairs.person_key = reached.person_key
    left join {{ ref('match_blocks') }} as blocks on pairs.block_rank = blocks.block_rank
    where pairs.block_rank is not null or reached.person_key is not null
),

final as (
    select
        cases.source,
        cases.case_id,
        decisions.status,
        decisions.rule,
        decisions.rule_rank,
        decisions.tier,
        cases.start_date,
        case_states.case_pnc_state,
        case_states.case_crn_state,
        case_states.case_dob_state,
        case_states.case_surname_state,
        case_states.case_forenames_state,
        pairs.record_id,
        record_states.record_date,
        record_states.record_pnc_state,
        record_states.record_crn_state,
        record_states.record_dob_state,
        record_states.record_surname_state,
        record_states.record_forenames_state,
        pairs.brought_by,
        pairs.fields_agreeing,
        pairs.fields_disagreeing,
        pairs.fields_missing,
        pairs.has_conflicting_pnc,
        pairs.is_contradicted,
        pairs.rules_satisfied,
        pairs.rules_refused,
        pairs.date_difference_days,
        abs(pairs.date_difference_days) <= {{ var('match_window_days') }} as is_in_window,
        pairs.person_key,
        pairs.person_reached_by,
        case
            when pairs.record_id is not null
                then coalesce({{ holds('pairs.ranks_of_person', 'decisions.rule_rank') }}, false)
        end as is_person_decided,
        decided.record_order,
        coalesce(decided.record_order = 1, false) as is_chosen,
        contested.other_case_ids as contested_by,
        coalesce(decided.record_order = 2, false) as is_runner_up,
        coalesce(decided.is_tied, false) as is_tied,
        coalesce(pairs.source = 'reoffending' and decided.record_order is not null, false) as is_combined,
        overrides.decision as override_decision,
        overrides.outcome as override_outcome,
        -- What became of the record, and why it is not the one chosen.
        case
            when pairs.record_id is null then null
            when decided.record_order = 1 then 'chosen'
            when overrides.decision = 'must_not_link' and overrides.outcome = 'applied' then 'must_not_link'
            when decided.record_order is not null and pairs.source = 'reoffending' then 'combined'
            when decided.record_order is not null and decisions.rule_rank = 0 then 'override_prefers_another'
            when abs(pairs.date_difference_days) > abs(chosen.date_difference_days) and decided.record_order > 1
                then 'farther'
            when pairs.date_difference_days < chosen.date_difference_days and decided.record_order > 1
                then 'tie_lost_to_later_date'
            when decided.record_order is not null then 'tie_lost_to_smaller_id'
            when pairs.is_contradicted then 'contradicted'
            when pairs.person_reached_by is null and pairs.rules_refused like '%: vetoed%' then 'vetoed'
            when pairs.person_reached_by is null then 'no_rule_satisfied'
            when abs(pairs.date_difference_days) > {{ var('match_window_days') }} then 'outside_window'
            when decisions.status = 'ambiguous' and {{ holds('pairs.ranks_of_person', 'decisions.rule_rank') }} then 'ambiguous'
            else 'other_person'
        end as record_outcome
    from cases
    inner join decisions on cases.source = decisions.source and cases.case_id = decisions.case_id
    inner join case_states on cases.case_id = case_states.case_id
    left join pairs on cases.source = pairs.source and cases.case_id = pairs.case_id
    left join record_states on pairs.source = record_states.source and pairs.record_id = record_states.record_id
    left join decided
        on pairs.source = decided.source and pairs.case_id = decided.case_id and pairs.record_id = decided.record_id
    left join decided as chosen
        on pairs.source = chosen.source and pairs.case_id = chosen.case_id and chosen.record_order = 1
    left join contested
        on pairs.source = contested.source
        and pairs.case_id = contested.case_id
        and pairs.record_id = contested.record_id
    left join overrides
        on pairs.source = overrides.source
        and pairs.case_id = overrides.case_id
        and pairs.record_id = overrides.record_id
)

select * from final
