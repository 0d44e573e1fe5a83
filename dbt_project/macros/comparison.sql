{#
  How a case and a record are compared: field -> the SQL that says whether they agree on it, null where either side is
  missing. A new field needs an entry here and a row of reference.match_fields.
#}
{% macro agreements(cases, records) -%}
{%- set fields = {
    'pnc': '{c}.pnc_id = {r}.pnc_id',
    'crn': '{c}.crn = {r}.crn',
    'dob': '{c}.date_of_birth = {r}.date_of_birth',
    'surname': '{c}.surname = {r}.surname',
    'forenames': '{c}.forenames = {r}.forenames',
    'first_forename': '{c}.first_forename = {r}.first_forename',
    'swapped_names': '{c}.surname = {r}.first_forename and {c}.first_forename = {r}.surname',
    'crossed_name': '{c}.surname = {r}.first_forename or {c}.first_forename = {r}.surname',
    'near_surname': is_near_name('{c}.surname', '{r}.surname'),
    'near_forename': is_near_name('{c}.first_forename', '{r}.first_forename'),
} -%}
{%- for field in var('more_match_fields', []) %}{% do fields.update({field: '{c}.' ~ field ~ ' = {r}.' ~ field}) %}{% endfor -%}
{%- set written = {} -%}
{%- for field, condition in fields.items() -%}
{%- do written.update({field: condition.replace('{c}', cases).replace('{r}', records)}) -%}
{%- endfor -%}
{{ return(written) }}
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
  Fields that say how two values differ, or that they are exchanged, each with the fields it is made of: alone they neither
  differ nor are missing.
#}
{% macro derived_fields() -%}
{{ return({
    'swapped_names': ['surname', 'first_forename'],
    'crossed_name': ['surname', 'first_forename'],
    'near_surname': ['surname'],
    'near_forename': ['first_forename'],
}) }}
{%- endmacro %}
