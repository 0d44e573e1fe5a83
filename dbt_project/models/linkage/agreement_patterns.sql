with

pairs as (
    select * from {{ ref('compared_pairs') }}
),

rules as (
    select
        rule_rank,
        rule,
        split(trim(fields), ' ') as fields,
        {{ sets_of_fields('unless_differing') }} as unless_differing
    from {{ ref('match_rules') }}
    where is_used
),

guards as (
    select
        {{ sets_of_fields("max(fields) filter (where guard = 'conflict_exempt')") }} as conflict_exempt,
        split(max(fields) filter (where guard = 'contradiction_compared'), ' ') as compared,
        split(max(fields) filter (where guard = 'contradiction_agreeing'), ' ') as agreeing,
        {{ sets_of_fields("max(fields) filter (where guard = 'contradicted_altogether')") }} as altogether,
        {{ sets_of_fields("max(fields) filter (where guard = 'contradicted_without_number')") }} as without_number
    from {{ ref('match_guards') }}
),

patterns as (
    select
        fields_agreeing,
        fields_disagreeing,
        split(fields_agreeing, ' ') as agreeing,
        split(fields_disagreeing, ' ') as disagreeing,
        {{ differing_altogether() }} as differing_altogether,
        {{ those_of(
            list_of(compared_by_themselves()),
            'field', 'not ' ~ holds("split(fields_agreeing || ' ' || fields_disagreeing, ' ')", 'field')
        ) }} as missing,
        count(*) as n_pairs
    from pairs
    group by fields_agreeing, fields_disagreeing
),

guarded as (
    select
        patterns.*,
        guards.conflict_exempt,
        {{ holds('patterns.disagreeing', "'pnc'") }} as has_conflicting_pnc,
        -- Something could be compared and nothing agrees; or what differs altogether is another person's.
        (
            {{ holds_any('patterns.disagreeing', 'guards.compared') }}
            and not {{ holds_any('patterns.agreeing', 'guards.agreeing') }}
        )
        or {{ holds_one_of('guards.altogether', 'patterns.differing_altogether') }}
        or (
            not {{ holds_any('patterns.agreeing', list_of(['pnc', 'crn'])) }}
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
            when not {{ holds_all('guarded.agreeing', 'rules.fields') }}
                then {{ as_one_text(made_of_each(
                    those_of('rules.fields', 'field', 'not ' ~ holds('guarded.agreeing', 'field')),
                    'field', 'field || ' ~ missing_or_differing('field', 'guarded.missing')
                ), ', ') }}
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
        {{ as_one_text('any_value(missing)', ' ') }} as fields_missing,
        any_value(n_pairs) as n_pairs,
        any_value(has_conflicting_pnc) as has_conflicting_pnc,
        any_value(is_contradicted) as is_contradicted,
        coalesce(
            array_sort({{ listed('rule_rank', 'rule is not null and refusal is null') }}), {{ no_numbers() }}
        ) as rule_ranks,
        coalesce({{ in_order('rule', ' ', 'rule_rank', where='refusal is null') }}, '') as rules_satisfied,
        coalesce({{ in_order("rule || ': ' || refusal", '; ', 'rule_rank') }}, '') as rules_refused
    from judged
    group by fields_agreeing, fields_disagreeing
)

select * from final
