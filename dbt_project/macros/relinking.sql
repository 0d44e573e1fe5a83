{#
  Linking again only what a new extract can change (docs/linkage.md, "Weekly extracts").
  The pipeline says `relink: changed` where nothing but the extracts has changed since the last finished
  linkage; without that word every case is linked anew.
#}
{% macro is_relinking() -%}
{{ return(var('relink', 'all') == 'changed' and model.resource_type == 'model') }}
{%- endmacro %}

{#
  The first line of a model whose rows belong to one case each: its table is kept, and only the rows of the
  cases linked now are taken out and put in again. `case_source`: for a model of one source, without that column.
#}
{% macro linked_case_by_case(case_source='') -%}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_cases_to_link('" ~ case_source ~ "') }}",
) }}
{%- endmacro %}

{# Take the rows of the cases linked now out of the model's table, the cases that are gone included. #}
{% macro forget_cases_to_link(case_source='') -%}
{%- if is_relinking() -%}
delete from {{ this }}
where
    {% if case_source -%}
    case_id in (select case_id from {{ ref('cases_to_link') }} where source = '{{ case_source }}')
    {%- else -%}
    (source, case_id) in (select (source, case_id) from {{ ref('cases_to_link') }})
    {%- endif -%}
{%- elif is_incremental() -%}
delete from {{ this }}
{%- endif -%}
{%- endmacro %}

{# The rows of a relation that belong to the cases linked now. #}
{% macro linked_now(relation) -%}
{%- if is_relinking() or not execute -%}
select relation.* from {{ relation }} as relation
    semi join {{ ref('cases_to_link') }} as linked
        on relation.source = linked.source and relation.case_id = linked.case_id
{%- else -%}
select * from {{ relation }}
{%- endif -%}
{%- endmacro %}

{#
  A table of this schema as the last finished linkage left it. It stands downstream of the model that asks, so
  that a `ref` would make a circle; it is brought up to date only after that model.
#}
{% macro as_last_linked(table) -%}
{{ this.incorporate(path={'identifier': table}) }}
{%- endmacro %}

{#
  Rows, each with whether the last finished linkage knew it exactly so (its own table holds what that linkage saw).
  `columns` decide: every one that linkage reads. Where everything is linked, everything counts as changed.
#}
{% macro marked_as_changed(rows, columns) -%}
{%- if is_relinking() -%}
select
        {% for column in columns -%}
        {{ rows }}.{{ column }},
        {% endfor -%}
        known.{{ columns[0] }} is null as is_changed
    from {{ rows }}
    left join {{ this }} as known
        on
        {% for column in columns -%}
        {{ rows }}.{{ column }} is not distinct from known.{{ column }}
        {{ 'and ' if not loop.last }}
        {%- endfor -%}
{%- else -%}
select
        {% for column in columns -%}
        {{ column }},
        {% endfor -%}
        true as is_changed
    from {{ rows }}
{%- endif -%}
{%- endmacro %}
