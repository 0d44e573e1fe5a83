"""Words about the figures of Bulletin 2023/04: their labels, and so their charts.

Belongs here: a figure's rows, and the chart made from them. Not here: the drawing, alternative text and
the data behind a chart (`publications/drawing`).
"""

import pandas as pd

from orchestration.publications.bulletin_2023_04.figure_catalogue import (
    LIKELIHOOD_LABELS,
    REASON_LABELS,
    REOFFENCES,
    Figure,
)
from orchestration.publications.drawing.charts import Bar, BarGroup, Chart
from orchestration.publications.shared.figure_rows import figure_rows
from orchestration.publications.shared.published_table import missing_in
from orchestration.publications.shared.records import records
from orchestration.publications.shared.words import JUDGEMENT_LABELS

_SERIES_LABELS = {
    "positive": "Positive termination",
    "negative": "Negative termination",
    "reoffenders": "Reoffenders",
}
_SECOND_COLOUR = ("no", "negative")


def chart_of(figure: Figure, data: pd.DataFrame) -> Chart:
    """The figure's chart from results.figure_data."""
    rows = figure_rows(figure.figure_id, data)
    groups: dict[str, list[Bar]] = {}
    ticks: dict[str, str] = {}
    for row in records(rows):
        label = _category_label(figure, row)
        bar = Bar(_series_label(figure, row["series"]), row["n"], row["value"], missing_in(row))
        groups.setdefault(label, []).append(bar)
        ticks[label] = str(row["category"]) if figure.number == 3 else ""
    series = dict.fromkeys(rows["series"]) if figure.by_likelihood or figure.number == 2 else ()
    return Chart(
        figure_id=figure.figure_id,
        heading=figure.heading,
        measure=figure.measure_label,
        base=figure.base_label,
        unit=str(rows["unit"].iloc[0]),
        groups=tuple(BarGroup(label, tuple(bars), ticks[label]) for label, bars in groups.items()),
        legend=tuple((_series_label(figure, code), code in _SECOND_COLOUR) for code in series),
        series_heading="Judgement" if figure.by_likelihood else "Outcome",
        is_of_n=figure.number not in (2, 3) and figure.outcome != REOFFENCES,
        axis="Number of reoffences in the year" if figure.number == 3 else "",
    )


def _series_label(figure: Figure, series: str) -> str:
    return JUDGEMENT_LABELS.get(figure.judgement, _SERIES_LABELS)[series]


def _category_label(figure: Figure, row: dict) -> str:
    """What stands above a bar or a group of bars."""
    if figure.number == 2:
        return REASON_LABELS[row["category"]]
    if figure.number == 3:
        return _count_label(row["category"])
    return LIKELIHOOD_LABELS[row["category"]] if figure.by_likelihood else _series_label(figure, row["series"])


def _count_label(category: str) -> str:
    if category.endswith("+"):
        return f"{category.removesuffix('+')} or more reoffences"
    return f"{category} reoffence" if category == "1" else f"{category} reoffences"
