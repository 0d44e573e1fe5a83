-- Identifiers stop at linkage: no mart has a column named after one, and none holds a date.
with

mart_columns as (
    {% for mart in [ref('cases'), ref('linkage_steps'), ref('reoffence_types'), ref('reoffence_measures')] -%}
    {% for column in adapter.get_columns_in_relation(mart) -%}
    select
        '{{ mart.identifier }}' as table_name,
        '{{ column.name }}' as column_name,
        '{{ column.data_type | lower }}' as data_type
    union all
    {% endfor -%}
    {% endfor -%}
    select
        'no mart',
        'no column',
        'no type'
)

select
    table_name,
    column_name
from mart_columns
where
    column_name in (
        'case_id', 'record_id', 'crn', 'pnc', 'pnc_id', 'surname', 'forenames', 'first_forename', 'name', 'dob',
        'date_of_birth', 'person_key', 'file', 'line'
    )
    or substr(column_name, -5) = '_date'
    or data_type like 'date%'
    or data_type like 'timestamp%'
