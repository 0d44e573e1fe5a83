{# One row of a group: that which is the first or the last in the order of several columns. #}

{# The value, of those that are none, in the row where `by` (a list of columns) is largest. No column holds a null. #}
{% macro of_the_largest(value, by) -%}
{{ adapter.dispatch('of_the_largest')(value, by) }}
{%- endmacro %}

{% macro duckdb__of_the_largest(value, by) -%}
arg_max({{ value }}, ({{ by | join(', ') }}))
{%- endmacro %}

{# DuckDB passes over rows without a value; the others would return that there is none. #}
{% macro spark__of_the_largest(value, by) -%}
max_by({{ value }}, struct({{ by | join(', ') }})) filter (where {{ value }} is not null)
{%- endmacro %}

{% macro athena__of_the_largest(value, by) -%}
max_by({{ value }}, row({{ by | join(', ') }})) filter (where {{ value }} is not null)
{%- endmacro %}

{% macro of_the_smallest(value, by) -%}
{{ adapter.dispatch('of_the_smallest')(value, by) }}
{%- endmacro %}

{% macro duckdb__of_the_smallest(value, by) -%}
arg_min({{ value }}, ({{ by | join(', ') }}))
{%- endmacro %}

{% macro spark__of_the_smallest(value, by) -%}
min_by({{ value }}, struct({{ by | join(', ') }})) filter (where {{ value }} is not null)
{%- endmacro %}

{% macro athena__of_the_smallest(value, by) -%}
min_by({{ value }}, row({{ by | join(', ') }})) filter (where {{ value }} is not null)
{%- endmacro %}
