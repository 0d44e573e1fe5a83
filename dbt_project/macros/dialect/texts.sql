{# Texts: patterns, characters, and texts put together of many rows. #}

{# Any value as text; a date as year, month and day. #}
{% macro as_text(value) -%}
{{ adapter.dispatch('as_text')(value) }}
{%- endmacro %}

{% macro duckdb__as_text(value) -%}
try_cast({{ value }} as varchar)
{%- endmacro %}

{% macro spark__as_text(value) -%}
cast({{ value }} as string)
{%- endmacro %}

{% macro athena__as_text(value) -%}
cast({{ value }} as varchar)
{%- endmacro %}

{# Whether a text is wholly as a pattern says. #}
{% macro is_wholly(text, pattern) -%}
{{ adapter.dispatch('is_wholly')(text, pattern) }}
{%- endmacro %}

{% macro duckdb__is_wholly(text, pattern) -%}
regexp_full_match({{ text }}, '{{ pattern }}')
{%- endmacro %}

{# Java's `$` stands before a line's end too; and only a raw text keeps its backslashes. #}
{% macro spark__is_wholly(text, pattern) -%}
regexp_like({{ text }}, r'^(?:{{ pattern }})\z')
{%- endmacro %}

{% macro athena__is_wholly(text, pattern) -%}
regexp_like({{ text }}, '^(?:{{ pattern }})\z')
{%- endmacro %}

{# A text with all that is as a pattern says replaced. #}
{% macro replaced(text, pattern, replacement) -%}
{{ adapter.dispatch('replaced')(text, pattern, replacement) }}
{%- endmacro %}

{% macro duckdb__replaced(text, pattern, replacement) -%}
regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro spark__replaced(text, pattern, replacement) -%}
regexp_replace({{ text }}, r'{{ pattern }}', '{{ replacement }}')
{%- endmacro %}

{% macro athena__replaced(text, pattern, replacement) -%}
regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}')
{%- endmacro %}

{# A text of each row of a group as one text, in the order of a column; null where there is none. #}
{% macro in_order(text, separator, order_by, where=none) -%}
{{ adapter.dispatch('in_order')(text, separator, order_by) }}{% if where %} filter (where {{ where }}){% endif %}
{%- endmacro %}

{% macro duckdb__in_order(text, separator, order_by) -%}
string_agg({{ text }}, '{{ separator }}' order by {{ order_by }})
{%- endmacro %}

{% macro spark__in_order(text, separator, order_by) -%}
string_agg({{ text }}, '{{ separator }}') within group (order by {{ order_by }})
{%- endmacro %}

{% macro athena__in_order(text, separator, order_by) -%}
listagg({{ text }}, '{{ separator }}') within group (order by {{ order_by }})
{%- endmacro %}

{# The places of a text's characters, from 1. #}
{% macro places(text) -%}
{{ adapter.dispatch('places')(text) }}
{%- endmacro %}

{% macro duckdb__places(text) -%}
generate_series(1, length({{ text }}))
{%- endmacro %}

{# Spark counts down from 1 to 0 where a text has no character. #}
{% macro default__places(text) -%}
case when length({{ text }}) > 0 then sequence(1, length({{ text }})) end
{%- endmacro %}

{# The code point of a character as Unicode writes it: U+00D8. #}
{% macro code_point(character) -%}
{{ adapter.dispatch('code_point')(character) }}
{%- endmacro %}

{% macro duckdb__code_point(character) -%}
format('U+{:04X}', unicode({{ character }}))
{%- endmacro %}

{% macro spark__code_point(character) -%}
format_string('U+%04X', ascii({{ character }}))
{%- endmacro %}

{% macro athena__code_point(character) -%}
format('U+%04X', codepoint({{ character }}))
{%- endmacro %}

{#
  Whether two texts of plain letters are one typing fault apart: a letter more, less or another, or two neighbours
  exchanged. DuckDB has the distance that counts an exchange as one. The others have the one that counts it as two,
  so there every exchange is tried.
#}
{% macro is_one_fault_apart(one, other) -%}
{{ adapter.dispatch('is_one_fault_apart')(one, other) }}
{%- endmacro %}

{% macro duckdb__is_one_fault_apart(one, other) -%}
damerau_levenshtein({{ one }}, {{ other }}) = 1
{%- endmacro %}

{% macro spark__is_one_fault_apart(one, other) -%}
(levenshtein({{ one }}, {{ other }}) = 1 or {{ are_neighbours_exchanged(one, other) }})
{%- endmacro %}

{% macro athena__is_one_fault_apart(one, other) -%}
(levenshtein_distance({{ one }}, {{ other }}) = 1 or {{ are_neighbours_exchanged(one, other) }})
{%- endmacro %}

{% macro are_neighbours_exchanged(one, other) -%}
(length({{ one }}) = length({{ other }}) and {{ one }} <> {{ other }} and cardinality(filter(
                sequence(1, length({{ one }})),
                i -> {{ other }} = substr({{ one }}, 1, i - 1) || substr({{ one }}, i + 1, 1)
                    || substr({{ one }}, i, 1) || substr({{ one }}, i + 2)
            )) > 0)
{%- endmacro %}

{# In how many places two texts of one length differ. #}
{% macro places_that_differ(one, other) -%}
{{ adapter.dispatch('places_that_differ')(one, other) }}
{%- endmacro %}

{% macro duckdb__places_that_differ(one, other) -%}
hamming({{ one }}, {{ other }})
{%- endmacro %}

{# A letter beside none is no letter that differs: without this, nothing would differ from nothing. #}
{% macro spark__places_that_differ(one, other) -%}
case when {{ other }} is not null then cardinality(filter(
                sequence(1, length({{ one }})), i -> substr({{ one }}, i, 1) <> substr({{ other }}, i, 1)
            )) end
{%- endmacro %}

{% macro athena__places_that_differ(one, other) -%}
hamming_distance({{ one }}, {{ other }})
{%- endmacro %}
