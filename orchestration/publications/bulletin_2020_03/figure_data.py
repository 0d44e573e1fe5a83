"""The numbers behind the figures of Bulletin 2020/03.

Figure 1 here is the second figure that the bulletin numbers so (provider ratings for services); the first is a diagram.
Figures 2 to 11 show cells of Annex C, the heat map (which the bulletin does not have) every pair of needs.

Belongs here: the bulletin's rows of results.figure_data. Not here: counting (`orchestration/methods`), drawing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from orchestration.methods.bulletin_2020_03.provider_ratings import SERVICES
from orchestration.methods.layouts.layout_2020 import EVERYBODY, GROUP_BY_ITEM, MEASURE_BY_CODE, MEASURES
from orchestration.publications.shared.figure_rows import COLUMNS

RATINGS_FIGURE = "figure_2020_1"
HEAT_MAP = "figure_2020_heat_map"
ASPECTS = ("assessment", "planning", "delivery")
ABOUT = {
    "needs": ("assessment_needs", "planning_needs", "services_reduce_reoffending"),
    "strengths": ("assessment_strengths", "planning_strengths", "strengths_built_upon"),
}
Bar = tuple[str, str, str, str, str]  # series, category, then the cell: outcome, item, category


@dataclass(frozen=True)
class CellFigure:
    """A figure whose bars are cells of Annex C."""

    figure_id: str
    bars: tuple[Bar, ...]


def needs_figure_data(
    annex_c: pd.DataFrame, cooccurrence: pd.DataFrame, provider_ratings: pd.DataFrame
) -> pd.DataFrame:
    """One row a bar or square: figure_id, series, category, n, value, unit, row_order.

    The arguments are the results tables. Figure 1: n providers, value their percentage of the provider type.
    Figures 2 to 11: n and value of the cell. Heat map: n cases with both needs, value phi, one row a pair (the map is
    symmetric). `value` is unrounded, missing where it cannot be had. Figure 1 has no rows without ratings.
    """
    rows = [*_ratings(provider_ratings), *_cells(annex_c), *_heat_map(cooccurrence)]
    frame = pd.DataFrame(rows, columns=["figure_id", "series", "category", "n", "value", "unit"])
    frame["row_order"] = pd.Series(range(1, len(frame) + 1), dtype="Int64")
    return frame[COLUMNS].astype({"n": "Int64", "value": "Float64"})


def _ratings(provider_ratings: pd.DataFrame) -> Iterator[tuple]:
    services = provider_ratings[provider_ratings["standard"] == SERVICES]
    for row in services.itertuples():
        yield RATINGS_FIGURE, row.rating, row.provider_type, row.n, row.percent, "percent"


def _cells(annex_c: pd.DataFrame) -> Iterator[tuple]:
    cells = annex_c.set_index(["outcome", "item", "category"])[["n", "value"]].to_dict("index")
    for figure in CELL_FIGURES:
        for series, category, *cell in figure.bars:
            found = cells[tuple(cell)]
            yield figure.figure_id, series, category, found["n"], found["value"], MEASURE_BY_CODE[cell[0]].unit


def _heat_map(cooccurrence: pd.DataFrame) -> Iterator[tuple]:
    for pair in cooccurrence[cooccurrence["kind"] == "needs"].itertuples():
        yield HEAT_MAP, pair.first, pair.second, pair.n_both, pair.phi, "correlation"


def _outcomes(table_id: str) -> tuple[str, ...]:
    return tuple(measure.code for measure in MEASURES if measure.table_id == table_id and not measure.is_mean)


def _by(item: str, outcomes: Iterable[str]) -> tuple[Bar, ...]:
    """A bar a category and measure: the category is the series."""
    codes = GROUP_BY_ITEM[item].codes
    return tuple((code, outcome, outcome, item, code) for outcome in outcomes for code in codes)


def _by_risk(outcome: str) -> tuple[Bar, ...]:
    """A bar a level of both kinds of risk: the kind is the series."""
    return tuple(
        (item, code, outcome, item, code) for item in ("ogrs_group", "rosh_group") for code in GROUP_BY_ITEM[item].codes
    )


def _overall(series: str, outcomes: Iterable[str]) -> tuple[Bar, ...]:
    (all_cases,) = EVERYBODY.codes
    return tuple((series, outcome, outcome, EVERYBODY.item, all_cases) for outcome in outcomes)


def _aspects() -> tuple[Bar, ...]:
    """Figure 6: assessment, planning and delivery, in addressing needs and in building upon strengths."""
    (all_cases,) = EVERYBODY.codes
    return tuple(
        (about, aspect, ABOUT[about][position], EVERYBODY.item, all_cases)
        for position, aspect in enumerate(ASPECTS)
        for about in ABOUT
    )


def _tailoring() -> tuple[Bar, ...]:
    """Figure 11: delivery by likelihood of reoffending."""
    return tuple(
        (about, code, outcomes[-1], "ogrs_group", code)
        for code in GROUP_BY_ITEM["ogrs_group"].codes
        for about, outcomes in ABOUT.items()
    )


CELL_FIGURES = (
    CellFigure("figure_2020_2", _by("provider_type", _outcomes("C1"))),
    CellFigure("figure_2020_3", _by_risk("mean_needs")),
    CellFigure("figure_2020_4", _by("provider_type", _outcomes("C2"))),
    CellFigure("figure_2020_5", _by_risk("mean_strengths")),
    CellFigure("figure_2020_6", _aspects()),
    CellFigure("figure_2020_7", _overall("needs", _outcomes("C5"))),
    CellFigure("figure_2020_8", _overall("strengths", _outcomes("C6"))),
    CellFigure("figure_2020_9", _by("provider_type", ABOUT["needs"])),
    CellFigure("figure_2020_10", _by("provider_type", ABOUT["strengths"])),
    CellFigure("figure_2020_11", _tailoring()),
)
