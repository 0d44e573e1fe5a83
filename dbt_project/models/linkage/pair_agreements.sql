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

guard_fields as (
    select
        guard,
        unnest(string_split(trim(fields), ' ')) as field
    from {{ ref('match_guards') }}
),

guards as (
    select
        list(field) filter (where guard = 'contradiction_compared') as compared,
        list(field) filter (where guard = 'contradiction_agreeing') as agreeing
    from guard_fields
),

nicknames as (
    select * from {{ ref('forename_spellings') }}
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
),

final as (
    select
        compared.*,
        list_contains(string_split(compared.fields_disagreeing, ' '), 'pnc') as has_conflicting_pnc,
        -- Something could be compared and nothing agrees, or a reviewer set the record aside.
        coalesce(overrides.decision = 'must_not_link', false)
        or (
            list_has_any(string_split(compared.fields_disagreeing, ' '), guards.compared)
            and not list_has_any(string_split(compared.fields_agreeing, ' '), guards.agreeing)
        ) as is_contradicted,
        overrides.decision as override_decision
    from compared
    cross join guards
    left join overrides
        on compared.source = overrides.source
        and compared.case_id = overrides.case_id
        and compared.record_id = overrides.record_id
)

select * from final
