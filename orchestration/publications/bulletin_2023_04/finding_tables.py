"""The combined finding, and the numbers behind each drawing, as tables.

Belongs here: laying out results.figure_data for readers. Not here: sentences
(`findings.py`), drawing (`publications/drawing`).
"""

from typing import Any

import pandas as pd

from orchestration.publications.bulletin_2023_04.coefficient_tables import SOURCE
from orchestration.publications.bulletin_2023_04.figure_catalogue import Figure
from orchestration.publications.bulletin_2023_04.figure_text import chart_of
from orchestration.publications.bulletin_2023_04.results_reader import OutcomeResults
from orchestration.publications.drawing.charts import chart_table
from orchestration.publications.shared.published_table import Column, PublishedTable, Tables


def table_k1(tables: Tables) -> PublishedTable:
    """The combined finding: both key questions positive against both negative (2023/04, Key findings)."""
    results = OutcomeResults(tables)
    labels = {"both_yes": "Both judgements positive", "both_no": "Both judgements negative"}
    measures = {"termination_positive": "Positive terminations", "reoffended": "Reoffended within one year"}
    records = []
    for series, label in labels.items():
        record: dict[str, Any] = {"label": label}
        for outcome in measures:
            bar = results.bar("combined", series, outcome) or {"n": None, "value": None}
            record |= {f"{outcome}_n": bar["n"], f"{outcome}_value": bar["value"]}
        records.append(record)
    columns = [Column("label", "Key questions")]
    for outcome, group in measures.items():
        columns += [Column(f"{outcome}_n", "n", group, 0), Column(f"{outcome}_value", "Rate", group, 1, "%")]
    return PublishedTable("K1", "Both key questions together", SOURCE, tuple(columns), pd.DataFrame(records))


def figure_table(figure: Figure, tables: Tables) -> PublishedTable:
    """The numbers behind one figure."""
    return chart_table(chart_of(figure, tables["figure_data"]), f"F{figure.number}", SOURCE)
