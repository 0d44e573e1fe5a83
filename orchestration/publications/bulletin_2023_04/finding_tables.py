"""The figures of the text, the combined finding, and the numbers behind each drawing, as tables.

Belongs here: laying out results.headlines and results.figure_data for readers. Not here: sentences
(`headlines.py`), drawing (`figures.py`).
"""

from typing import Any

import pandas as pd

from orchestration.publications.bulletin_2023_04.coefficient_tables import SOURCE, sentence
from orchestration.publications.bulletin_2023_04.figure_catalogue import Figure
from orchestration.publications.bulletin_2023_04.figure_text import chart_of
from orchestration.publications.bulletin_2023_04.results_reader import Results
from orchestration.publications.drawing.charts import Chart, displayed_data
from orchestration.publications.shared.published_table import Column, PublishedTable, Tables


def table_h1(tables: Tables, source: str = SOURCE) -> PublishedTable:
    """Every figure stated in the bulletin's text that the data can give, rounded as printed there."""
    results, stated = Results(tables), tables["headlines"]
    frame = pd.DataFrame(
        {
            "description": [sentence(str(words)) for words in stated["description"]],
            "figure": [
                results.headline_text(str(headline)) + (" percentage points" if unit == "percentage_points" else "")
                for headline, unit in zip(stated["id"], stated["unit"], strict=True)
            ],
            "n": stated["n"],
        }
    )
    columns = (
        Column("description", "Figure of the text"),
        Column("figure", "As printed"),
        Column("n", "n", decimals=0),
    )
    notes = ("n: the cases the figure rests on.",)
    return PublishedTable("H1", "Figures stated in the text", source, columns, frame, notes)


def table_k1(tables: Tables) -> PublishedTable:
    """The combined finding: both key questions positive against both negative (2023/04, Key findings)."""
    results = Results(tables)
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
    return chart_table(chart_of(figure, tables["figure_data"]), f"F{figure.number}")


def chart_table(chart: Chart, table_id: str, source: str = SOURCE) -> PublishedTable:
    """The numbers behind a chart, of any bulletin."""
    frame = displayed_data(chart)
    is_mean = chart.unit == "mean_count"
    decimals, suffix = (chart.mean_decimals, "") if is_mean else (1, "%")
    columns = [Column(name, name) for name in frame.columns[:-2]]
    columns += [
        Column("n", "n", decimals=0),
        Column(chart.measure, chart.measure, decimals=decimals, suffix=suffix),
    ]
    notes = (f"n: {chart.base}.",)
    return PublishedTable(table_id, f"the data behind {chart.heading}", source, tuple(columns), frame, notes)
