{# The person a record belongs to, by the best key it has; columns of a cleaned record. #}
{% macro person_key() -%}
case
            when pnc_id is not null then 'pnc|' || pnc_id
            when crn is not null then 'crn|' || crn
            when surname is not null and forenames is not null and date_of_birth is not null
                then 'name|' || surname || '|' || forenames || '|' || try_cast(date_of_birth as varchar)
            else 'record|' || record_id
        end
{%- endmacro %}
