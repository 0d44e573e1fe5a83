with

results as (
    select
        offence_results.*,
        disposals.is_proven,
        disposals.overturns_proof
    from {{ ref('offence_results') }} as offence_results
    inner join {{ ref('disposals') }} as disposals on offence_results.known_disposal = disposals.disposal
),

told_once as (
    select
        person_key,
        offence_key,
        min(offence_date) as offence_date,
        {{ of_the_largest('known_code', ['coalesce(disposal_date, offence_date)', 'record_id']) }} as known_code,
        bool_or(country = 'england_and_wales') as is_in_england_and_wales,
        {{ listed('disposal_date', 'is_proven and disposal_date is not null') }} as proven_dates,
        max(disposal_date) filter (where overturns_proof) as overturned_date,
        count(*) as n_results,
        array_sort({{ listed('distinct index_date', 'index_date is not null') }}) as index_dates
    from results
    group by person_key, offence_key
),

-- The proof that holds is the first one that no later result overturned. On one day the proof comes last.
final as (
    select
        told_once.person_key,
        told_once.offence_key,
        told_once.offence_date,
        told_once.known_code,
        codes.offence_group,
        codes.counts_as_reoffence,
        codes.severity_weight,
        codes.is_indictable_only,
        told_once.is_in_england_and_wales,
        {{ smallest_of(those_of(
            'told_once.proven_dates',
            'day', 'told_once.overturned_date is null or day >= told_once.overturned_date'
        )) }} as proven_date,
        told_once.overturned_date is not null as is_overturned,
        told_once.n_results,
        told_once.index_dates
    from told_once
    inner join {{ ref('offence_codes') }} as codes on told_once.known_code = codes.offence_code
)

select * from final
