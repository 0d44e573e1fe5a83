{#
  How a case and a record are compared: field -> the SQL that says whether they agree on it, null where either side is
  missing. A new field needs an entry here and a row of reference.match_fields. `probable`: whether Splink holds the pair
  to be one person's, told by a join to linkage.probable_pairs beside the two.
#}
{% macro agreements(cases, records, probable='probable_pairs.record_id = {r}.record_id') -%}
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
    'nickname': 'nicknames.one is not null',
    'initial': "least(length({c}.first_forename), length({r}.first_forename)) = 1
                and greatest(length({c}.first_forename), length({r}.first_forename)) > 1
                and substr({c}.first_forename, 1, 1) = substr({r}.first_forename, 1, 1)",
    'other_surname': '{c}.surname <> {r}.surname',
    'name_words': are_words_of_one_name('{c}.name_words', '{r}.name_words'),
    'certain_dob': '{c}.date_of_birth = {r}.date_of_birth
                and (month({c}.date_of_birth) > 1 or day({c}.date_of_birth) > 1)',
    'near_dob': is_near_date('{c}.date_of_birth', '{r}.date_of_birth'),
    'same_day': '{c}.start_date = {r}.record_date',
    'probable': probable,
} -%}
{%- for field in var('more_match_fields', []) %}{% do fields.update({field: '{c}.' ~ field ~ ' = {r}.' ~ field}) %}{% endfor -%}
{%- set written = {} -%}
{%- for field, condition in fields.items() -%}
{%- do written.update({field: condition.replace('{c}', cases).replace('{r}', records)}) -%}
{%- endfor -%}
{{ return(written) }}
{%- endmacro %}

{# Which fields of two sides agree and which differ, each as one text; from `agreements`. A field in neither is missing. #}
{% macro compared_fields(agreements) -%}
concat_ws(
            ' ',
            {% for field, agrees in agreements.items() -%}
            case when {{ agrees }} then '{{ field }}' end{{ ',' if not loop.last }}
            {% endfor %}
        ) as fields_agreeing,
        -- Only a field that can be told apart by itself disagrees: names that are not swapped are no disagreement.
        concat_ws(
            ' ',
            {% for field, agrees in agreements.items() if field not in derived_fields() -%}
            case when not ({{ agrees }}) then '{{ field }}' end{{ ',' if not loop.last }}
            {% endfor %}
        ) as fields_disagreeing
{%- endmacro %}

{# The fields that are compared by themselves, as a list; any other says how two values of these differ. #}
{% macro compared_by_themselves() -%}
{{ return(agreements('', '').keys() | reject('in', derived_fields()) | list) }}
{%- endmacro %}

{# Why a field does not agree: ` missing` where it, or one of those it is made of, is among the missing (a list). #}
{% macro missing_or_differing(field, missing) -%}
case
                        when case {{ field }}
                            {% for derived, made_of in derived_fields().items() -%}
                            when '{{ derived }}' then {{ holds_any(missing, list_of(made_of)) }}
                            {% endfor -%}
                            else {{ holds(missing, field) }}
                        end then ' missing'
                        else ' differs'
                    end
{%- endmacro %}

{# Of the fields that disagree, those that are not even near, as a list. #}
{% macro differing_altogether() -%}
{%- set is_near -%}
case field
                {% for kin in ['dob', 'surname', 'first_forename'] -%}
                when '{{ kin }}' then {{ holds_any("split(fields_agreeing, ' ')", list_of(nearly(kin))) }}
                {% endfor -%}
                else false
            end
{%- endset -%}
{{ those_of("split(fields_disagreeing, ' ')", 'field', 'not ' ~ is_near) }}
{%- endmacro %}

{#
  Two names that differ as one person's do: by one typing fault (a letter more, less or another, or two neighbours
  exchanged), or because one is the other cut short. Among short names, initials above all, one letter makes another
  name (Tim, Tom): four letters on the longer side for a fault, three on the shorter for a name cut short.
#}
{% macro is_near_name(one, other) -%}
{{ one }} <> {{ other }} and (
            (greatest(length({{ one }}), length({{ other }})) >= 4 and {{ is_one_fault_apart(one, other) }})
            or (length({{ other }}) >= 3 and substr({{ one }}, 1, length({{ other }})) = {{ other }})
            or (length({{ one }}) >= 3 and substr({{ other }}, 1, length({{ one }})) = {{ one }})
        )
{%- endmacro %}

{# All words of one name are among the other's, in whatever order, and at least two: what people drop is the rest. #}
{% macro are_words_of_one_name(one, other) -%}
{%- set words, others = "split(" ~ one ~ ", ' ')", "split(" ~ other ~ ", ' ')" -%}
least(cardinality(array_distinct({{ words }})), cardinality(array_distinct({{ others }}))) >= 2
            and ({{ holds_all(words, others) }} or {{ holds_all(others, words) }})
{%- endmacro %}

{# Two dates of which one digit is another, or whose day and month are exchanged. #}
{% macro is_near_date(one, other) -%}
{{ places_that_differ(as_text(one), as_text(other)) }} = 1
            or (
                year({{ one }}) = year({{ other }}) and {{ one }} <> {{ other }}
                and month({{ one }}) = day({{ other }}) and day({{ one }}) = month({{ other }})
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
    'nickname': ['first_forename'],
    'initial': ['first_forename'],
    'other_surname': ['other_surname'],
    'name_words': ['surname', 'first_forename'],
    'certain_dob': ['dob'],
    'near_dob': ['dob'],
    'same_day': ['same_day'],
    'probable': ['probable'],
}) }}
{%- endmacro %}

{# The fields that say that two values of this field, though not equal, are as one person's may be; as a list. #}
{% macro nearly(field) -%}
{%- set kin = [] -%}
{%- for derived, made_of in derived_fields().items() if field in made_of -%}{%- do kin.append(derived) -%}{%- endfor -%}
{{ return(kin) }}
{%- endmacro %}

{# Whether these fields (a list) hold all fields of one of the sets at least. #}
{% macro holds_one_of(sets, fields) -%}
cardinality({{ those_of(sets, 'one_set', holds_all(fields, 'one_set')) }}) > 0
{%- endmacro %}

{# Sets of fields, parted by semicolons, as a list of lists; empty where the column holds none. #}
{% macro sets_of_fields(column) -%}
{{ made_of_each(
            those_of("split(coalesce(" ~ column ~ ", ''), ';')", 'one_set', "trim(one_set) <> ''"),
            'one_set', "split(trim(one_set), ' ')"
        ) }}
{%- endmacro %}
