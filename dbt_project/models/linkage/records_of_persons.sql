{{ linked_case_by_case() }}

with

reached as (
    {{ linked_now(ref('case_persons')) }}
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

-- A person's other records need not be candidates themselves, so the guard looks at each of them here.
compared as (
    select
        reached.source,
        reached.case_id,
        reached.person_key,
        records.record_id,
        records.pnc_id,
        records.crn,
        records.record_date - cases.start_date as date_difference_days,
        {{ agreement_mask('cases', 'records', 'guards.bits') }} as agreements,
        {{ comparable_mask('cases', 'records', 'guards.bits') }} as comparable
    from reached
    inner join cases on reached.source = cases.source and reached.case_id = cases.case_id
    inner join records on reached.source = records.source and reached.person_key = records.person_key
    cross join guards
),

final as (
    select
        compared.source,
        compared.case_id,
        compared.person_key,
        compared.record_id,
        compared.pnc_id,
        compared.crn,
        try_cast(compared.date_difference_days as integer) as date_difference_days,
        case overrides.decision
            when 'must_link' then false
            when 'must_not_link' then true
            else {{ is_contradicted('compared.agreements', 'compared.comparable', 'guards') }}
        end as is_contradicted
    from compared
    cross join guards
    left join overrides
        on compared.source = overrides.source
        and compared.case_id = overrides.case_id
        and compared.record_id = overrides.record_id
)

select * from final
