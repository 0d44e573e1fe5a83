"""Tables B1 to B3 of Bulletin 2023/04.

Belongs here: results.annex_b laid out as the bulletin prints them. Not here: the counts
and tests (`orchestration/methods/bulletin_2023_04`), how a table is drawn.
"""

from orchestration.methods.layouts.layout_2023 import ANNEX_B, OUTCOMES, TABLE_TITLES
from orchestration.publications.shared.annex_cells import ShownMeasure, cell_columns, cell_frame, shading_note
from orchestration.publications.shared.published_table import PublishedTable, Tables

_MEASURES = tuple(
    ShownMeasure(
        code=outcome.code,
        label=outcome.label,
        value_heading=outcome.value_label,
        decimals=outcome.decimals,
        suffix="%" if outcome.unit == "percent" else "",
        n_heading=outcome.n_label,
    )
    for outcome in OUTCOMES
)
_OF_JUDGEMENTS = "based upon logistic or negative binomial regression analysis"
_BASES = {
    "B1": "based upon the logistic or negative binomial regression models which included these characteristics and the "
    "inspection prompts",
    "B2": _OF_JUDGEMENTS,
    "B3": _OF_JUDGEMENTS,
}


def annex_b_table(table_id: str, tables: Tables, significance_level: float) -> PublishedTable:
    """Table B1, B2 or B3 (2023/04, Annex B)."""
    items = [item for item in ANNEX_B if item.table_id == table_id]
    rows = [(item.label, item.item, category) for item in items for category in item.categories]
    frame = cell_frame(tables["annex_b"], rows, _MEASURES)
    title, source = TABLE_TITLES[table_id], "Inspection, terminations and reoffending data, linked"
    note = shading_note(f"p<{significance_level:g}; {_BASES[table_id]}")
    return PublishedTable(table_id, title, source, cell_columns(_MEASURES), frame, (note,))
