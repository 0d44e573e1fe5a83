with

identifiers as (
    {{ cleaned_rows('terminations', 'sentence_date') }}
),

final as (
    select
        record_id,
        {{ cleaned_identifiers() }},
        {{ person_key() }} as person_key,
        sentence_date,
        termination_date,
        termination_reason,
        file,
        line
    from identifiers
)

select * from final
