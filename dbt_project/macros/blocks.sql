{#
  The pairs of a case and a record that share the key of a block, each with the first block it shares: blocks are
  disjoint. `cases` and `records` are relations with the columns of eligible_cases and match_records.
#}
{% macro pairs_sharing_a_block(cases, records) -%}
with

-- Where the fields of each block stand among the values.
blocks as (
    select
        block_rank,
        list_transform(
            string_split(trim(fields), ' '),
            lambda field: list_position({{ equality_fields() }}, field)
        ) as places
    from {{ ref('match_blocks') }}
),

case_values as (
    select
        source,
        case_id,
        {{ match_values('surname', 'first_forename') }} as field_values
    from {{ cases }}
),

record_values as (
    select
        source,
        record_id,
        {{ match_values('first_forename', 'surname') }} as field_values
    from {{ records }}
),

case_keys as (
    select
        case_values.source,
        case_values.case_id,
        blocks.block_rank,
        {{ block_key('case_values.field_values', 'blocks.places') }} as block_key
    from case_values
    cross join blocks
),

record_keys as (
    select
        record_values.source,
        record_values.record_id,
        blocks.block_rank,
        {{ block_key('record_values.field_values', 'blocks.places') }} as block_key
    from record_values
    cross join blocks
)

select
    case_keys.source,
    case_keys.case_id,
    record_keys.record_id,
    min(case_keys.block_rank) as block_rank
from case_keys
inner join record_keys
    on case_keys.source = record_keys.source
    and case_keys.block_rank = record_keys.block_rank
    and case_keys.block_key = record_keys.block_key
group by case_keys.source, case_keys.case_id, record_keys.record_id
{%- endmacro %}
