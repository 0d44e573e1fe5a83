-- depends_on: {{ ref('match_blocks') }}
{%- set agreements = agreements('cases', 'records') %}
with

cases as (
    select * from {{ ref('eligible_cases') }}
),

records as (
    select * from {{ ref('match_records') }}
),

overrides as (
    select * from {{ ref('overrides_outcomes') }}
    where decision = 'must_link' and outcome = 'applied'
),

probable_pairs as (
    select * from {{ source('linkage', 'probable_pairs') }}
),

-- One plain join a block: what it holds is equal. A reviewer may link what shares no block at all.
met as (
    {% for block in match_blocks() -%}
    select
        cases.source,
        cases.case_id,
        records.record_id,
        records.person_key,
        {{ block.rank }} as block_rank
    from cases
    {% if 'probable' in block.fields -%}
    inner join probable_pairs on cases.source = probable_pairs.source and cases.case_id = probable_pairs.case_id
    {% endif -%}
    inner join records
        on cases.source = records.source
        {% for field in block.fields -%}
        and {{ agreements[field] }}
        {% endfor -%}
    {% if not block.compares_conflicting_pnc -%}
    where coalesce(cases.pnc_id = records.pnc_id, true)
    {% endif -%}
    union all
    {% endfor -%}
    select
        cases.source,
        cases.case_id,
        records.record_id,
        records.person_key,
        0
    from overrides
    inner join cases on overrides.source = cases.source and overrides.case_id = cases.case_id
    inner join records on overrides.source = records.source and overrides.record_id = records.record_id
),

persons_met as (
    select distinct
        source,
        case_id,
        person_key
    from met
),

-- A person's other records come with it: which of them is nearest to the start date is the second step's question.
come_with_their_person as (
    select
        persons_met.source,
        persons_met.case_id,
        records.record_id,
        records.person_key,
        null as block_rank
    from persons_met
    inner join records on persons_met.source = records.source and persons_met.person_key = records.person_key
),

looked_at as (
    select * from met
    union all
    select * from come_with_their_person
),

final as (
    select
        source,
        case_id,
        record_id,
        -- the first block that the pair shares; 0 where a reviewer alone brought it
        coalesce(min(block_rank) filter (where block_rank > 0), min(block_rank)) as block_rank
    from looked_at
    group by source, case_id, record_id
)

select * from final
