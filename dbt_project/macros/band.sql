{# The band of an item a number falls in, from reference.bands; null outside every band. #}
{% macro band(item, value) -%}
(
            select bands.category from {{ ref('bands') }} as bands
            where
                bands.item = '{{ item }}'
                and {{ value }} >= bands.lowest
                and ({{ value }} <= bands.highest or bands.highest is null)
        )
{%- endmacro %}
