{# Lists: what has another name, or another way with missing values, on each engine. #}

{# A list of texts (a Jinja list). #}
{% macro list_of(texts) -%}
{{ adapter.dispatch('list_of')(texts) }}
{%- endmacro %}

{% macro duckdb__list_of(texts) -%}
[{% for text in texts %}'{{ text }}'{{ ', ' if not loop.last }}{% endfor %}]
{%- endmacro %}

{% macro spark__list_of(texts) -%}
array({% for text in texts %}'{{ text }}'{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro athena__list_of(texts) -%}
array[{% for text in texts %}'{{ text }}'{{ ', ' if not loop.last }}{% endfor %}]
{%- endmacro %}

{# A list of no whole numbers. #}
{% macro no_numbers() -%}
{{ adapter.dispatch('no_numbers')() }}
{%- endmacro %}

{% macro duckdb__no_numbers() -%}
cast([] as integer[])
{%- endmacro %}

{% macro spark__no_numbers() -%}
cast(array() as array<int>)
{%- endmacro %}

{% macro athena__no_numbers() -%}
cast(array[] as array(integer))
{%- endmacro %}

{# The list with a whole number before its first. #}
{% macro preceded_by(number, list) -%}
{{ adapter.dispatch('preceded_by')(number, list) }}
{%- endmacro %}

{% macro duckdb__preceded_by(number, list) -%}
list_prepend({{ number }}, {{ list }})
{%- endmacro %}

{% macro spark__preceded_by(number, list) -%}
array_prepend({{ list }}, {{ number }})
{%- endmacro %}

{% macro athena__preceded_by(number, list) -%}
array[{{ number }}] || {{ list }}
{%- endmacro %}

{# Whether a list holds a value, or any, or all, of another list; null where either is. Neither list holds a null. #}
{% macro holds(list, value) -%}
{{ adapter.dispatch('holds')(list, value) }}
{%- endmacro %}

{% macro duckdb__holds(list, value) -%}
list_contains({{ list }}, {{ value }})
{%- endmacro %}

{% macro spark__holds(list, value) -%}
array_contains({{ list }}, {{ value }})
{%- endmacro %}

{% macro athena__holds(list, value) -%}
contains({{ list }}, {{ value }})
{%- endmacro %}

{% macro holds_any(list, others) -%}
{{ adapter.dispatch('holds_any')(list, others) }}
{%- endmacro %}

{% macro duckdb__holds_any(list, others) -%}
list_has_any({{ list }}, {{ others }})
{%- endmacro %}

{% macro default__holds_any(list, others) -%}
arrays_overlap({{ list }}, {{ others }})
{%- endmacro %}

{% macro holds_all(list, others) -%}
{{ adapter.dispatch('holds_all')(list, others) }}
{%- endmacro %}

{% macro duckdb__holds_all(list, others) -%}
list_has_all({{ list }}, {{ others }})
{%- endmacro %}

{% macro default__holds_all(list, others) -%}
(cardinality(array_except({{ others }}, {{ list }})) = 0)
{%- endmacro %}

{# The values of a list of which a condition holds; `each` is their name in it. #}
{% macro those_of(list, each, condition) -%}
{{ adapter.dispatch('those_of')(list, each, condition) }}
{%- endmacro %}

{% macro duckdb__those_of(list, each, condition) -%}
list_filter({{ list }}, lambda {{ each }}: {{ condition }})
{%- endmacro %}

{% macro default__those_of(list, each, condition) -%}
filter({{ list }}, {{ each }} -> {{ condition }})
{%- endmacro %}

{# What is made of each value of a list; `each` is their name in it. #}
{% macro made_of_each(list, each, made) -%}
{{ adapter.dispatch('made_of_each')(list, each, made) }}
{%- endmacro %}

{% macro duckdb__made_of_each(list, each, made) -%}
list_transform({{ list }}, lambda {{ each }}: {{ made }})
{%- endmacro %}

{% macro default__made_of_each(list, each, made) -%}
transform({{ list }}, {{ each }} -> {{ made }})
{%- endmacro %}

{# The texts of a list as one, with a separator. #}
{% macro as_one_text(list, separator) -%}
{{ adapter.dispatch('as_one_text')(list, separator) }}
{%- endmacro %}

{% macro duckdb__as_one_text(list, separator) -%}
array_to_string({{ list }}, '{{ separator }}')
{%- endmacro %}

{% macro default__as_one_text(list, separator) -%}
array_join({{ list }}, '{{ separator }}')
{%- endmacro %}

{# The smallest value of a list; null where it holds none. #}
{% macro smallest_of(list) -%}
{{ adapter.dispatch('smallest_of')(list) }}
{%- endmacro %}

{% macro duckdb__smallest_of(list) -%}
list_min({{ list }})
{%- endmacro %}

{% macro default__smallest_of(list) -%}
array_min({{ list }})
{%- endmacro %}

{# A value of each row of a group as a list, where a condition holds; null where it holds of none. The value is none. #}
{% macro listed(value, where) -%}
{{ adapter.dispatch('listed')(value, where) }}
{%- endmacro %}

{% macro duckdb__listed(value, where) -%}
array_agg({{ value }}) filter (where {{ where }})
{%- endmacro %}

{% macro spark__listed(value, where) -%}
nullif(array_agg({{ value }}) filter (where {{ where }}), array())
{%- endmacro %}

{% macro athena__listed(value, where) -%}
array_agg({{ value }}) filter (where {{ where }})
{%- endmacro %}

{# A row for each value of a list, joined to the row that it stands in: a table of one column. #}
{% macro cross_join_each(list, table, column) -%}
{{ adapter.dispatch('cross_join_each')(list, table, column) }}
{%- endmacro %}

{% macro duckdb__cross_join_each(list, table, column) -%}
cross join unnest({{ list }}) as {{ table }} ({{ column }})
{%- endmacro %}

{% macro spark__cross_join_each(list, table, column) -%}
cross join lateral explode({{ list }}) as {{ table }} ({{ column }})
{%- endmacro %}

{% macro athena__cross_join_each(list, table, column) -%}
cross join unnest({{ list }}) as {{ table }} ({{ column }})
{%- endmacro %}
