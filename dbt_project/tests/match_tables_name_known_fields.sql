-- Rules, blocks and guards may name only fields that the SQL compares; a block's fields must be equalities.
{%- set known = agreements('cases', 'records').keys() | list %}
{%- set equal = compared_by_themselves() + ['swapped_names', 'same_day', 'other_surname', 'probable'] %}
with

written as (
    select
        'match_rules' as reference_table,
        fields
    from {{ ref('match_rules') }}
    union all
    select
        'match_rules',
        unless_differing
    from {{ ref('match_rules') }}
    where unless_differing is not null
    union all
    select
        'match_guards',
        fields
    from {{ ref('match_guards') }}
    union all
    select
        'match_blocks',
        fields
    from {{ ref('match_blocks') }}
    union all
    select
        'match_fields',
        field
    from {{ ref('match_fields') }}
),

named as (
    select
        written.reference_table,
        words.field
    from written
    {{ cross_join_each("split(replace(trim(written.fields), ';', ' '), ' ')", 'words', 'field') }}
    where words.field <> ''
)

select
    named.reference_table,
    named.field
from named
left join {{ ref('match_fields') }} as match_fields on named.field = match_fields.field
where
    match_fields.field is null
    or not {{ holds(list_of(known), 'named.field') }}
    or (named.reference_table = 'match_blocks' and not {{ holds(list_of(equal), 'named.field') }})
