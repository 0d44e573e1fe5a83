with

pairs as (
    select * from {{ ref('compared_pairs') }}
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

guards as (
    select
        {{ sets_of_fields("max(fields) filter (where guard = 'conflict_exempt')") }} as conflict_exempt,
        string_split(max(fields) filter (where guard = 'contradiction_compared'), ' ') as compared,
        string_split(max(fields) filter (where guard = 'contradiction_agreeing'), ' ') as agreeing,
        {{ sets_of_fields("max(fields) filter (where guard = 'contradicted_altogether')") }} as altogether,
        {{ sets_of_fields("max(fields) filter (where guard = 'contradicted_without_number')") }} as without_number
    from {{ ref('match_guards') }}
),

patterns as (
    select
        fields_agreeing,
        fields_disagreeing,
        string_split(fields_agreeing, ' ') as agreeing,
        string_split(fields_disagreeing, ' ') as disagreeing,
        {{ differing_altogether() }} as differing_altogether,
        list_filter(
            {{ compared_by_themselves() }},
            lambda field: not list_contains(string_split(fields_agreeing || ' ' || fields_disagreeing, ' '), field)
        ) as missing,
        count(*) as n_pairs
    from pairs
    group by fields_agreeing, fields_disagreeing
),

guarded as (
    select
        patterns.*,
        guards.conflict_exempt,
        list_contains(patterns.disagreeing, 'pnc') as has_conflicting_pnc,
        -- Something could be compared and nothing agrees; or what differs altogether is another person's.
        (list_has_any(patterns.disagreeing, guards.compared) and not list_has_any(patterns.agreeing, guards.agreeing))
        or {{ holds_one_of('guards.altogether', 'patterns.differing_altogether') }}
        or (
            not list_has_any(patterns.agreeing, ['pnc', 'crn'])
            and {{ holds_one_of('guards.without_number', 'patterns.differing_altogether') }}
        ) as is_contradicted
    from patterns
    cross join guards
),

-- Each rule of each pattern: why it does not hold, null where it does.
judged as (
    select
        guarded.*,
        rules.rule_rank,
        rules.rule,
        case
            when not list_has_all(guarded.agreeing, rules.fields)
                then array_to_string(list_transform(
                    list_filter(rules.fields, lambda field: not list_contains(guarded.agreeing, field)),
                    lambda field: field || {{ missing_or_differing('field', 'guarded.missing') }}
                ), ', ')
            when guarded.is_contradicted then 'contradicted'
            when guarded.has_conflicting_pnc and not {{ holds_one_of('guarded.conflict_exempt', 'rules.fields') }} then 'vetoed'
            when {{ holds_one_of('rules.unless_differing', 'guarded.differing_altogether') }} then 'another_person'
        end as refusal
    from guarded
    left join rules on true
),

final as (
    select
        fields_agreeing,
        fields_disagreeing,
        array_to_string(any_value(missing), ' ') as fields_missing,
        any_value(n_pairs) as n_pairs,
        any_value(has_conflicting_pnc) as has_conflicting_pnc,
        any_value(is_contradicted) as is_contradicted,
        coalesce(list(rule_rank order by rule_rank) filter (where rule is not null and refusal is null), []) as rule_ranks,
        coalesce(string_agg(rule, ' ' order by rule_rank) filter (where refusal is null), '') as rules_satisfied,
        coalesce(string_agg(rule || ': ' || refusal, '; ' order by rule_rank), '') as rules_refused
    from judged
    group by fields_agreeing, fields_disagreeing
)

select * from final
