with

links as (
    select * from {{ ref('decided_records') }}
    where record_order = 1
),

cases as (
    select * from {{ ref('eligible_cases') }}
),

nicknames as (
    select * from {{ ref('forename_spellings') }}
),

guards as (
    select
        {{ sets_of_fields("max(fields) filter (where guard = 'two_people')") }} as two_people,
        {{ sets_of_fields("max(fields) filter (where guard = 'two_people_without_number')") }} as two_people_without_number
    from {{ ref('match_guards') }}
),

claims as (
    select
        cases.*,
        cases.start_date as record_date,
        links.record_id
    from links
    inner join cases on links.source = cases.source and links.case_id = cases.case_id
),

-- Two cases that claim one record, compared as a case and a record are.
compared as (
    select
        claims.source,
        claims.record_id,
        claims.case_id,
        others.case_id as other_case_id,
        {{ compared_fields(agreements('claims', 'others', probable='false')) }}
    from claims
    inner join claims as others
        on claims.source = others.source and claims.record_id = others.record_id and claims.case_id <> others.case_id
    left join nicknames on claims.first_forename = nicknames.one and others.first_forename = nicknames.other
),

differing as (
    select
        *,
        {{ holds_any("split(fields_agreeing, ' ')", list_of(['pnc', 'crn'])) }} as is_number_shared,
        {{ differing_altogether() }} as differing_altogether
    from compared
),

-- One person can be inspected twice. Two people are told by what differs altogether; the more so without a number in common.
final as (
    select
        differing.source,
        differing.record_id,
        differing.case_id,
        {{ in_order('differing.other_case_id', ' ', 'differing.other_case_id') }} as other_case_ids,
        count(*) as n_other_cases
    from differing
    cross join guards
    where
        {{ holds_one_of('guards.two_people', 'differing.differing_altogether') }}
        or (
            not differing.is_number_shared
            and {{ holds_one_of('guards.two_people_without_number', 'differing.differing_altogether') }}
        )
    group by differing.source, differing.record_id, differing.case_id
)

select * from final
