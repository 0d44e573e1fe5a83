-- Ranks and names of the linkage's reference tables are unique.
with

keys as (
    {% for table, key in [
        ('match_rules', 'rule_rank'), ('match_rules', 'rule'), ('match_blocks', 'block_rank'), ('match_blocks', 'block'),
        ('match_fields', 'field'), ('match_tiers', 'tier_rank'), ('match_tiers', 'tier'), ('match_guards', 'guard'),
    ] -%}
    select
        '{{ table }}, {{ key }}' as reference_table,
        {{ as_text(key) }} as table_key
    from {{ ref(table) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    reference_table,
    table_key
from keys
group by reference_table, table_key
having count(*) > 1 or table_key is null
