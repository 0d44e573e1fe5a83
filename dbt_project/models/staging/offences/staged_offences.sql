with

identifiers as (
    {{ cleaned_rows('offences', 'coalesce(index_date, offence_date)') }}
),

final as (
    select
        record_id,
        {{ cleaned_identifiers() }},
        {{ person_key() }} as person_key,
        offence_reference,
        offence_date,
        offence_end_date,
        {{ in_capitals(trimmed('offence_code')) }} as offence_code,
        disposal_date,
        {{ replaced(in_small_letters(trimmed('disposal')), '[ -]+', '_') }} as disposal,
        coalesce(country, 'england_and_wales') as country,
        index_date,
        file,
        line
    from identifiers
)

select * from final
