-- A key that stands twice in a reference table would double rows or leave it to chance which row counts.
with

keys as (
    {% for table, key in [
        ('letter_folds', 'letter'), ('apostrophes', 'code_point'), ('unicode_letters', 'code_point'),
        ('titles', 'title'), ('name_placeholders', 'placeholder'), ('date_placeholders', 'placeholder_date'),
        ('limits', 'limit_name'), ('termination_reasons', 'termination_reason'), ('rosh_groups', 'rosh_level'),
        ('bands', "item || ' ' || category"),
    ] -%}
    select
        '{{ table }}' as reference_table,
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
