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
  A new field needs an entry here, or in `compared_fields`, one in `agreement_mask`, and a row of reference.match_fields.
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

{# The fields that are no equalities: a rule or guard may name them, a block cannot. As a list in SQL. #}
{% macro compared_fields() -%}
{{ return(['crossed_name', 'near_surname', 'near_forename']) }}
{%- endmacro %}

{# Field -> bit value, from reference.match_fields: a struct, whose fields are found once and not row by row. #}
{% macro field_bits() -%}
(
            select
                {
                    {% for field in match_values('surname', 'first_forename').keys() | list + compared_fields() -%}
                    '{{ field }}': coalesce(max(1 << bit) filter (where field = '{{ field }}'), 0)
                    {{- ',' if not loop.last }}
                    {% endfor -%}
                }
            from {{ ref('match_fields') }}
        )
{%- endmacro %}

{# The bits of fields that say how two values differ, or that they are exchanged: alone they neither differ nor are missing. #}
{% macro derived_field_bits(bits) -%}
({% for field in ['swapped_names'] + compared_fields() -%}
{{ bits }}['{{ field }}']{{ ' + ' if not loop.last }}
{%- endfor %})
{%- endmacro %}

{#
  Two names that differ as one person's do: by one typing fault (a letter more, less or another, or two neighbours
  exchanged), or because one is the other cut short. Among short names, initials above all, one letter makes another
  name (Tim, Tom): four letters on the longer side for a fault, three on the shorter for a name cut short.
#}
{% macro is_near_name(one, other) -%}
{{ one }} <> {{ other }} and (
        (greatest(length({{ one }}), length({{ other }})) >= 4 and damerau_levenshtein({{ one }}, {{ other }}) = 1)
        or (length({{ other }}) >= 3 and starts_with({{ one }}, {{ other }}))
        or (length({{ one }}) >= 3 and starts_with({{ other }}, {{ one }}))
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
    'near_surname': is_near_name(c ~ '.surname', r ~ '.surname'),
    'near_forename': is_near_name(c ~ '.first_forename', r ~ '.first_forename'),
} -%}
{%- for field in more_match_fields() -%}
{%- do conditions.update({field: c ~ '.' ~ field ~ ' = ' ~ r ~ '.' ~ field}) -%}
{%- endfor -%}
{{ field_mask(conditions, bits) }}
{%- endmacro %}

{# Bit mask of the fields present on both sides; swapped and crossed names are left to who asks for them. #}
{% macro comparable_mask(case_alias, record_alias, bits) -%}
{%- set c, r = case_alias, record_alias -%}
{%- set conditions = {
    'pnc': c ~ '.pnc_id is not null and ' ~ r ~ '.pnc_id is not null',
    'crn': c ~ '.crn is not null and ' ~ r ~ '.crn is not null',
    'dob': c ~ '.date_of_birth is not null and ' ~ r ~ '.date_of_birth is not null',
    'surname': c ~ '.surname is not null and ' ~ r ~ '.surname is not null',
    'forenames': c ~ '.forenames is not null and ' ~ r ~ '.forenames is not null',
    'first_forename': c ~ '.first_forename is not null and ' ~ r ~ '.first_forename is not null',
    'near_surname': c ~ '.surname is not null and ' ~ r ~ '.surname is not null',
    'near_forename': c ~ '.first_forename is not null and ' ~ r ~ '.first_forename is not null',
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
