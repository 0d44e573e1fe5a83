{#
  Every row of `relation` (a table or view) with its identifiers normalised. Names, and PNC identifiers written in an
  unusual way, are cleaned once a distinct text; usual ones, CRNs and dates of birth are cleaned in the row.
#}
{% macro staged_identifiers(relation, own_date) %}
    with

    names as (
        {{ cleaned_names(
            "select distinct surname as name_received from " ~ relation
            ~ " union select distinct forenames from " ~ relation
        ) }}
    ),

    unusual_pnc_ids as (
        {{ cleaned_pnc_ids("select distinct pnc_id as pnc_received from " ~ unusual_pnc_ids(relation)) }}
    )

    select
        received.* exclude (crn, pnc_id, surname, forenames, date_of_birth, slash, usable_crn, usual_pnc_problem),
        received.usable_crn as crn,
        case when trim(received.crn) <> '' and received.usable_crn is null then 'malformed' end as crn_problem,
        case
            when not received.is_usual_pnc then pnc.pnc_id
            when received.usual_pnc_problem is not null then null
            when length(received.pnc_id) = 13 then received.pnc_id
            else {{ canonical_pnc('received.pnc_year', 'received.serial_number', 'right(received.pnc_id, 1)') }}
        end as pnc_id,
        coalesce(received.usual_pnc_problem, pnc.problem) as pnc_problem,
        surname.joined_name as surname,
        surname.problem as surname_problem,
        forenames.name as forenames,
        forenames.first_word as first_forename,
        forenames.problem as forenames_problem,
        case when received.date_of_birth_problem is null then received.date_of_birth end as date_of_birth,
        received.date_of_birth_problem
    from (
        select
            *,
            {{ cleaned_crn('crn') }} as usable_crn,
            {{ date_of_birth_problem('date_of_birth', own_date) }} as date_of_birth_problem,
            {{ pnc_year('n_year_digits', 'year_number') }} as pnc_year,
            case
                when n_year_digits = 4 and (
                    year_number < {{ limit('pnc_earliest_year') }} or year_number > {{ var('pnc_reference_year') }}
                ) then 'year_out_of_range'
                when right(pnc_id, 1) <> {{ pnc_check_letter('year_number', 'serial_number') }} then 'wrong_letter'
                when serial_number = 0 then 'serial_zero'
            end as usual_pnc_problem
        from (
            select
                *,
                slash - 1 as n_year_digits,
                try_cast(substr(pnc_id, 1, slash - 1) as integer) as year_number,
                try_cast(substr(pnc_id, slash + 1, length(pnc_id) - slash - 1) as integer) as serial_number
            from (
                select
                    *,
                    coalesce({{ is_usual_pnc('pnc_id') }}, false) as is_usual_pnc,
                    case when is_usual_pnc then strpos(pnc_id, '/') end as slash
                from {{ relation }}
            )
        )
    ) as received
    left join names as surname on received.surname = surname.name_received
    left join names as forenames on received.forenames = forenames.name_received
    left join unusual_pnc_ids as pnc
        on case when not received.is_usual_pnc then received.pnc_id end = pnc.pnc_received
{% endmacro %}
