with

cases as (
    select * from {{ ref('eligible_cases') }}
),

in_blocks as (
    select * from {{ ref('records_in_blocks') }}
),

cases_without_pnc as (
    select * from cases
    where pnc_id is null
),

sharing_with_a_case_without_pnc as (
    {{ pairs_sharing_a_block('cases_without_pnc', 'in_blocks') }}
),

-- A guard that lets other rules than those with a CRN accept two different PNC identifiers.
exempt_without_crn as (
    select guard from {{ ref('match_guards') }}
    where guard = 'conflict_exempt' and not list_contains(string_split(trim(fields), ' '), 'crn')
),

blocks_by_pnc as (
    select block from {{ ref('match_blocks') }}
    where list_contains(string_split(trim(fields), ' '), 'pnc')
),

named_by_a_reviewer as (
    select in_blocks.* from in_blocks
    semi join {{ source('linkage', 'overrides') }} as overrides
        on in_blocks.source = overrides.source and in_blocks.record_id = overrides.record_id
),

-- Records that may bring a person whose other records share no block with the case. Not so, where a block seeks it, the PNC
-- identifier of a case; nor one that conflicts with those of all cases that meet the record, unless they share a CRN.
bringing_a_person as (
    select in_blocks.* from in_blocks
    semi join sharing_with_a_case_without_pnc as shared
        on in_blocks.source = shared.source and in_blocks.record_id = shared.record_id
    union
    select in_blocks.* from in_blocks
    semi join cases on in_blocks.source = cases.source and in_blocks.crn = cases.crn
    union
    select in_blocks.* from in_blocks
    semi join cases on in_blocks.source = cases.source and in_blocks.pnc_id = cases.pnc_id
    where not exists (select 1 from blocks_by_pnc)
    union
    select * from named_by_a_reviewer
    union
    select * from in_blocks
    where pnc_id is null or exists (select 1 from exempt_without_crn)
),

pnc_ids as (
    select distinct
        bringing.source,
        bringing.pnc_id
    from bringing_a_person as bringing
    anti join cases
        on bringing.source = cases.source
        and bringing.pnc_id = cases.pnc_id
        and exists (select 1 from blocks_by_pnc)
    where bringing.pnc_id is not null
),

pnc_numbers as (
    {{ numbers_of_pnc_ids('pnc_ids') }}
),

crn_numbers as (
    {{ numbers_of(['crn'], 'bringing_a_person') }}
    and pnc_id is null
),

-- Records of a person known by names and birthday share whatever block brought one of them, but a reviewer needs none.
surname_birth_numbers as (
    {{ numbers_of(['surname', 'date_of_birth'], 'named_by_a_reviewer') }}
    and person_key like 'name|%'
),

found as (
    select distinct *
    from (
        {{ records_sought({'pnc': 'pnc_numbers', 'crn': 'crn_numbers'}) }}
        union all
        {{ records_sought({'surname_birth': 'surname_birth_numbers'}) }}
    )
),

received as (
    select found.* from found
    anti join in_blocks on found.source = in_blocks.source and found.record_id = in_blocks.record_id
),

identifiers as (
    {{ staged_identifiers('received', 'record_date') }}
),

keyed as (
    select * from in_blocks
    union all by name
    select
        *,
        {{ person_key() }} as person_key
    from identifiers
),

final as (
    {{ marked_as_changed('keyed', [
        'source', 'record_id', 'record_date', 'pnc_id', 'crn', 'date_of_birth', 'surname', 'forenames',
        'first_forename', 'person_key'
    ]) }}
)

select * from final
