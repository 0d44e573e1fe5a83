"""Every bar of the figures of 2020/03 is the cell it is meant to be."""

import pandas as pd
import pytest

from orchestration.methods.bulletin_2020_03.annex_c import annex_c
from orchestration.methods.bulletin_2020_03.cooccurrence import needs_cooccurrence
from orchestration.methods.bulletin_2020_03.provider_ratings import provider_ratings
from orchestration.publications.bulletin_2020_03.figure_data import HEAT_MAP, RATINGS_FIGURE, needs_figure_data
from orchestration.publications.shared.figure_rows import COLUMNS
from tests.made_up.needs_by_hand import CASES, NO_VERDICTS, RATINGS, annex

BARS = {
    RATINGS_FIGURE: 8,
    "figure_2020_2": 16,
    "figure_2020_3": 6,
    "figure_2020_4": 10,
    "figure_2020_5": 6,
    "figure_2020_6": 6,
    "figure_2020_7": 8,
    "figure_2020_8": 5,
    "figure_2020_9": 6,
    "figure_2020_10": 6,
    "figure_2020_11": 6,
    HEAT_MAP: 28,
}


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    return needs_figure_data(annex(), needs_cooccurrence(CASES), provider_ratings(RATINGS))


def test_each_figure_has_its_bars_in_one_order(data: pd.DataFrame) -> None:
    assert list(data.columns) == COLUMNS
    assert data["figure_id"].value_counts(sort=False).to_dict() == BARS
    assert data["row_order"].tolist() == list(range(1, len(data) + 1))
    assert not data.duplicated(["figure_id", "series", "category"]).any()


@pytest.mark.parametrize(
    ("figure", "series", "category", "cell"),
    [
        (2, "nps", "need_attitudes", ("need_attitudes", "provider_type", "nps")),
        (3, "rosh_group", "high_very_high", ("mean_needs", "rosh_group", "high_very_high")),
        (4, "crc", "strength_family", ("strength_family", "provider_type", "crc")),
        (5, "ogrs_group", "low", ("mean_strengths", "ogrs_group", "low")),
        (6, "strengths", "planning", ("planning_strengths", "all_cases", "all")),
        (6, "needs", "delivery", ("services_reduce_reoffending", "all_cases", "all")),
        (7, "needs", "delivery_ete", ("delivery_ete", "all_cases", "all")),
        (8, "strengths", "building_identity", ("building_identity", "all_cases", "all")),
        (9, "nps", "assessment_needs", ("assessment_needs", "provider_type", "nps")),
        (10, "crc", "strengths_built_upon", ("strengths_built_upon", "provider_type", "crc")),
        (11, "needs", "medium", ("services_reduce_reoffending", "ogrs_group", "medium")),
        (11, "strengths", "low", ("strengths_built_upon", "ogrs_group", "low")),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else str(value),
)
def test_a_bar_is_its_cell(
    data: pd.DataFrame, figure: int, series: str, category: str, cell: tuple[str, str, str]
) -> None:
    keys = (f"figure_2020_{figure}", series, category)
    bar = data.set_index(["figure_id", "series", "category"]).loc[keys]
    expected = annex().set_index(["outcome", "item", "category"]).loc[cell]
    assert (bar["n"], bar["value"]) == (expected["n"], expected["value"])
    assert bar["unit"] == ("mean_count" if cell[0].startswith("mean_") else "percent")


def test_the_heat_map_has_the_correlation_of_each_pair_of_needs(data: pd.DataFrame) -> None:
    squares = data[data["figure_id"] == HEAT_MAP]
    first, second = (CASES[name].eq("yes").astype(float) for name in ("need_lifestyle", "need_drugs"))
    square = squares[(squares["series"] == "need_lifestyle") & (squares["category"] == "need_drugs")]
    assert square["value"].item() == pytest.approx(first.corr(second))
    assert square["n"].item() == int((first * second).sum())


def test_without_ratings_only_their_figure_has_no_bars() -> None:
    without = needs_figure_data(annex(), needs_cooccurrence(CASES), provider_ratings(RATINGS.head(0)))
    left = without["figure_id"].value_counts(sort=False).to_dict()
    assert left == {name: bars for name, bars in BARS.items() if name != RATINGS_FIGURE}


def test_an_empty_group_has_a_bar_without_a_value() -> None:
    of_crcs = annex_c(CASES[CASES["provider_type"] == "crc"], NO_VERDICTS)
    data = needs_figure_data(of_crcs, needs_cooccurrence(CASES), provider_ratings(RATINGS))
    bars = data[(data["figure_id"] == "figure_2020_2") & (data["series"] == "nps")]
    assert (bars["n"] == 0).all()
    assert bars["value"].map(pd.isna).all()
