with

case_values as (
    select
        source,
        case_id,
        {{ match_values('surname', 'first_forename') }} as field_values
    from {{ ref('eligible_cases') }}
),

record_values as (
    select
        source,
        record_id,
        {{ match_values('first_forename', 'surname') }} as field_values
    from {{ ref('match_records') }}
),

-- Every block in rank order: the fields its key is made of.
blocks as (
    select list(string_split(trim(fields), ' ') order by block_rank) as block_fields
    from {{ ref('match_blocks') }}
),

block_names as (
    select
        block,
        row_number() over (order by block_rank) as block_number
    from {{ ref('match_blocks') }}
),

case_keys as (
    select
        case_values.source,
        case_values.case_id,
        {{ block_keys('case_values.field_values', 'blocks.block_fields') }} as block_keys,
        unnest(block_keys) as block_key,
        generate_subscripts(block_keys, 1) as block_number
    from case_values
    cross join blocks
),

record_keys as (
    select
        record_values.source,
        record_values.record_id,
        {{ block_keys('record_values.field_values', 'blocks.block_fields') }} as block_keys,
        unnest(block_keys) as block_key,
        generate_subscripts(block_keys, 1) as block_number
    from record_values
    cross join blocks
),

-- A pair belongs to the first block it shares a key of, so that the blocks are disjoint.
final as (
    select
        case_keys.source,
        case_keys.case_id,
        record_keys.record_id,
        block_names.block
    from case_keys
    inner join record_keys
        on case_keys.source = record_keys.source
        and case_keys.block_number = record_keys.block_number
        and case_keys.block_key = record_keys.block_key
    inner join block_names on case_keys.block_number = block_names.block_number
    where not {{ shares_key(
        'case_keys.block_keys[:case_keys.block_number - 1]',
        'record_keys.block_keys[:record_keys.block_number - 1]'
    ) }}
)

select * from final
