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

{# Names of the fields whose bit is set in a mask; `fields` is a list of structs (field, bit). #}
{% macro fields_in(mask, fields) -%}
array_to_string(
            list_transform(
                list_filter({{ fields }}, lambda entry: ({{ mask }} & (1 << entry['bit'])) <> 0),
                lambda entry: entry['field']
            ), ' '
        )
{%- endmacro %}

{# Whether a pair satisfies a rule, given as a struct of match_rule_masks: agreements, contradiction guard, veto. #}
{% macro is_satisfied(pair, rule) -%}
({{ pair }}.agreements & {{ rule }}['required_fields']) = {{ rule }}['required_fields']
                    and not {{ pair }}.is_contradicted
                    and (not {{ pair }}.has_conflicting_pnc or {{ rule }}['is_accepting_conflict'])
{%- endmacro %}

{# What became of a record for a case, and why it is not the one chosen; null for a case without any. #}
{% macro record_outcome(pair, decision) -%}
case
            when {{ pair }}.record_id is null then null
            when {{ pair }}.is_chosen then 'chosen'
            when {{ pair }}.override_decision = 'must_not_link' and {{ pair }}.override_outcome = 'applied'
                then 'must_not_link'
            when {{ pair }}.record_order is not null and {{ pair }}.source = 'reoffending' then 'combined'
            when {{ pair }}.record_order is not null and {{ decision }}.rule_rank = 0 then 'override_prefers_another'
            when {{ pair }}.record_order is not null
                and abs({{ pair }}.date_difference_days) > abs({{ pair }}.chosen_difference_days) then 'farther'
            when {{ pair }}.record_order is not null
                and {{ pair }}.date_difference_days < {{ pair }}.chosen_difference_days then 'tie_lost_to_later_date'
            when {{ pair }}.record_order is not null then 'tie_lost_to_smaller_id'
            when {{ pair }}.is_contradicted then 'contradicted'
            when {{ pair }}.person_reached_by is null and {{ pair }}.rules_refused like '%: vetoed%' then 'vetoed'
            when {{ pair }}.person_reached_by is null then 'no_rule_satisfied'
            when not {{ pair }}.is_in_window then 'outside_window'
            when {{ decision }}.status = 'ambiguous' and {{ pair }}.is_person_decided then 'ambiguous'
            else 'other_person'
        end
{%- endmacro %}
