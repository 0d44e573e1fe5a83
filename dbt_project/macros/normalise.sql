{# White space in the Unicode sense (what Python's str.isspace accepts), as a character class for RE2. #}
{% macro white_space() -%}
[\x{09}-\x{0d}\x{1c}-\x{1f}\x{85}\p{Z}]
{%- endmacro %}

{# An identifier with every blank removed, in upper case. #}
{% macro without_blanks(column) -%}
upper(regexp_replace({{ column }}, '{{ white_space() }}', '', 'g'))
{%- endmacro %}

{# A name of plain letters, blanks and hyphens only. #}
{% macro is_plain_name(column) -%}
regexp_full_match({{ column }}, '[A-Za-z -]*')
{%- endmacro %}

{# A limit an analyst may edit, by its name in reference.limits. #}
{% macro limit(name) -%}
(select limit_value from {{ ref('limits') }} where limit_name = '{{ name }}')
{%- endmacro %}

{# Case reference number: one letter and six digits, else null. Nearly all are written so and pay for one look. #}
{% macro cleaned_crn(column) -%}
case
                when regexp_full_match({{ column }}, '[A-Z][0-9]{6}') then {{ column }}
                when regexp_full_match({{ without_blanks(column) }}, '[A-Z][0-9]{6}') then {{ without_blanks(column) }}
            end
{%- endmacro %}

{#
  The usual way to write a PNC identifier: a slash, plain digits, a capital letter, no blanks. It is read in the row
  itself (`staged_identifiers`); every other way is read once a distinct text (`cleaned_pnc_ids`).
#}
{% macro is_usual_pnc(column) -%}
regexp_full_match({{ column }}, '([0-9]{2}|[0-9]{4})/[0-9]{1,7}[A-Z]')
{%- endmacro %}

{# The rows of a relation whose PNC identifier is written in another way. #}
{% macro unusual_pnc_ids(relation) -%}
(select pnc_id from {{ relation }} where not {{ is_usual_pnc('pnc_id') }})
{%- endmacro %}

{# The check letter of a PNC identifier from its year (of two or four digits) and its serial number. #}
{% macro pnc_check_letter(year_number, serial_number) -%}
substr(
            'ZABCDEFGHJKLMNPQRTUVWXY',
            try_cast((({{ year_number }} % 100) * 10000000 + {{ serial_number }}) % 23 as integer) + 1,
            1
        )
{%- endmacro %}

{# The year of a PNC identifier: two digits above the reference year's last two belong to the century before. #}
{% macro pnc_year(n_year_digits, year_number) -%}
{%- set reference_year = var('pnc_reference_year') | int -%}
{%- set century = reference_year - reference_year % 100 -%}
case
            when {{ n_year_digits }} = 4 then {{ year_number }}
            when {{ year_number }} > {{ reference_year % 100 }} then {{ century - 100 }} + {{ year_number }}
            else {{ century }} + {{ year_number }}
        end
{%- endmacro %}

{# The canonical form YYYY/NNNNNNNL. #}
{% macro canonical_pnc(year, serial_number, check_letter) -%}
format('{:04d}/{:07d}{}', {{ year }}, {{ serial_number }}, {{ check_letter }})
{%- endmacro %}

{# The birthday on which somebody turns `years`; a 29 February birthday falls on 1 March in common years. #}
{% macro birthday(date_of_birth, years) -%}
try_cast({{ date_of_birth }} + to_years({{ years }}) as date)
+ case
    when day({{ date_of_birth }}) = 29 and month({{ date_of_birth }}) = 2
        and day({{ date_of_birth }} + to_years({{ years }})) = 28 then 1
    else 0
end
{%- endmacro %}

{# Whole years of age on a day; a 29 February birthday falls on 1 March in common years. #}
{% macro age_in_years(date_of_birth, on_date) -%}
try_cast(
            year({{ on_date }}) - year({{ date_of_birth }})
            - case
                when month({{ on_date }}) * 100 + day({{ on_date }})
                    < month({{ date_of_birth }}) * 100 + day({{ date_of_birth }}) then 1
                else 0
            end as integer
        )
{%- endmacro %}

{# Why a date of birth cannot be used; null where it can, or where none was received. #}
{% macro date_of_birth_problem(date_of_birth, own_date) -%}
case
    when {{ date_of_birth }} in (select placeholder_date from {{ ref('date_placeholders') }}) then 'placeholder'
    when {{ date_of_birth }} > {{ own_date }} then 'after_own_date'
    when {{ birthday(date_of_birth, limit('oldest_age_years')) }} < {{ own_date }} then 'too_old'
end
{%- endmacro %}
