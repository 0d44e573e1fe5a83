{# White space in the Unicode sense (what Python's str.isspace accepts), as a character class. #}
{% macro white_space() -%}
[\x{09}-\x{0d}\x{1c}-\x{1f}\x{85}\p{Z}]
{%- endmacro %}

{# An identifier with every blank removed, in upper case. #}
{% macro without_blanks(column) -%}
upper({{ replaced(column, white_space(), '') }})
{%- endmacro %}

{# A text without the white space around it. DuckDB's own `trim` takes blanks of every kind away, others only the plain one. #}
{% macro trimmed(text) -%}
{{ replaced(text, '^' ~ white_space() ~ '+|' ~ white_space() ~ '+$', '') }}
{%- endmacro %}

{# The letters A to Z of a text in capitals, or small. Of other letters engines think as their edition of Unicode does. #}
{% macro in_capitals(text) -%}
translate({{ text }}, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')
{%- endmacro %}

{% macro in_small_letters(text) -%}
translate({{ text }}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')
{%- endmacro %}

{# A limit an analyst may edit, by its name in reference.limits. #}
{% macro limit(name) -%}
(select limit_value from {{ ref('limits') }} where limit_name = '{{ name }}')
{%- endmacro %}

{# Case reference number: one letter and six digits, else null. Nearly all are written so and pay for one look. #}
{% macro cleaned_crn(column) -%}
case
                when {{ is_wholly(column, '[A-Z][0-9]{6}') }} then {{ column }}
                when {{ is_wholly(without_blanks(column), '[A-Z][0-9]{6}') }} then {{ without_blanks(column) }}
            end
{%- endmacro %}

{# The birthday on which somebody turns `years`; a 29 February birthday falls on 1 March in common years. #}
{% macro birthday(date_of_birth, years) -%}
{%- set same_day = months_after(date_of_birth, '12 * ' ~ years) -%}
case
        when day({{ date_of_birth }}) = 29 and month({{ date_of_birth }}) = 2 and day({{ same_day }}) = 28
            then {{ days_after(same_day, 1) }}
        else {{ same_day }}
    end
{%- endmacro %}

{# Whole years of age on a day; a 29 February birthday falls on 1 March in common years. #}
{% macro age_in_years(date_of_birth, on_date) -%}
cast(
            year({{ on_date }}) - year({{ date_of_birth }})
            - case
                when month({{ on_date }}) * 100 + day({{ on_date }})
                    < month({{ date_of_birth }}) * 100 + day({{ date_of_birth }}) then 1
                else 0
            end as integer
        )
{%- endmacro %}

{# Why a date of birth cannot be used; null where it can, or where none was received. `placeholder`: that it is, or null. #}
{% macro date_of_birth_problem(date_of_birth, own_date, placeholder) -%}
case
    when {{ placeholder }} is not null then 'placeholder'
    when {{ date_of_birth }} > {{ own_date }} then 'after_own_date'
    when {{ birthday(date_of_birth, limit('oldest_age_years')) }} < {{ own_date }} then 'too_old'
end
{%- endmacro %}
