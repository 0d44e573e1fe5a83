"""Words about the figures: labels, alternative text and the table of the numbers behind each.

Belongs here: a figure's rows and text made from them. Not here: the drawing (`figures.py`).
"""

import pandas as pd

from orchestration.publications import formatting
from orchestration.publications.figure_catalogue import (
    JUDGEMENT_LABELS,
    LIKELIHOOD_LABELS,
    OUTCOME_BASES,
    OUTCOME_MEASURES,
    REASON_LABELS,
    Figure,
)
from orchestration.publications.records import records

_SERIES_LABELS = {
    "positive": "Positive termination",
    "negative": "Negative termination",
    "reoffenders": "Reoffenders",
}


def figure_rows(figure: Figure, data: pd.DataFrame) -> pd.DataFrame:
    """The figure's own rows of results.figure_data, in order."""
    own = data.loc[data["figure_id"] == figure.figure_id]
    return own.sort_values("row_order").reset_index(drop=True)


def series_label(figure: Figure, series: str) -> str:
    """What a colour stands for."""
    return JUDGEMENT_LABELS.get(figure.judgement, _SERIES_LABELS)[series]


def category_label(figure: Figure, row: dict) -> str:
    """What stands above a bar or a group of bars."""
    if figure.number == 2:
        return REASON_LABELS[row["category"]]
    if figure.number == 3:
        return _count_label(row["category"])
    return LIKELIHOOD_LABELS[row["category"]] if figure.by_likelihood else series_label(figure, row["series"])


def measure_label(figure: Figure) -> str:
    """What the length of a bar measures."""
    if figure.number == 2:
        return "Percentage of positive and negative terminations"
    return "Percentage of those who reoffended" if figure.number == 3 else OUTCOME_MEASURES[figure.outcome]


def base_label(figure: Figure) -> str:
    """What n counts."""
    if figure.number == 2:
        return "terminations with the reason"
    return "reoffenders with that number of reoffences" if figure.number == 3 else OUTCOME_BASES[figure.outcome]


def alternative_text(figure: Figure, rows: pd.DataFrame) -> str:
    """The figure in words, every bar with its value and n, for those who do not see it."""
    kind = "Column chart" if figure.number == 3 else "Bar chart"
    groups: dict[str, list[str]] = {}
    for row in records(rows):
        value = f"{formatting.measure(row['value'], row['unit'])} (n={formatting.number(row['n'])})"
        part = f"{_lower_first(series_label(figure, row['series']))} {value}" if figure.by_likelihood else value
        groups.setdefault(category_label(figure, row), []).append(part)
    bars = "; ".join(f"{label}: {', '.join(parts)}" for label, parts in groups.items())
    return f"{kind}. {measure_label(figure)}. {bars}."


def displayed_data(figure: Figure, rows: pd.DataFrame) -> pd.DataFrame:
    """The numbers behind a figure with words for codes: Category, Judgement (where bars differ), n, value.

    The value's column is named after the measure; values are unrounded, in the published unit.
    """
    shown = []
    for row in records(rows):
        record = {"Category": category_label(figure, row)}
        if figure.by_likelihood or figure.number == 2:
            record["Judgement" if figure.by_likelihood else "Outcome"] = series_label(figure, row["series"])
        shown.append(record | {"n": row["n"], measure_label(figure): row["value"]})
    return pd.DataFrame(shown).astype({"n": "Int64", measure_label(figure): "Float64"})


def _count_label(category: str) -> str:
    if category.endswith("+"):
        return f"{category.removesuffix('+')} or more reoffences"
    return f"{category} reoffence" if category == "1" else f"{category} reoffences"


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
