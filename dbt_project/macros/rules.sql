{#
  Rules are kept as a number with a bit for each (`rule_bit` of match_rule_masks), so that a pair, or a person, is one row
  however many rules it satisfies. The lowest bit is the reviewer's link, which stands before every rule.
#}

{% macro override_bit() -%}
1
{%- endmacro %}

{#
  The pairs that satisfy a rule, with `rules_satisfied`; `pairs` has the columns of pair_agreements. A rule looks at nothing
  but which fields agree and whether the PNC identifiers conflict, so that it is asked once for each such kind of pair.
#}
{% macro pairs_with_rules(pairs) -%}
select
    pairs.*,
    coalesce(case when not pairs.is_contradicted then kinds.rules_satisfied end, 0)
    -- A reviewer's link stands before every rule and asks no guard.
    | case when pairs.override_decision = 'must_link' then {{ override_bit() }} else 0 end as rules_satisfied
from {{ pairs }} as pairs
left join (
    select
        kinds.agreements,
        kinds.has_conflicting_pnc,
        bit_or(rules.rule_bit) as rules_satisfied
    from (select distinct agreements, has_conflicting_pnc from {{ pairs }}) as kinds
    inner join {{ ref('match_rule_masks') }} as rules
        on (kinds.agreements & rules.required_fields) = rules.required_fields
    where not kinds.has_conflicting_pnc or rules.is_accepting_conflict
    group by kinds.agreements, kinds.has_conflicting_pnc
) as kinds
    on pairs.agreements = kinds.agreements and pairs.has_conflicting_pnc = kinds.has_conflicting_pnc
where (not pairs.is_contradicted and kinds.rules_satisfied is not null) or pairs.override_decision = 'must_link'
{%- endmacro %}

{# Every rule, and the reviewer's link: rule_rank, rule, is_unique, rule_bit. #}
{% macro rules_and_override() -%}
select
        rule_rank,
        rule,
        is_unique,
        rule_bit
    from {{ ref('match_rule_masks') }}
    union all
    select
        0,
        'override',
        false,
        {{ override_bit() }}
{%- endmacro %}

{# Whether a record of a person reached may be chosen: not contradicted, and near enough to the start date. #}
{% macro is_in_window() -%}
not is_contradicted and abs(date_difference_days) <= {{ var('match_window_days') }}
{%- endmacro %}
