{#
  The identifiers of one source, normalised: one row a row of `relation`.
  Names and PNC identifiers come cleaned from their models; dates of birth and CRNs are cleaned here.
#}
{% macro staged_identifiers(relation, id_column, own_date) %}
    select
        received.{{ id_column }},
        received.usable_crn as crn,
        case when trim(received.crn) <> '' and received.usable_crn is null then 'malformed' end as crn_problem,
        pnc.pnc_id,
        pnc.problem as pnc_problem,
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
            {{ date_of_birth_problem('date_of_birth', own_date) }} as date_of_birth_problem
        from {{ relation }}
    ) as received
    left join {{ ref('cleaned_names') }} as surname on received.surname = surname.name_received
    left join {{ ref('cleaned_names') }} as forenames on received.forenames = forenames.name_received
    left join {{ ref('cleaned_pnc_ids') }} as pnc on received.pnc_id = pnc.pnc_received
{% endmacro %}
