{#
  The pairs of a case and a record that share the key of a block, each with the first block it shares: blocks are
  disjoint. `cases` and `records` are relations with the columns of eligible_cases and match_records.
  Records by blocks are many, so that they meet on a number, the hash of what the block holds; then the values decide.
#}
{% macro pairs_sharing_a_block(cases, records) -%}
{%- set case_values = match_values('surname', 'first_forename') -%}
{%- set record_values = match_values('first_forename', 'surname') -%}
{%- set fields = case_values.keys() | list -%}
with

-- What each block holds. One that names an unknown field holds nothing and meets nobody.
blocks as (
    select
        block_rank,
        compares_conflicting_pnc,
        {% for field in fields -%}
        list_contains(string_split(trim(fields), ' '), '{{ field }}') as holds_{{ field }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from {{ ref('match_blocks') }}
    where list_has_all({{ equality_fields() }}, string_split(trim(fields), ' '))
),

case_values as (
    select
        source,
        case_id,
        {{ _values_and_hashes(case_values) }}
    from {{ cases }}
),

record_values as (
    select
        source,
        record_id,
        {{ _values_and_hashes(record_values) }}
    from {{ records }}
),

case_keys as (
    select
        case_values.*,
        blocks.*,
        {{ _block_key(fields, 'case_values') }} as block_key
    from case_values
    cross join blocks
),

record_keys as (
    select
        record_values.*,
        blocks.block_rank,
        {{ _block_key(fields, 'record_values') }} as block_key
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
where
    {% for field in fields -%}
    (not case_keys.holds_{{ field }} or case_keys.{{ field }}_value = record_keys.{{ field }}_value)
    {{- ' and' if not loop.last }}
    {% endfor %}
    and (case_keys.compares_conflicting_pnc or coalesce(case_keys.pnc_value = record_keys.pnc_value, true))
group by case_keys.source, case_keys.case_id, record_keys.record_id
{%- endmacro %}

{% macro _values_and_hashes(values) -%}
{% for field, value in values.items() -%}
        {{ value }} as {{ field }}_value,
        case when {{ field }}_value is not null then hash('{{ field }}', {{ field }}_value) end as {{ field }}_hash
        {{- ',' if not loop.last }}
        {% endfor %}
{%- endmacro %}

{# The hash of all values that the block holds; null where one is missing. #}
{% macro _block_key(fields, relation) -%}
{% for field in fields[1:] %}xor({% endfor -%}
        {% for field in fields -%}
        {{ ', ' if not loop.first }}case when blocks.holds_{{ field }} then {{ relation }}.{{ field }}_hash else 0 end
        {{- ')' if not loop.first }}
        {% endfor %}
{%- endmacro %}
