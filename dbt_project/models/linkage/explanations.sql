{{ config(materialized='view') }}

with

cases as (
    select * from {{ ref('eligible_cases') }}
),

records as (
    select * from {{ ref('match_records') }}
),

decisions as (
    select * from {{ ref('decisions') }}
),

decided as (
    select * from {{ ref('decided_records') }}
),

chosen as (
    select
        'terminations' as source,
        case_id,
        record_id,
        date_difference_days
    from {{ ref('termination_matches') }}
    union all
    select
        'reoffending',
        case_id,
        record_id,
        date_difference_days
    from {{ ref('reoffending_matches') }}
),

overrides as (
    select * from {{ ref('overrides_outcomes') }}
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
        {{ identifier_states('record') }}
    from {{ ref('staged_terminations') }}
    union all
    select
        'reoffending',
        record_id,
        {{ identifier_states('record') }}
    from {{ ref('staged_reoffending') }}
),

-- Looked at because a block or a reviewer's override (block_rank 0) brought them together, or with a person reached.
brought as (
    select
        source,
        case_id,
        record_id,
        block_rank
    from {{ ref('candidate_pairs') }}
    union all
    select
        source,
        case_id,
        record_id,
        null
    from {{ ref('records_of_persons') }}
),

pairs as (
    select
        source,
        case_id,
        record_id,
        min(block_rank) as block_rank
    from brought
    group by source, case_id, record_id
),

-- The reference tables as one row of lists, so that each pair is judged where it stands.
tables as (
    select
        guards.*,
        {{ field_bits() }} as bits,
        (
            select list({ 'field': field, 'bit': bit } order by bit) from {{ ref('match_fields') }}
        ) as fields,
        (
            select
                list(
                    {
                        'rule': rule,
                        'required_fields': required_fields,
                        'is_accepting_conflict': is_accepting_conflict
                    } order by rule_rank
                )
            from {{ ref('match_rule_masks') }}
        ) as rules
    from {{ ref('match_guard_masks') }} as guards
),

masks as (
    select
        pairs.*,
        records.person_key,
        records.record_date,
        try_cast(records.record_date - cases.start_date as integer) as date_difference_days,
        {{ agreement_mask('cases', 'records', 'tables.bits') }} as agreements,
        {{ comparable_mask('cases', 'records', 'tables.bits') }} as comparable,
        coalesce(cases.pnc_id <> records.pnc_id, false) as has_conflicting_pnc
    from pairs
    inner join cases on pairs.source = cases.source and pairs.case_id = cases.case_id
    inner join records on pairs.source = records.source and pairs.record_id = records.record_id
    cross join tables
),

-- Crossed and swapped names can be compared where both names are present on both sides.
compared as (
    select
        masks.* exclude (comparable),
        comparable + case
            when (comparable & (tables.bits['surname'] + tables.bits['first_forename']))
                = tables.bits['surname'] + tables.bits['first_forename']
                then tables.bits['swapped_names'] + tables.bits['crossed_name']
            else 0
        end as comparable,
        {{ is_contradicted('agreements', 'comparable', 'tables') }} as is_contradicted
    from masks
    cross join tables
),

judged as (
    select
        compared.*,
        {{ fields_in('compared.agreements', 'tables.fields') }} as fields_agreeing,
        -- Only a field that can be told apart by itself disagrees: names that are not swapped are no disagreement.
        {{ fields_in(
            '(compared.comparable & ~(compared.agreements | ' ~ derived_field_bits('tables.bits') ~ '))',
            'tables.fields'
        ) }} as fields_disagreeing,
        {{ fields_in(
            '(~compared.comparable & ~' ~ derived_field_bits('tables.bits') ~ ')',
            'tables.fields'
        ) }} as fields_missing,
        array_to_string(
            list_transform(
                list_filter(tables.rules, lambda entry: {{ is_satisfied('compared', 'entry') }}),
                lambda entry: entry['rule']
            ), ' '
        ) as rules_satisfied,
        array_to_string(
            list_transform(
                list_filter(tables.rules, lambda entry: not ({{ is_satisfied('compared', 'entry') }})),
                lambda entry: entry['rule'] || ': ' || case
                    when (compared.agreements & entry['required_fields']) <> entry['required_fields']
                        then array_to_string(
                            list_transform(
                                list_filter(
                                    tables.fields,
                                    lambda part: (entry['required_fields'] & ~compared.agreements & (1 << part['bit'])) <> 0
                                ),
                                lambda part: part['field'] || case
                                    when (compared.comparable & (1 << part['bit'])) <> 0 then ' differs'
                                    else ' missing'
                                end
                            ), ', '
                        )
                    when compared.is_contradicted then 'contradicted'
                    else 'vetoed'
                end
            ), '; '
        ) as rules_refused
    from compared
    cross join tables
),

