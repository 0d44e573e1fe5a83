{{ config(materialized='view') }}

with

pairs as (
    select * from {{ ref('compared_pairs') }}
),

patterns as (
    select * from {{ ref('agreement_patterns') }}
),

overrides as (
    select * from {{ ref('overrides_outcomes') }}
    where outcome = 'applied'
),

-- A reviewer sets a record aside like a guard, or links it before every rule and whatever a guard says.
judged as (
    select
        pairs.*,
        patterns.fields_missing,
        patterns.has_conflicting_pnc,
        overrides.decision as override_decision,
        case overrides.decision
            when 'must_link' then false
            when 'must_not_link' then true
            else patterns.is_contradicted
        end as is_contradicted,
        case overrides.decision
            when 'must_link' then {{ preceded_by(0, 'patterns.rule_ranks') }}
            when 'must_not_link' then {{ no_numbers() }}
            else patterns.rule_ranks
        end as rule_ranks,
        case when overrides.decision = 'must_not_link' then '' else patterns.rules_satisfied end as rules_satisfied,
        case
            when overrides.decision = 'must_not_link' and patterns.rules_satisfied <> ''
                then concat_ws('; ', nullif(patterns.rules_refused, ''), replace(patterns.rules_satisfied, ' ', ': contradicted; ') || ': contradicted')
            else patterns.rules_refused
        end as rules_refused
    from pairs
    inner join patterns
        on pairs.fields_agreeing = patterns.fields_agreeing
        and pairs.fields_disagreeing = patterns.fields_disagreeing
    left join overrides
        on pairs.source = overrides.source
        and pairs.case_id = overrides.case_id
        and pairs.record_id = overrides.record_id
),

final as (
    select
        *,
        not is_contradicted and abs(date_difference_days) <= {{ var('match_window_days') }} as is_in_window
    from judged
)

select * from final
