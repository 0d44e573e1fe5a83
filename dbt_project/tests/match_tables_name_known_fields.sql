-- Rules, blocks and guards may name only fields that the SQL compares; a block's fields must be equalities.
{%- set known = agreements('cases', 'records').keys() | list %}
with

named as (
    select
        'match_rules' as reference_table,
        unnest(string_split(trim(fields), ' ')) as field
    from {{ ref('match_rules') }}
    union all
    select
        'match_rules',
        unnest(regexp_split_to_array(trim(unless_differing), '[; ]+'))
    from {{ ref('match_rules') }}
    where unless_differing is not null
    union all
    select
        'match_guards',
        unnest(regexp_split_to_array(trim(fields), '[; ]+'))
    from {{ ref('match_guards') }}
    union all
    select
        'match_blocks',
        unnest(string_split(trim(fields), ' '))
    from {{ ref('match_blocks') }}
    union all
    select
        'match_fields',
        field
    from {{ ref('match_fields') }}
)

select
    named.reference_table,
    named.field
from named
left join {{ ref('match_fields') }} as match_fields on named.field = match_fields.field
where
    match_fields.field is null
    or not list_contains({{ known }}, named.field)
    or (
        named.reference_table = 'match_blocks'
        and list_contains({{ derived_fields().keys() | reject('in', ['swapped_names', 'same_day', 'other_surname', 'probable']) | list }}, named.field)
    )
