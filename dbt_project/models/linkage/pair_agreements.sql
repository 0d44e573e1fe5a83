{{ linked_case_by_case() }}

with

pairs as (
    {{ linked_now(ref('candidate_pairs')) }}
),

cases as (
    {{ linked_now(ref('eligible_cases')) }}
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
        coalesce(overrides.decision = 'must_not_link', false)
        or ({{ is_contradicted('compared.agreements', 'compared.comparable', 'guards') }}) as is_contradicted,
        overrides.decision as override_decision
    from compared
    cross join guards
    left join overrides
        on compared.source = overrides.source
        and compared.case_id = overrides.case_id
        and compared.record_id = overrides.record_id
)

select * from final
