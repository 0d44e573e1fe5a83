with

results as (
    select
        offence_results.*,
        disposals.is_proven,
        max(offence_results.disposal_date) filter (where disposals.overturns_proof) over (
            partition by offence_results.offence_key
        ) as overturned_date
    from {{ ref('offence_results') }} as offence_results
    inner join {{ ref('disposals') }} as disposals on offence_results.known_disposal = disposals.disposal
),

-- The proof that holds is the first one that no later result overturned. On one day the proof comes last.
told_once as (
    select
        person_key,
        offence_key,
        min(offence_date) as offence_date,
        arg_max(known_code, (coalesce(disposal_date, offence_date), record_id)) as known_code,
        bool_or(country = 'england_and_wales') as is_in_england_and_wales,
        min(disposal_date) filter (
            where is_proven and (overturned_date is null or disposal_date >= overturned_date)
        ) as proven_date,
        max(overturned_date) is not null as is_overturned,
        count(*) as n_results,
        list(distinct index_date) filter (where index_date is not null) as index_dates
    from results
    group by person_key, offence_key
),

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
        told_once.proven_date,
        told_once.is_overturned,
        told_once.n_results,
        told_once.index_dates
    from told_once
    inner join {{ ref('offence_codes') }} as codes on told_once.known_code = codes.offence_code
)

select * from final
