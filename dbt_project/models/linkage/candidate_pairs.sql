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

-- A person's other records come with it: which of them is nearest to the start date is the second step's question.
come_with_their_person as (
    select
        persons.source,
        persons.case_id,
        records.record_id,
        records.person_key,
        null as block_rank
    from (select distinct source, case_id, person_key from met) as persons
    inner join records on persons.source = records.source and persons.person_key = records.person_key
),

final as (
    select
        source,
        case_id,
        record_id,
        -- the first block that the pair shares; 0 where a reviewer alone brought it
        coalesce(min(block_rank) filter (where block_rank > 0), min(block_rank)) as block_rank
    from (
        select * from met
        union all
        select * from come_with_their_person
    )
    group by source, case_id, record_id
)

select * from final
