-- Identifiers stop at linkage: no mart has a column named after one, and none holds a date.
-- depends_on: {{ ref('cases') }}, {{ ref('linkage_steps') }}, {{ ref('reoffence_types') }}, {{ ref('reoffence_measures') }}
select
    table_name,
    column_name
from duckdb_columns()
where
    schema_name = 'marts'
    and not internal
    and (
        column_name in (
            'case_id', 'record_id', 'crn', 'pnc', 'pnc_id', 'surname', 'forenames', 'first_forename', 'name', 'dob',
            'date_of_birth', 'person_key', 'file', 'line'
        )
        or column_name like '%\_date' escape '\'
        or data_type like 'DATE%'
        or data_type like 'TIMESTAMP%'
    )
