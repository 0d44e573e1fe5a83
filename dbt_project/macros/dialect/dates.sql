{# Dates: days and months between and after them. #}

{# Days from one date to another. #}
{% macro days_between(day, later) -%}
{{ adapter.dispatch('days_between')(day, later) }}
{%- endmacro %}

{% macro duckdb__days_between(day, later) -%}
date_diff('day', {{ day }}, {{ later }})
{%- endmacro %}

{% macro spark__days_between(day, later) -%}
cast(date_diff({{ later }}, {{ day }}) as bigint)
{%- endmacro %}

{% macro athena__days_between(day, later) -%}
date_diff('day', {{ day }}, {{ later }})
{%- endmacro %}

{# The date so many days later. #}
{% macro days_after(day, days) -%}
{{ adapter.dispatch('days_after')(day, days) }}
{%- endmacro %}

{% macro duckdb__days_after(day, days) -%}
{{ day }} + {{ days }}
{%- endmacro %}

{% macro spark__days_after(day, days) -%}
date_add({{ day }}, {{ days }})
{%- endmacro %}

{% macro athena__days_after(day, days) -%}
date_add('day', {{ days }}, {{ day }})
{%- endmacro %}

{# The same day so many months later; the last day of that month where it has no such day. #}
{% macro months_after(day, months) -%}
{{ adapter.dispatch('months_after')(day, months) }}
{%- endmacro %}

{% macro duckdb__months_after(day, months) -%}
cast({{ day }} + to_months({{ months }}) as date)
{%- endmacro %}

{% macro spark__months_after(day, months) -%}
add_months({{ day }}, {{ months }})
{%- endmacro %}

{% macro athena__months_after(day, months) -%}
date_add('month', {{ months }}, {{ day }})
{%- endmacro %}
