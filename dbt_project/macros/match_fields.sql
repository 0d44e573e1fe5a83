{#
  The values two records must share for a match field to agree, by field name; null where one is missing.
  `name_pair` is the surname and first forename in the order that makes equality mean "swapped".
  A new field needs an entry here (or in `agreement_mask`) and a row of reference.match_fields.
#}
{% macro match_values(first_name_of_pair, second_name_of_pair) -%}
map {
            'pnc': pnc_id,
            'crn': crn,
            'dob': try_cast(date_of_birth as varchar),
            'surname': surname,
            'forenames': forenames,
            'first_forename': first_forename,
            'swapped_names': {{ first_name_of_pair }} || '|' || {{ second_name_of_pair }}
        }
{%- endmacro %}

{# Field -> bit value, from reference.match_fields. #}
{% macro field_bits() -%}
(select map(list(field), list(1 << bit)) from {{ ref('match_fields') }})
{%- endmacro %}

{#
  Bit mask of the fields for which a condition holds; `conditions` maps a field to SQL that may be null.
  `bits` is a column holding `field_bits()`.
#}
{% macro field_mask(conditions, bits) -%}
    {% for field, condition in conditions.items() -%}
    case when {{ condition }} then {{ bits }}['{{ field }}'] else 0 end
    {%- if not loop.last %} + {% endif %}
    {% endfor %}
{%- endmacro %}

{# Bit mask of the fields that agree between a case and a record. #}
{% macro agreement_mask(case_alias, record_alias, bits) -%}
{%- set c, r = case_alias, record_alias -%}
{{ field_mask({
    'pnc': c ~ '.pnc_id = ' ~ r ~ '.pnc_id',
    'crn': c ~ '.crn = ' ~ r ~ '.crn',
    'dob': c ~ '.date_of_birth = ' ~ r ~ '.date_of_birth',
    'surname': c ~ '.surname = ' ~ r ~ '.surname',
    'forenames': c ~ '.forenames = ' ~ r ~ '.forenames',
    'first_forename': c ~ '.first_forename = ' ~ r ~ '.first_forename',
    'swapped_names':
        c ~ '.surname = ' ~ r ~ '.first_forename and ' ~ c ~ '.first_forename = ' ~ r ~ '.surname',
    'crossed_name':
        c ~ '.surname = ' ~ r ~ '.first_forename or ' ~ c ~ '.first_forename = ' ~ r ~ '.surname',
}, bits) }}
{%- endmacro %}

{# Bit mask of the fields present on both sides. #}
{% macro comparable_mask(case_alias, record_alias, bits) -%}
{%- set c, r = case_alias, record_alias -%}
{{ field_mask({
    'pnc': c ~ '.pnc_id is not null and ' ~ r ~ '.pnc_id is not null',
    'crn': c ~ '.crn is not null and ' ~ r ~ '.crn is not null',
    'dob': c ~ '.date_of_birth is not null and ' ~ r ~ '.date_of_birth is not null',
    'surname': c ~ '.surname is not null and ' ~ r ~ '.surname is not null',
    'forenames': c ~ '.forenames is not null and ' ~ r ~ '.forenames is not null',
    'first_forename': c ~ '.first_forename is not null and ' ~ r ~ '.first_forename is not null',
}, bits) }}
{%- endmacro %}

{#
  The contradiction guard: something could be compared, and nothing agrees.
  `guards` is an alias of the model match_guard_masks.
#}
{% macro is_contradicted(agreements, comparable, guards) -%}
({{ comparable }} & {{ guards }}.contradiction_compared) <> 0
and ({{ agreements }} & {{ guards }}.contradiction_agreeing) = 0
{%- endmacro %}

{# A list with one key a block; a key is null unless every field of the block is present. #}
{% macro block_keys(field_values, block_fields) -%}
list_transform(
            {{ block_fields }},
            lambda fields: list_reduce(
                list_transform(fields, lambda field: {{ field_values }}[field]),
                lambda key, part: key || '|' || part
            )
        )
{%- endmacro %}

{# Whether two lists of block keys hold the same key at the same place. #}
{% macro shares_key(keys, other_keys) -%}
list_contains(
        list_transform(list_zip({{ keys }}, {{ other_keys }}), lambda pair: pair[1] = pair[2]),
        true
    )
{%- endmacro %}
