{{ linked_case_by_case() }}

with

cases as (
    {{ linked_now(ref('eligible_cases')) }}
),

records as (
    select * from {{ ref('match_records') }}
),

overrides as (
    {{ linked_now(ref('overrides_outcomes')) }}
),

sharing_a_block as (
    {{ pairs_sharing_a_block('cases', 'records') }}
),

-- A reviewer may link what shares no block at all.
brought_by_an_override as (
    select
        overrides.source,
        overrides.case_id,
        overrides.record_id,
        0 as block_rank
    from overrides
    anti join sharing_a_block
        on overrides.source = sharing_a_block.source
        and overrides.case_id = sharing_a_block.case_id
        and overrides.record_id = sharing_a_block.record_id
    where overrides.decision = 'must_link' and overrides.outcome = 'applied'
),

final as (
    select * from sharing_a_block
    union all
    select * from brought_by_an_override
)

select * from final
