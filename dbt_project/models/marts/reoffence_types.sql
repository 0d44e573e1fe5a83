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
        {{ as_one_text(
            'array_sort(array_distinct(flatten('
            ~ listed("split(measured.offence_groups, ' ')", 'measured.offence_groups is not null') ~ ')))', ' '
        ) }} as offence_groups,
        {{ of_the_largest('measured.most_severe_group', ['measured.severity_highest', '-decided.record_order']) }}
            as most_severe_group,
        cast(max(measured.severity_highest) as integer) as severity_highest,
        cast(max(measured.severity_total) as integer) as severity_total,
        {{ of_the_largest('measured.reoffences_quarter_1', ['measured.reoffences', '-decided.record_order']) }}
            as reoffences_quarter_1,
        {{ of_the_largest('measured.reoffences_quarter_2', ['measured.reoffences', '-decided.record_order']) }}
            as reoffences_quarter_2,
        {{ of_the_largest('measured.reoffences_quarter_3', ['measured.reoffences', '-decided.record_order']) }}
            as reoffences_quarter_3,
        {{ of_the_largest('measured.reoffences_quarter_4', ['measured.reoffences', '-decided.record_order']) }}
            as reoffences_quarter_4
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
