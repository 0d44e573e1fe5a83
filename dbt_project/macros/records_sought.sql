{#
  Which records can meet a case, found without cleaning every record: a look at each as it was received, for numbers that
  are sought. It may find too many, never too few; what it finds is cleaned and compared exactly.

  What is sought is given as kind -> relation with the columns source and number. Kinds:
  - pnc: a PNC identifier (`pnc_as_sought`)
  - crn: a CRN
  - surname_birth: a surname with a birthday
  - forename_birth: a first forename with a birthday
  - record: a record's own id
  - everything: all records of a source are wanted (whatever the number)
#}

{#
  The numbers of the PNC identifiers in `pnc_ids` (a relation: source, pnc_id): of all ways in which somebody may have written
  them, without blanks and slash: the year in four digits or two, the serial number with its leading zeros or fewer.
#}
{% macro numbers_of_pnc_ids(pnc_ids) -%}
select
    source,
    hash(unnest([substr(pnc_id, 1, 4), substr(pnc_id, 3, 2)]) || substr(pnc_id, 6 + n_zeros_dropped)) as number
from (
    select
        source,
        pnc_id,
        unnest(range(length(pnc_id) - length(ltrim(substr(pnc_id, 6), '0')) - 4)) as n_zeros_dropped
    from {{ pnc_ids }}
)
{%- endmacro %}

{# The numbers of the identifiers in `columns` taken together, of the rows of `relation` (with source) that have them all. #}
{% macro numbers_of(columns, relation) -%}
select
    source,
    hash({{ columns | join(', ') }}) as number
from {{ relation }}
where {{ columns | join(' is not null and ') }} is not null
{%- endmacro %}

{# A PNC identifier as received, without blanks and slash in upper case. Most hold no blank and pay for one look. #}
{% macro pnc_as_sought(column) -%}
replace(
        case
            when regexp_full_match({{ column }}, '[0-9A-Z/]*') then {{ column }}
            else {{ without_blanks(column) }}
        end, '/', ''
    )
{%- endmacro %}

{# Whether a surname as received is what it is compared as, but for capitals. Any other is in unusual_names. #}
{% macro is_usual_surname(column) -%}
regexp_full_match({{ column }}, '[A-Za-z]+')
{%- endmacro %}

{#
  Whether the first forename stands plainly at the front of the forenames as received, but for capitals. Where it does not,
  or is a title, they are in unusual_names.
#}
{% macro is_usual_forename(column) -%}
regexp_full_match({{ column }}, '[A-Za-z]+([ -].*)?')
{%- endmacro %}

{% macro plain_forename(column) -%}
upper(regexp_extract({{ column }}, '^[A-Za-z]+'))
{%- endmacro %}

{# The records of both sources, as received, that hold something sought. #}
{% macro records_sought(sought) -%}
{% for record_source, own_date in [('terminations', 'sentence_date'), ('reoffending', 'index_date')] -%}
select
    '{{ record_source }}' as source,
    received.record_id,
    received.{{ own_date }} as record_date,
    received.crn,
    received.pnc_id,
    received.surname,
    received.forenames,
    received.date_of_birth
from {{ source('raw', 'parsed_' ~ record_source) }} as received
{% if 'surname_birth' in sought -%}
left join {{ ref('unusual_names') }} as unusual_surname on received.surname = unusual_surname.name_received
{% endif -%}
{% if 'forename_birth' in sought -%}
left join {{ ref('unusual_names') }} as unusual_forenames on received.forenames = unusual_forenames.name_received
{% endif -%}
where
    {% for kind, relation in sought.items() -%}
    {{ 'or ' if not loop.first -}}
    {{ _holds_a_number_sought(kind, "select number from " ~ relation ~ " where source = '" ~ record_source ~ "'") }}
    {% endfor %}
{{ 'union all' if not loop.last }}
{% endfor %}
{%- endmacro %}

{% macro _holds_a_number_sought(kind, numbers) -%}
{%- set number = {
    'pnc': 'hash(' ~ pnc_as_sought('received.pnc_id') ~ ')',
    'crn': 'hash(' ~ cleaned_crn('received.crn') ~ ')',
    'surname_birth': 'hash(coalesce(unusual_surname.joined_name, upper(received.surname)), received.date_of_birth)',
    'forename_birth':
        'hash(coalesce(unusual_forenames.first_word, ' ~ plain_forename('received.forenames') ~ '), received.date_of_birth)',
    'record': 'hash(received.record_id)',
} -%}
{%- if kind == 'everything' -%}
exists ({{ numbers }})
{%- else -%}
{{ number[kind] }} in ({{ numbers }})
{%- endif -%}
{%- endmacro %}
