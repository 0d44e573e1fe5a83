with

cases as (
    select * from {{ ref('eligible_cases') }}
),

-- How the records of each block are sought: by the field that fewest people share.
blocks as (
    select
        string_split(trim(fields), ' ') as held,
        case
            when list_contains(held, 'pnc') then 'pnc'
            when list_contains(held, 'crn') then 'crn'
            when list_contains(held, 'dob') and list_contains(held, 'surname') then 'surname_dob'
            when list_contains(held, 'dob') and list_contains(held, 'swapped_names') then 'swapped_names_dob'
            when list_contains(held, 'dob') and list_contains(held, 'first_forename') then 'first_forename_dob'
            else 'everything'
        end as sought_by
    from {{ ref('match_blocks') }}
    where list_has_all({{ equality_fields() }}, held)
),

pnc_ids as (
    select
        source,
        pnc_id
    from cases
    where pnc_id is not null and 'pnc' in (select sought_by from blocks)
),

pnc_numbers as (
    {{ numbers_of_pnc_ids('pnc_ids') }}
),

crn_numbers as (
    {{ numbers_of(['crn'], 'cases') }}
    and 'crn' in (select sought_by from blocks)
),

-- A record whose names are swapped has the case's first forename for its surname.
surname_birth_numbers as (
    {{ numbers_of(['surname', 'date_of_birth'], 'cases') }}
    and 'surname_dob' in (select sought_by from blocks)
    union all
    {{ numbers_of(['first_forename', 'date_of_birth'], 'cases') }}
    and 'swapped_names_dob' in (select sought_by from blocks)
),

forename_birth_numbers as (
    {{ numbers_of(['first_forename', 'date_of_birth'], 'cases') }}
    and 'first_forename_dob' in (select sought_by from blocks)
),

-- A reviewer may name a record that shares no block with the case.
record_numbers as (
    {{ numbers_of(['record_id'], source('linkage', 'overrides')) }}
),

sources_wanted_whole as (
    select
        source,
        0 as number
    from cases
    where 'everything' in (select sought_by from blocks)
),

received as (
    {{ records_sought({
        'pnc': 'pnc_numbers',
        'crn': 'crn_numbers',
        'surname_birth': 'surname_birth_numbers',
        'forename_birth': 'forename_birth_numbers',
        'record': 'record_numbers',
        'everything': 'sources_wanted_whole',
    }) }}
),

identifiers as (
    {{ staged_identifiers('received', 'record_date') }}
),

final as (
    select
        source,
        record_id,
        record_date,
        pnc_id,
        crn,
        date_of_birth,
        surname,
        forenames,
        first_forename,
        {{ person_key() }} as person_key
    from identifiers
)

select * from final
