{# One row an eligible case of a source: its status, and what was seen on the way. #}
{% macro outcomes_of_source(source_name) %}
with

cases as (
    select * from {{ ref('eligible_cases') }}
    where source = '{{ source_name }}'
),

decisions as (
    select * from {{ ref('decisions') }}
    where source = '{{ source_name }}'
),

pairs as (
    select
        case_id,
        count(*) as records_compared,
        count(*) filter (where is_contradicted) as records_contradicted,
        count(*) filter (where has_conflicting_pnc) as records_with_conflicting_pnc
    from {{ ref('pair_agreements') }}
    where source = '{{ source_name }}' and block_rank is not null
    group by case_id
),

persons as (
    select
        case_id,
        count(*) as persons_reached,
        count(*) filter (where records_in_window > 0) as persons_in_window,
        try_cast(sum(records_in_window) as bigint) as records_in_window
    from {{ ref('persons_reached') }}
    where source = '{{ source_name }}'
    group by case_id
),

final as (
    select
        cases.case_id,
        decisions.status,
        decisions.rule,
        decisions.rule_rank,
        decisions.tier,
        decisions.steps_tried,
        nullif(concat_ws(
            ' ',
            case when cases.pnc_id is not null then 'pnc' end,
            case when cases.crn is not null then 'crn' end,
            case when cases.date_of_birth is not null then 'dob' end,
            case when cases.surname is not null then 'surname' end,
            case when cases.forenames is not null then 'forenames' end
        ), '') as fields_present,
        coalesce(pairs.records_compared, 0) as records_compared,
        coalesce(pairs.records_contradicted, 0) as records_contradicted,
        coalesce(pairs.records_with_conflicting_pnc, 0) as records_with_conflicting_pnc,
        coalesce(persons.persons_reached, 0) as persons_reached,
        coalesce(persons.persons_in_window, 0) as persons_in_window,
        coalesce(persons.records_in_window, 0) as records_in_window,
        decisions.smallest_difference_days
    from cases
    inner join decisions on cases.case_id = decisions.case_id
    left join pairs on cases.case_id = pairs.case_id
    left join persons on cases.case_id = persons.case_id
)

select * from final
{% endmacro %}
