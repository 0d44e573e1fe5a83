{# What became of an identifier: `valid`, `missing`, or the reason why what was received cannot be used. #}
{% macro identifier_state(value, problem) -%}
case
            when {{ value }} is not null then 'valid'
            when coalesce({{ problem }}, 'empty') = 'empty' then 'missing'
            else {{ problem }}
        end
{%- endmacro %}

{# The states of a staged row's identifiers, each column's name opened by `prefix`. #}
{% macro identifier_states(prefix) -%}
{{ identifier_state('pnc_id', 'pnc_problem') }} as {{ prefix }}_pnc_state,
        {{ identifier_state('crn', 'crn_problem') }} as {{ prefix }}_crn_state,
        {{ identifier_state('date_of_birth', 'date_of_birth_problem') }} as {{ prefix }}_dob_state,
        {{ identifier_state('surname', 'surname_problem') }} as {{ prefix }}_surname_state,
        {{ identifier_state('forenames', 'forenames_problem') }} as {{ prefix }}_forenames_state
{%- endmacro %}
