{# Every row of an extract with its identifiers normalised; `own_date` is the date that its age is judged on. #}
{% macro cleaned_rows(extract, own_date) %}
    select
        received.* exclude (crn, pnc_id, surname, forenames, date_of_birth, date_of_birth_problem, usable_crn),
        received.usable_crn as crn,
        case when trim(received.crn) <> '' and received.usable_crn is null then 'malformed' end as crn_problem,
        pnc_ids.pnc_id,
        pnc_ids.problem as pnc_problem,
        surnames.joined_name as surname,
        surnames.problem as surname_problem,
        names.name as forenames,
        names.first_word as first_forename,
        names.problem as forenames_problem,
        surnames.words || ' ' || names.words as name_words,
        received.date_of_birth_problem,
        case when received.date_of_birth_problem is null then received.date_of_birth end as date_of_birth
    from (
        select
            *,
            {{ cleaned_crn('crn') }} as usable_crn,
            {{ date_of_birth_problem('date_of_birth', own_date) }} as date_of_birth_problem
        from {{ source('raw', 'parsed_' ~ extract) }}
    ) as received
    left join {{ ref('cleaned_pnc_ids') }} as pnc_ids on received.pnc_id = pnc_ids.pnc_received
    left join {{ ref('cleaned_names') }} as surnames on received.surname = surnames.name_received
    left join {{ ref('cleaned_names') }} as names on received.forenames = names.name_received
{% endmacro %}

{# Surname, all forenames and date of birth as one text; null where one is missing. Columns of a cleaned record, `of`: `records.` #}
{% macro name_key(of='') -%}
'name|' || {{ of }}surname || '|' || {{ of }}forenames || '|' || try_cast({{ of }}date_of_birth as varchar)
{%- endmacro %}

{# The person a record belongs to, by the best key it has; columns of a cleaned record. #}
{% macro person_key() -%}
case
            when pnc_id is not null then 'pnc|' || pnc_id
            when crn is not null then 'crn|' || crn
            when {{ name_key() }} is not null then {{ name_key() }}
            else 'record|' || record_id
        end
{%- endmacro %}
