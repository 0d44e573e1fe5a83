{#
  What dbt-spark 1.11 does otherwise than the project needs: it reads the word NULL in a seed as no value, binds
  what is none as 'None' and an apostrophe as it is, knows no `varchar` without a length, and writes a list of a unit test as YAML does.
#}

{# A type of the project's YAML as Spark names it. #}
{% macro spark_type(type) -%}
{{ return('string' if type | lower == 'varchar' else type) }}
{%- endmacro %}

{# A value of a seed or a unit test as Spark writes it. #}
{% macro spark_literal(value) -%}
{%- if value is none -%} null
{%- elif value is string -%} '{{ value | replace('\\', '\\\\') | replace("'", "\\'") }}'
{%- else -%} {{ value }}
{%- endif -%}
{%- endmacro %}

{% macro spark__create_csv_table(model, agate_table) %}
{%- set types = model.config.column_types -%}
{%- set sql -%}
    create table {{ this.render() }} (
        {%- for column in agate_table.column_names %}
        {{ column }} {{ spark_type(types[column]) }}{{ ',' if not loop.last }}
        {%- endfor %}
    )
    {{ comment_clause() }}
{%- endset -%}
{% call statement('_') %}{{ sql }}{% endcall %}
{{ return(sql) }}
{% endmacro %}

{% macro spark__load_csv_rows(model, agate_table) %}
{%- set types = model.config.column_types -%}
{%- for column in agate_table.columns %}{% do column.data_type.null_values.remove('null') %}{% endfor -%}
{%- set rows = agate_table.from_csv(
    agate_table.original_abspath, column_types=agate_table.column_types, encoding='utf-8-sig'
).rows -%}
{%- set sql -%}
    insert into {{ this.render() }}
    select
        {%- for column in agate_table.column_names %}
        cast({{ column }} as {{ spark_type(types[column]) }}){{ ',' if not loop.last }}
        {%- endfor %}
    from values
        {%- for row in rows %}
        ({% for value in row %}{{ spark_literal(value) }}{{ ', ' if not loop.last }}{% endfor %}){{ ',' if not loop.last }}
        {%- endfor %}
    as rows ({{ agate_table.column_names | join(', ') }})
{%- endset -%}
{% if rows | length %}{% do adapter.add_query(sql, abridge_sql_log=True) %}{% endif %}
{{ return(sql) }}
{% endmacro %}

{% macro spark__get_empty_schema_sql(columns) -%}
select
    {%- for column in columns.values() %}
    cast(null as {{ spark_type(column.data_type) }}) as {{ column.name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro spark__safe_cast(field, type) -%}
{%- if field is sequence and field is not string -%}
cast(array({% for value in field %}{{ spark_literal(value) }}{{ ', ' if not loop.last }}{% endfor %}) as {{ type }})
{%- else -%}
cast({{ field }} as {{ type }})
{%- endif -%}
{%- endmacro %}
