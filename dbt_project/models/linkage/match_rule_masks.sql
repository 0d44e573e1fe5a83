with

rules as (
    select * from {{ ref('match_rules') }}
),

fields as (
    select * from {{ ref('match_fields') }}
),

guards as (
    select * from {{ ref('match_guard_masks') }}
),

rule_fields as (
    select
        rule_rank,
        rule,
        is_unique,
        unnest(string_split(trim(fields), ' ')) as field
    from rules
),

masks as (
    select
        rule_fields.rule_rank,
        rule_fields.rule,
        rule_fields.is_unique,
        try_cast(sum(1 << fields.bit) as bigint) as required_fields
    from rule_fields
    inner join fields on rule_fields.field = fields.field
    group by rule_fields.rule_rank, rule_fields.rule, rule_fields.is_unique
),

final as (
    select
        masks.rule_rank,
        masks.rule,
        masks.is_unique,
        masks.required_fields,
        1::bigint << try_cast(row_number() over (order by masks.rule_rank) as integer) as rule_bit,
        (masks.required_fields & guards.conflict_exempt) = guards.conflict_exempt as is_accepting_conflict
    from masks
    cross join guards
)

select * from final
