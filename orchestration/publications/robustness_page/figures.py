"""The figure of the robustness page: the judgements in percentage points, with their intervals.

Belongs here: which estimates are drawn, in whose words. Not here: the drawing (`drawing/interval_charts.py`), the
numbers (`methods/robustness`).
"""

import pandas as pd

from orchestration.publications.drawing.interval_charts import Estimate, IntervalChart, chart_png, chart_svg
from orchestration.publications.robustness_page.words import MODEL_TITLES, SOURCE, coefficient_name
from orchestration.publications.shared import formatting
from orchestration.publications.shared.publication import DrawnFigure
from orchestration.publications.shared.published_table import PublishedTable, Tables, plain_table
from orchestration.publications.shared.records import records

MEASURE = "Difference in percentage points, with its interval"
UNIT = "percentage_points"


def effect_figures(tables: Tables) -> tuple[DrawnFigure, ...]:
    """Figure 1 from results.marginal_effects; none where no effect on a percentage could be estimated."""
    shown = _shown(tables)
    if shown.empty:
        return ()
    chart = IntervalChart("effects_in_points", "Figure 1: The judgements in percentage points", MEASURE, _groups(shown))
    drawn = DrawnFigure(
        figure_id=chart.figure_id,
        label="Figure 1",
        heading=chart.heading,
        svg=chart_svg(chart),
        png=chart_png(chart),
        data=_data(shown),
        table=figure_table(tables, 0),
    )
    return (drawn,)


def figure_table(tables: Tables, _level: float) -> PublishedTable:
    """The numbers behind Figure 1."""
    return plain_table("F1", "the data behind Figure 1", SOURCE, _data(_shown(tables)))


def _shown(tables: Tables) -> pd.DataFrame:
    frame = tables["marginal_effects"]
    return frame[(frame["unit"] == UNIT) & frame["effect"].notna()]


def _groups(shown: pd.DataFrame) -> tuple[tuple[str, tuple[Estimate, ...]], ...]:
    return tuple(
        (_model(str(model_id)), tuple(_estimate(row) for row in records(rows)))
        for model_id, rows in shown.groupby("model_id", sort=False)
    )


def _estimate(row: dict[str, object]) -> Estimate:
    value, low, high = (float(str(row[name])) for name in ("effect", "ci_low", "ci_high"))
    return Estimate(_label(row["coefficient"]), value, low, high)


def _model(model_id: str) -> str:
    return formatting.upper_first(MODEL_TITLES[model_id])


def _label(coefficient: object) -> str:
    return formatting.upper_first(coefficient_name(str(coefficient)))


def _data(shown: pd.DataFrame) -> pd.DataFrame:
    """The numbers with words for codes."""
    return pd.DataFrame(
        {
            "Model": pd.Series([_model(str(model_id)) for model_id in shown["model_id"]], dtype="str"),
            "Judgement": pd.Series([_label(coefficient) for coefficient in shown["coefficient"]], dtype="str"),
            "Difference (points)": shown["effect"].to_numpy(),
            "Low": shown["ci_low"].to_numpy(),
            "High": shown["ci_high"].to_numpy(),
        }
    )
