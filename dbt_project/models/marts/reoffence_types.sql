with

case_keys as (
    select * from {{ source('linkage', 'case_keys') }}
),

decided as (
    select * from {{ ref('decided_records') }}
    where source = 'reoffending'
),

measured as (
    select * from {{ ref('measured_reoffending') }}
),

-- Several records of a case combine as its number of reoffences does: every group, the most severity. Quarters that add
-- up to the number are those of one record, that with the most reoffences.
combined as (
    select
        decided.case_id,
        array_to_string(
            list_sort(
                list_distinct(
                    flatten(
                        list(string_split(measured.offence_groups, ' ')) filter (
                            where measured.offence_groups is not null
                        )
                    )
                )
            ),
            ' '
        ) as offence_groups,
        arg_max(measured.most_severe_group, (measured.severity_highest, -decided.record_order)) as most_severe_group,
        max(measured.severity_highest)::integer as severity_highest,
        max(measured.severity_total)::integer as severity_total,
        arg_max(measured.reoffences_quarter_1, (measured.reoffences, -decided.record_order)) as reoffences_quarter_1,
        arg_max(measured.reoffences_quarter_2, (measured.reoffences, -decided.record_order)) as reoffences_quarter_2,
        arg_max(measured.reoffences_quarter_3, (measured.reoffences, -decided.record_order)) as reoffences_quarter_3,
        arg_max(measured.reoffences_quarter_4, (measured.reoffences, -decided.record_order)) as reoffences_quarter_4
    from decided
    inner join measured on decided.record_id = measured.record_id
    group by decided.case_id
),

final as (
    select
        case_keys.case_key,
        combined.offence_groups,
        combined.most_severe_group,
        combined.severity_highest,
        combined.severity_total,
        combined.reoffences_quarter_1,
        combined.reoffences_quarter_2,
        combined.reoffences_quarter_3,
        combined.reoffences_quarter_4
    from combined
    inner join case_keys on combined.case_id = case_keys.case_id
)

select * from final
