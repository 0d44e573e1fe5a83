{# The same day so many months later; the last day of that month where it has no such day. #}
{% macro months_after(day, months) -%}
({{ day }} + to_months({{ months }}))::date
{%- endmacro %}
