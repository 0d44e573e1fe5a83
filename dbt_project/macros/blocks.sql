{#
  The blocks of reference.match_blocks, each a dict of block_rank, fields and compares_conflicting_pnc. They are read when
  the SQL is written, so that each becomes one plain join; the table is loaded by then, being what the model is built on.
#}
{% macro match_blocks() -%}
{%- if execute -%}
{%- set rows = run_query('select block_rank, fields, compares_conflicting_pnc from reference.match_blocks order by 1') -%}
{%- set blocks = [] -%}
{%- for row in rows -%}
{%- do blocks.append({'rank': row[0], 'fields': row[1].split(), 'compares_conflicting_pnc': row[2]}) -%}
{%- endfor -%}
{{ return(blocks) }}
{%- endif -%}
{{ return([]) }}
{%- endmacro %}
