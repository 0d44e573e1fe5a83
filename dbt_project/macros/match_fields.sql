{#
  Further fields to compare: columns of eligible_cases and match_records that agree where they are equal. None by
  default (`more_match_fields`, a list of column names); each needs a row of reference.match_fields.
#}
{% macro more_match_fields() -%}
{{ return(var('more_match_fields', [])) }}
{%- endmacro %}

{#
  Field -> the SQL of the value two rows must share for that equality to hold; null where it is missing.
  The two names make a pair in the order in which equality means "swapped".
  A new field needs an entry here, or in `agreement_mask` alone, and a row of reference.match_fields.
#}
{% macro match_values(first_name_of_pair, second_name_of_pair) -%}
{%- set values = {
    'pnc': 'pnc_id',
    'crn': 'crn',
    'dob': 'date_of_birth',
    'surname': 'surname',
    'forenames': 'forenames',
    'first_forename': 'first_forename',
    'swapped_names': first_name_of_pair ~ " || '|' || " ~ second_name_of_pair,
} -%}
{%- for field in more_match_fields() -%}
{%- do values.update({field: field}) -%}
{%- endfor -%}
{{ return(values) }}
{%- endmacro %}

{# The fields that are equalities, as a list in SQL. #}
{% macro equality_fields() -%}
{{ match_values('surname', 'first_forename').keys() | list }}
{%- endmacro %}

{# Field -> bit value, from reference.match_fields: a struct, whose fields are found once and not row by row. #}
{% macro field_bits() -%}
(
            select
                {
                    {% for field in match_values('surname', 'first_forename').keys() | list + ['crossed_name'] -%}
                    '{{ field }}': max(1 << bit) filter (where field = '{{ field }}')
                    {{- ',' if not loop.last }}
                    {% endfor -%}
                }
            from {{ ref('match_fields') }}
        )
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
{%- set conditions = {
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
} -%}
{%- for field in more_match_fields() -%}
{%- do conditions.update({field: c ~ '.' ~ field ~ ' = ' ~ r ~ '.' ~ field}) -%}
{%- endfor -%}
{{ field_mask(conditions, bits) }}
{%- endmacro %}

{# Bit mask of the fields present on both sides. #}
{% macro comparable_mask(case_alias, record_alias, bits) -%}
{%- set c, r = case_alias, record_alias -%}
{%- set conditions = {
    'pnc': c ~ '.pnc_id is not null and ' ~ r ~ '.pnc_id is not null',
    'crn': c ~ '.crn is not null and ' ~ r ~ '.crn is not null',
    'dob': c ~ '.date_of_birth is not null and ' ~ r ~ '.date_of_birth is not null',
    'surname': c ~ '.surname is not null and ' ~ r ~ '.surname is not null',
    'forenames': c ~ '.forenames is not null and ' ~ r ~ '.forenames is not null',
    'first_forename': c ~ '.first_forename is not null and ' ~ r ~ '.first_forename is not null',
} -%}
{%- for field in more_match_fields() -%}
{%- do conditions.update({field: c ~ '.' ~ field ~ ' is not null and ' ~ r ~ '.' ~ field ~ ' is not null'}) -%}
{%- endfor -%}
{{ field_mask(conditions, bits) }}
{%- endmacro %}

{#
  The contradiction guard: something could be compared, and nothing agrees.
  `guards` is an alias of the model match_guard_masks.
#}
{% macro is_contradicted(agreements, comparable, guards) -%}
({{ comparable }} & {{ guards }}.contradiction_compared) <> 0
and ({{ agreements }} & {{ guards }}.contradiction_agreeing) = 0
{%- endmacro %}
