with

pairs as (
    select * from {{ ref('pair_agreements') }}
),

rules as (
    select
        rule_rank,
        rule,
        string_split(trim(fields), ' ') as fields,
        {{ sets_of_fields('unless_differing') }} as unless_differing
    from {{ ref('match_rules') }}
    where is_used
),

veto as (
    select {{ sets_of_fields('fields') }} as exempt_sets from {{ ref('match_guards') }}
    where guard = 'conflict_exempt'
),

-- A rule looks at nothing but which fields agree and which differ: it is asked once a kind of pair. A field differs
-- altogether where it is not even near.
kinds as (
    select distinct
        fields_agreeing,
        fields_disagreeing,
        has_conflicting_pnc,
        {{ differing_altogether() }} as differing_altogether
    from pairs
    where not is_contradicted
),

verdicts as (
    select
        kinds.fields_agreeing,
        kinds.fields_disagreeing,
        rules.rule_rank,
        rules.rule
    from kinds
    inner join rules on list_has_all(string_split(kinds.fields_agreeing, ' '), rules.fields)
    cross join veto
    where
        (not kinds.has_conflicting_pnc or {{ holds_one_of('veto.exempt_sets', 'rules.fields') }})
        and not {{ holds_one_of('rules.unless_differing', 'kinds.differing_altogether') }}
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
        and pairs.fields_disagreeing = verdicts.fields_disagreeing
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
