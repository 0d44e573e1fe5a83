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

nicknames as (
    select * from {{ ref('forename_spellings') }}
),

probable_pairs as (
    select * from {{ source('linkage', 'probable_pairs') }}
),

final as (
    select
        pairs.source,
        pairs.case_id,
        pairs.record_id,
        pairs.block_rank,
        records.person_key,
        records.pnc_id,
        records.crn,
        {{ name_key('records.') }} as name_key,
        cast({{ days_between('cases.start_date', 'records.record_date') }} as integer) as date_difference_days,
        {{ compared_fields(agreements('cases', 'records')) }}
    from pairs
    inner join cases on pairs.source = cases.source and pairs.case_id = cases.case_id
    inner join records on pairs.source = records.source and pairs.record_id = records.record_id
    left join nicknames on cases.first_forename = nicknames.one and records.first_forename = nicknames.other
    left join probable_pairs
        on pairs.source = probable_pairs.source
        and pairs.case_id = probable_pairs.case_id
        and pairs.record_id = probable_pairs.record_id
)

select * from final
