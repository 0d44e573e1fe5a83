with

pairs as (
    select * from {{ ref('pair_agreements') }}
),

-- All records of a person count, not only those that satisfy a rule. Two different identifiers are told by the first and
-- the last of them in order.
final as (
    select
        source,
        case_id,
        person_key,
        array_sort(array_distinct(flatten(array_agg(rule_ranks)))) as rule_ranks,
        count(*) filter (where is_in_window) as records_in_window,
        min(pnc_id) filter (where is_in_window) as first_pnc_id,
        max(pnc_id) filter (where is_in_window) as last_pnc_id,
        min(crn) filter (where is_in_window) as first_crn,
        max(crn) filter (where is_in_window) as last_crn,
        max(crn) as any_crn,
        array_sort({{ listed('distinct name_key', 'is_in_window and name_key is not null') }}) as name_keys,
        min(abs(date_difference_days)) filter (where not is_contradicted) as smallest_difference_days
    from pairs
    group by source, case_id, person_key
    having bool_or(cardinality(rule_ranks) > 0)
)

select * from final
