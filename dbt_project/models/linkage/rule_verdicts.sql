with

pairs as (
    select * from {{ ref('pair_agreements') }}
),

rules as (
    select
        rule_rank,
        rule,
        string_split(trim(fields), ' ') as fields
    from {{ ref('match_rules') }}
),

veto as (
    select string_split(trim(fields), ' ') as exempt_fields from {{ ref('match_guards') }}
    where guard = 'conflict_exempt'
),

-- A rule looks at nothing but which fields agree and whether the PNC identifiers conflict: it is asked once a kind of pair.
kinds as (
    select distinct
        fields_agreeing,
        has_conflicting_pnc
    from pairs
    where not is_contradicted
),

verdicts as (
    select
        kinds.fields_agreeing,
        kinds.has_conflicting_pnc,
        rules.rule_rank,
        rules.rule
    from kinds
    inner join rules on list_has_all(string_split(kinds.fields_agreeing, ' '), rules.fields)
    cross join veto
    where not kinds.has_conflicting_pnc or list_has_all(rules.fields, veto.exempt_fields)
),

final as (
    select
        pairs.source,
        pairs.case_id,
        pairs.record_id,
        pairs.person_key,
        verdicts.rule_rank,
        verdicts.rule
    from pairs
    inner join verdicts
        on pairs.fields_agreeing = verdicts.fields_agreeing
        and pairs.has_conflicting_pnc = verdicts.has_conflicting_pnc
    where not pairs.is_contradicted
    union all
    -- A reviewer's link stands before every rule and asks no guard.
    select
        source,
        case_id,
        record_id,
        person_key,
        0,
        'override'
    from pairs
    where override_decision = 'must_link'
)

select * from final
