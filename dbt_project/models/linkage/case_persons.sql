{{ linked_case_by_case() }}

with

pairs as (
    {{ linked_now(ref('pair_agreements')) }}
),

judged as (
    {{ pairs_with_rules('pairs') }}
),

final as (
    select
        source,
        case_id,
        person_key,
        bit_or(rules_satisfied) as rules_reaching
    from judged
    group by source, case_id, person_key
)

select * from final
