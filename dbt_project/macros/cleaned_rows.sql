{#
  Every row of an extract with its identifiers normalised beside those received, named `usable_*` where both are there;
  `own_date` is the date that its age is judged on.
#}
{% macro cleaned_rows(extract, own_date) %}
    select
        received.*,
        case when received.usable_crn is null and {{ trimmed('received.crn') }} <> '' then 'malformed' end as crn_problem,
        pnc_ids.pnc_id as usable_pnc_id,
        pnc_ids.problem as pnc_problem,
        surnames.joined_name as usable_surname,
        surnames.problem as surname_problem,
        names.name as usable_forenames,
        names.first_word as first_forename,
        names.problem as forenames_problem,
        surnames.words || ' ' || names.words as name_words,
        case when received.date_of_birth_problem is null then received.date_of_birth end as usable_date_of_birth
    from (
        select
            parsed.*,
            {{ cleaned_crn('crn') }} as usable_crn,
            {{ date_of_birth_problem('date_of_birth', own_date, 'placeholders.placeholder_date') }} as date_of_birth_problem
        from {{ source('raw', 'parsed_' ~ extract) }} as parsed
        left join {{ ref('date_placeholders') }} as placeholders on parsed.date_of_birth = placeholders.placeholder_date
    ) as received
    left join {{ ref('cleaned_pnc_ids') }} as pnc_ids on received.pnc_id = pnc_ids.pnc_received
    left join {{ ref('cleaned_names') }} as surnames on received.surname = surnames.name_received
    left join {{ ref('cleaned_names') }} as names on received.forenames = names.name_received
{% endmacro %}

{# Surname, all forenames and date of birth as one text; null where one is missing. What opens the columns' names, `of`: `records.` #}
{% macro name_key(of='') -%}
'name|' || {{ of }}surname || '|' || {{ of }}forenames || '|' || {{ as_text(of ~ 'date_of_birth') }}
{%- endmacro %}

{# The normalised identifiers of `cleaned_rows`, under their own names, each with what was wrong with it. #}
{% macro cleaned_identifiers() -%}
usable_crn as crn,
        crn_problem,
        usable_pnc_id as pnc_id,
        pnc_problem,
        usable_surname as surname,
        surname_problem,
        usable_forenames as forenames,
        first_forename,
        forenames_problem,
        name_words,
        usable_date_of_birth as date_of_birth,
        date_of_birth_problem
{%- endmacro %}

{# The person a record of `cleaned_rows` belongs to, by the best key it has. #}
{% macro person_key() -%}
case
            when usable_pnc_id is not null then 'pnc|' || usable_pnc_id
            when usable_crn is not null then 'crn|' || usable_crn
            when {{ name_key('usable_') }} is not null then {{ name_key('usable_') }}
            else 'record|' || record_id
        end
{%- endmacro %}