reached as (
    select
        persons.source,
        persons.case_id,
        persons.person_key,
        string_agg(coalesce(rules.rule, 'override'), ' ' order by persons.rule_rank) as person_reached_by,
        bool_or(coalesce(persons.rule_rank = decisions.rule_rank, false)) as is_person_decided
    from {{ ref('persons_reached') }} as persons
    left join {{ ref('match_rule_masks') }} as rules on persons.rule_rank = rules.rule_rank
    inner join decisions on persons.source = decisions.source and persons.case_id = decisions.case_id
    group by persons.source, persons.case_id, persons.person_key
),

placed as (
    select
        judged.*,
        case
            when blocks.block is not null then blocks.block
            when judged.block_rank = 0 then 'override'
            else 'person'
        end as brought_by,
        reached.person_reached_by,
        coalesce(reached.is_person_decided, false) as is_person_decided,
        abs(judged.date_difference_days) <= {{ var('match_window_days') }} as is_in_window,
        decided.record_order,
        coalesce(decided.is_tied, false) as is_tied,
        overrides.decision as override_decision,
        overrides.outcome as override_outcome,
        chosen.date_difference_days as chosen_difference_days,
        coalesce(judged.record_id = chosen.record_id, false) as is_chosen
    from judged
    left join {{ ref('match_blocks') }} as blocks on judged.block_rank = blocks.block_rank
    left join reached
        on judged.source = reached.source
        and judged.case_id = reached.case_id
        and judged.person_key = reached.person_key
    left join decided
        on judged.source = decided.source
        and judged.case_id = decided.case_id
        and judged.record_id = decided.record_id
    left join overrides
        on judged.source = overrides.source
        and judged.case_id = overrides.case_id
        and judged.record_id = overrides.record_id
    left join chosen on judged.source = chosen.source and judged.case_id = chosen.case_id
),

final as (
    select
        cases.source,
        cases.case_id,
        decisions.status,
        decisions.rule,
        decisions.rule_rank,
        cases.start_date,
        case_states.* exclude (case_id),
        placed.record_id,
        placed.record_date,
        record_states.* exclude (source, record_id),
        placed.brought_by,
        placed.fields_agreeing,
        placed.fields_disagreeing,
        placed.fields_missing,
        placed.has_conflicting_pnc,
        placed.is_contradicted,
        placed.rules_satisfied,
        placed.rules_refused,
        placed.date_difference_days,
        placed.is_in_window,
        placed.person_key,
        placed.person_reached_by,
        placed.is_person_decided,
        placed.record_order,
        placed.is_chosen,
        coalesce(placed.record_order = 2, false) as is_runner_up,
        placed.is_tied,
        coalesce(placed.source = 'reoffending' and placed.record_order is not null, false) as is_combined,
        placed.override_decision,
        placed.override_outcome,
        {{ record_outcome('placed', 'decisions') }} as record_outcome
    from cases
    inner join decisions on cases.source = decisions.source and cases.case_id = decisions.case_id
    inner join case_states on cases.case_id = case_states.case_id
    left join placed on cases.source = placed.source and cases.case_id = placed.case_id
    left join record_states on placed.source = record_states.source and placed.record_id = record_states.record_id
)

select * from final
