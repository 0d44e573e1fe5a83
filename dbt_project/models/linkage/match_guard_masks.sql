with

guard_fields as (
    select
        guard,
        unnest(string_split(trim(fields), ' ')) as field
    from {{ ref('match_guards') }}
),

fields as (
    select * from {{ ref('match_fields') }}
),

masks as (
    select
        guard_fields.guard,
        try_cast(sum(1 << fields.bit) as bigint) as fields_mask
    from guard_fields
    inner join fields on guard_fields.field = fields.field
    group by guard_fields.guard
),

final as (
    select
        max(fields_mask) filter (where guard = 'conflict_exempt') as conflict_exempt,
        max(fields_mask) filter (where guard = 'contradiction_compared') as contradiction_compared,
        max(fields_mask) filter (where guard = 'contradiction_agreeing') as contradiction_agreeing
    from masks
)

select * from final
