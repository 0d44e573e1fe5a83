{{ config(materialized='view') }}

with

pairs as (
    select * from {{ ref('pair_agreements') }}
),

rules as (
    {{ rules_and_override() }}
),

judged as (
    {{ pairs_with_rules('pairs') }}
),

final as (
    select
        judged.source,
        judged.case_id,
        judged.record_id,
        judged.person_key,
        rules.rule_rank,
        rules.rule
    from judged
    inner join rules on (judged.rules_satisfied & rules.rule_bit) <> 0
)

select * from final
