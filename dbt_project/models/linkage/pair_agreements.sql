with

pairs as (
    select * from {{ ref('candidate_pairs') }}
),

cases as (
    select * from {{ ref('eligible_cases') }}
),

records as (
    select * from {{ ref('match_records') }}
),

overrides as (
    select * from {{ ref('overrides_outcomes') }}
    where outcome = 'applied'
),

guards as (
    select
        string_split(max(fields) filter (where guard = 'contradiction_compared'), ' ') as compared,
        string_split(max(fields) filter (where guard = 'contradiction_agreeing'), ' ') as agreeing,
        {{ sets_of_fields("max(fields) filter (where guard = 'contradicted_altogether')") }} as altogether,
        {{ sets_of_fields("max(fields) filter (where guard = 'contradicted_without_number')") }} as without_number
    from {{ ref('match_guards') }}
),

nicknames as (
    select * from {{ ref('forename_spellings') }}
),

probable_pairs as (
    select * from {{ source('linkage', 'probable_pairs') }}
),

compared as (
    select
        pairs.source,
        pairs.case_id,
        pairs.record_id,
        pairs.block_rank,
        records.person_key,
        records.pnc_id,
        records.crn,
        records.name_key,
        try_cast(records.record_date - cases.start_date as integer) as date_difference_days,
        {{ compared_fields(agreements('cases', 'records')) }}
    from pairs
    inner join cases on pairs.source = cases.source and pairs.case_id = cases.case_id
    inner join records on pairs.source = records.source and pairs.record_id = records.record_id
    left join nicknames on cases.first_forename = nicknames.one and records.first_forename = nicknames.other
    left join probable_pairs
        on pairs.source = probable_pairs.source
        and pairs.case_id = probable_pairs.case_id
        and pairs.record_id = probable_pairs.record_id
),

-- A guard looks at nothing but which fields agree and which differ: it is asked once a kind of pair.
kinds as (
    select
        fields_agreeing,
        fields_disagreeing,
        string_split(fields_agreeing, ' ') as agreeing,
        string_split(fields_disagreeing, ' ') as disagreeing,
        {{ differing_altogether() }} as differing_altogether
    from compared
    group by fields_agreeing, fields_disagreeing
),

guarded as (
    select
        kinds.fields_agreeing,
        kinds.fields_disagreeing,
        list_contains(kinds.disagreeing, 'pnc') as has_conflicting_pnc,
        -- Something could be compared and nothing agrees; or what differs altogether is another person's.
        (list_has_any(kinds.disagreeing, guards.compared) and not list_has_any(kinds.agreeing, guards.agreeing))
        or {{ holds_one_of('guards.altogether', 'kinds.differing_altogether') }}
        or (
            not list_has_any(kinds.agreeing, ['pnc', 'crn'])
            and {{ holds_one_of('guards.without_number', 'kinds.differing_altogether') }}
        ) as is_contradicted
    from kinds
    cross join guards
),

final as (
    select
        compared.*,
        guarded.has_conflicting_pnc,
        -- A reviewer can set a record aside too.
        guarded.is_contradicted or coalesce(overrides.decision = 'must_not_link', false) as is_contradicted,
        overrides.decision as override_decision
    from compared
    inner join guarded
        on compared.fields_agreeing = guarded.fields_agreeing
        and compared.fields_disagreeing = guarded.fields_disagreeing
    left join overrides
        on compared.source = overrides.source
        and compared.case_id = overrides.case_id
        and compared.record_id = overrides.record_id
)

select * from final
