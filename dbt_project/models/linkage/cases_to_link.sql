with

cases as (
    select * from {{ ref('eligible_cases') }}
),

{% if is_relinking() or not execute -%}
records as (
    select * from {{ ref('match_records') }}
),

changed_records as (
    select * from records
    where is_changed
),

overrides as (
    select * from {{ ref('overrides_outcomes') }}
),

-- Where the tables still speak of records as the last linkage saw them.
known_pairs as (
    select
        source,
        case_id,
        record_id
    from {{ as_last_linked('candidate_pairs') }}
    union
    select
        source,
        case_id,
        record_id
    from {{ as_last_linked('records_of_persons') }}
),

reasons as (
    -- The case itself is new or was corrected,
    select
        source,
        case_id,
        'case_changed' as reason
    from cases
    where is_changed
    union all
    -- or is no longer there.
    select
        known.source,
        known.case_id,
        'case_gone'
    from {{ as_last_linked('decisions') }} as known
    anti join cases on known.source = cases.source and known.case_id = cases.case_id
    union all
    -- A record it was compared with, or that belongs to a person it reached, was corrected,
    select
        known_pairs.source,
        known_pairs.case_id,
        'known_record_changed'
    from known_pairs
    semi join changed_records
        on known_pairs.source = changed_records.source and known_pairs.record_id = changed_records.record_id
    union all
    -- or is no longer there.
    select
        known_pairs.source,
        known_pairs.case_id,
        'known_record_gone'
    from known_pairs
    anti join records
        on known_pairs.source = records.source and known_pairs.record_id = records.record_id
    union all
    -- A new or corrected record shares a block with it,
    select
        source,
        case_id,
        'record_in_block'
    from ({{ pairs_sharing_a_block('cases', 'changed_records') }})
    union all
    -- or joins a person it reached,
    select
        reached.source,
        reached.case_id,
        'record_of_person'
    from {{ as_last_linked('case_persons') }} as reached
    semi join changed_records
        on reached.source = changed_records.source and reached.person_key = changed_records.person_key
    union all
    -- or was named by a reviewer.
    select
        overrides.source,
        overrides.case_id,
        'record_of_override'
    from overrides
    semi join changed_records
        on overrides.source = changed_records.source and overrides.record_id = changed_records.record_id
),

final as (
    select
        source,
        case_id,
        string_agg(distinct reason, ' ' order by reason) as reasons
    from reasons
    group by source, case_id
)
{%- else -%}
final as (
    select
        source,
        case_id,
        'everything' as reasons
    from cases
)
{%- endif %}

select * from final
