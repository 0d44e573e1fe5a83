"""Figures 2 and 3 of the robustness page: time to the first reoffence by judgement, and the specification curve.

Belongs here: which numbers they draw, in whose words. Not here: the drawing (`drawing/curve_charts.py`,
`drawing/strip_charts.py`), Figure 1 (`figures.py`).
"""

import numpy as np
import pandas as pd

from orchestration.publications.drawing import curve_charts, strip_charts
from orchestration.publications.robustness_page.words import (
    ANSWERS,
    CONTRAST_LABELS,
    MODEL_TITLES,
    SOURCE,
    SPECIFICATION_LABELS,
    coefficient_name,
)
from orchestration.publications.shared import formatting
from orchestration.publications.shared.publication import DrawnFigure
from orchestration.publications.shared.published_table import PublishedTable, Tables, plain_table

CURVES, STRIPS = "reoffence_curves", "specification_curve"


def curve_figure(tables: Tables) -> tuple[DrawnFigure, ...]:
    """Figure 2 from results.reoffence_curves; none where nobody could be followed, or outside, where it is not told."""
    if CURVES not in tables:
        return ()
    shown = _curves(tables)
    if shown.empty:
        return ()
    panels = tuple(
        (
            CONTRAST_LABELS[str(judgement)],
            tuple(
                curve_charts.StepCurve(ANSWERS[str(answer)], tuple(own["day"]), tuple(own["percent_free"]))
                for answer, own in rows.groupby("answer", sort=False)
            ),
        )
        for judgement, rows in shown.groupby("judgement", sort=False)
    )
    heading = "Figure 2: Without a reoffence after the inspection"
    chart = curve_charts.CurveChart(CURVES, heading, "Without a reoffence since fieldwork", panels)
    svg, png = curve_charts.chart_svg(chart), curve_charts.chart_png(chart)
    return (DrawnFigure(CURVES, "Figure 2", heading, svg, png, _curve_data(shown), curve_table(tables, 0)),)


def curve_table(tables: Tables, _level: float) -> PublishedTable:
    """The numbers behind Figure 2."""
    return plain_table("F2", "the data behind Figure 2", SOURCE, _curve_data(_curves(tables)))


def _curves(tables: Tables) -> pd.DataFrame:
    frame = tables["reoffence_curves"]
    return frame[frame["percent_free"].notna()]


def _curve_data(shown: pd.DataFrame) -> pd.DataFrame:
    """The numbers with words for codes."""
    words = {"Judgement": ("judgement", CONTRAST_LABELS), "Answer": ("answer", ANSWERS)}
    named = {
        name: pd.Series([labels[str(c)] for c in shown[key]], dtype="str") for name, (key, labels) in words.items()
    }
    numbers = {
        "Days": "day",
        "Followed": "n_followed",
        "Without (%)": "percent_free",
        "Low": "ci_low",
        "High": "ci_high",
    }
    return pd.DataFrame({**named, **{name: shown[key].to_numpy() for name, key in numbers.items()}})


def strip_figure(tables: Tables) -> tuple[DrawnFigure, ...]:
    """Figure 3 from results.specifications; none where no specification has an estimate."""
    shown = _specified(tables)
    if shown.empty:
        return ()
    strips = tuple(
        (_strip_name(str(model), str(coefficient)), tuple(_specification(row) for row in rows.itertuples()))
        for (model, coefficient), rows in shown.groupby(["model_id", "coefficient"], sort=False)
    )
    heading = "Figure 3: Every defensible specification"
    chart = strip_charts.StripChart(STRIPS, heading, "Log odds or rate ratio; the published estimate in orange", strips)
    svg, png = strip_charts.chart_svg(chart), strip_charts.chart_png(chart)
    return (DrawnFigure(STRIPS, "Figure 3", heading, svg, png, _strip_data(shown), strip_table(tables, 0)),)


def strip_table(tables: Tables, _level: float) -> PublishedTable:
    """The numbers behind Figure 3."""
    return plain_table("F3", "the data behind Figure 3", SOURCE, _strip_data(_specified(tables)))


def _specified(tables: Tables) -> pd.DataFrame:
    frame = tables["specifications"]
    return frame[frame["estimate"].notna()]


def _specification(row: object) -> strip_charts.Specified:
    low, high = (float(np.log(getattr(row, end))) for end in ("ci_low", "ci_high"))
    return strip_charts.Specified(float(getattr(row, "estimate")), low, high, bool(getattr(row, "is_published")))  # noqa: B009


def _strip_name(model_id: str, coefficient: str) -> str:
    return f"{formatting.upper_first(coefficient_name(coefficient))}: {MODEL_TITLES[model_id].partition(' by ')[0]}"


def _strip_data(shown: pd.DataFrame) -> pd.DataFrame:
    """The numbers with words for codes."""
    names = [_strip_name(str(m), str(c)) for m, c in zip(shown["model_id"], shown["coefficient"], strict=True)]
    columns: dict[str, object] = {"Finding": pd.Series(names, dtype="str")}
    for heading in ("controls", "judgements", "cases", "distribution"):
        labels = [SPECIFICATION_LABELS[str(code)] for code in shown[heading]]
        columns[formatting.upper_first(heading)] = pd.Series(labels, dtype="str")
    numbers = {"Log ratio": "estimate", "Low": "ci_low", "High": "ci_high"}
    columns |= {
        name: shown[key].to_numpy() if key == "estimate" else np.log(shown[key].to_numpy(dtype=float))
        for name, key in numbers.items()
    }
    return pd.DataFrame(columns)
