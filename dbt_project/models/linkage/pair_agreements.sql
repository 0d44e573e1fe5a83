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

guards as (
    select
        *,
        {{ field_bits() }} as bits
    from {{ ref('match_guard_masks') }}
),

compared as (
    select
        pairs.source,
        pairs.case_id,
        pairs.record_id,
        pairs.block_rank,
        records.person_key,
        {{ agreement_mask('cases', 'records', 'guards.bits') }} as agreements,
        {{ comparable_mask('cases', 'records', 'guards.bits') }} as comparable,
        coalesce(cases.pnc_id <> records.pnc_id, false) as has_conflicting_pnc
    from pairs
    inner join cases on pairs.source = cases.source and pairs.case_id = cases.case_id
    inner join records on pairs.source = records.source and pairs.record_id = records.record_id
    cross join guards
),

final as (
    select
        compared.*,
        {{ is_contradicted('compared.agreements', 'compared.comparable', 'guards') }} as is_contradicted
    from compared
    cross join guards
)

select * from final
