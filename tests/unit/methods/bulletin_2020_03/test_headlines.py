"""The figures of the text of 2020/03 against plain loops: bases, rounding, and what is left out."""

from fractions import Fraction

import pandas as pd
import pytest

from orchestration.methods.bulletin_2020_03.annex_c import annex_c
from orchestration.methods.bulletin_2020_03.cooccurrence import needs_cooccurrence
from orchestration.methods.bulletin_2020_03.counts import needs_counts
from orchestration.methods.bulletin_2020_03.headlines import needs_headlines
from orchestration.methods.bulletin_2020_03.provider_ratings import provider_ratings
from orchestration.methods.layouts.headlines_2020 import CELLS, GROUP_SIZES
from orchestration.methods.layouts.layout_2020 import GROUPS, MEASURES
from orchestration.methods.layouts.rounding import round_half_up
from orchestration.settings import PUBLISHED_FIGURES_DIR
from tests.made_up.needs_by_hand import CASES, RATINGS, ROWS, annex, counted, members, number_of


@pytest.fixture(scope="module")
def headlines() -> pd.DataFrame:
    return made_headlines(RATINGS).set_index("id")


def made_headlines(ratings: pd.DataFrame) -> pd.DataFrame:
    return needs_headlines(CASES, annex(), needs_counts(CASES), needs_cooccurrence(CASES), provider_ratings(ratings))


def test_headlines_have_the_published_ids_but_parameters_and_what_was_cited(headlines: pd.DataFrame) -> None:
    published = pd.read_csv(PUBLISHED_FIGURES_DIR / "headlines.csv").query("bulletin == '2020/03'")
    left_out = {"stepwise_entry", "stepwise_removal", "needs_half_nps", "needs_half_crc"}
    assert headlines.index.is_unique
    assert set(headlines.index) == set(published["id"]) - left_out
    units = published.set_index("id")["unit"]
    assert headlines["unit"].to_dict() == {name: units[name] for name in headlines.index}


@pytest.mark.parametrize("name", CELLS)
def test_a_headline_from_a_cell_is_rounded_once_from_the_exact_share(headlines: pd.DataFrame, name: str) -> None:
    cell = CELLS[name]
    n, value = counted(cell.outcome, members(cell.item, cell.category))
    decimals = 1 if cell.outcome.startswith("mean_") else 0
    assert headlines.loc[name, "n"] == n
    assert headlines.loc[name, "value_published"] == round_half_up(value, decimals)


@pytest.mark.parametrize("name", GROUP_SIZES)
def test_only_likelihood_is_a_share_of_the_cases_with_a_score(headlines: pd.DataFrame, name: str) -> None:
    size = GROUP_SIZES[name]
    column = next(group.column for group in GROUPS if group.item == size.item)
    base = [row for row in ROWS if row[column] is not None] if name == "cases_ogrs_high" else ROWS
    n = len(members(size.item, size.category))
    assert headlines.loc[name, ["value", "n"]].tolist() == [n, len(base)]
    assert headlines.loc[f"{name}_pct", "value_published"] == round_half_up(Fraction(100 * n, len(base)), 0)


def test_counts_pairs_and_officers_are_those_of_the_cases(headlines: pd.DataFrame) -> None:
    needs, strengths = ([number_of(row, kind) for row in ROWS] for kind in ("needs", "strengths"))
    asked = [row["services_available"] for row in ROWS if row["services_available"] is not None]
    shares = {
        "needs_four_or_more_pct": (sum(number >= 4 for number in needs), len(ROWS)),
        "strengths_none_pct": (strengths.count(0), len(ROWS)),
        "strengths_one_pct": (strengths.count(1), len(ROWS)),
        "strengths_two_plus_pct": (sum(number >= 2 for number in strengths), len(ROWS)),
        "need_drugs_and_lifestyle_pct": (
            sum(row["need_drugs"] == row["need_lifestyle"] == "yes" for row in ROWS),
            len(ROWS),
        ),
        "officers_services_available_pct": (asked.count("yes"), len(asked)),
    }
    for name, (part, whole) in shares.items():
        assert headlines.loc[name, "value"] == pytest.approx(100 * part / whole), name
        assert headlines.loc[name, "n"] == whole
    assert headlines.loc["officers_services_available_n", "value"] == asked.count("yes")


def test_counts_of_differences_count_measures_not_cells() -> None:
    table_c5 = [measure.code for measure in MEASURES if measure.table_id == "C5"]
    verdicts = pd.DataFrame(
        {"outcome": table_c5, "term": "provider_type", "is_retained": [True] * 3 + [False] * 5, "p_value": 0.01}
    )
    annex = annex_c(CASES, verdicts)
    made = needs_headlines(CASES, annex, needs_counts(CASES), needs_cooccurrence(CASES), provider_ratings(RATINGS))
    values = made.set_index("id")["value"]
    assert values["needs_provider_significant"] == 3
    assert values[["strengths_provider_significant", "needs_ogrs_significant"]].tolist() == [0, 0]
    below = sum(counted(outcome, ROWS)[1] < 50 for outcome in table_c5)
    assert values["fig7_needs_below_half"] == below


def test_without_ratings_only_their_headlines_are_missing(headlines: pd.DataFrame) -> None:
    without = made_headlines(RATINGS.head(0))
    assert set(headlines.index) - set(without["id"]) == {
        name for name in headlines.index if name.startswith("services_")
    }
    assert headlines.loc[["services_crc_good", "services_nps_good"], "value"].tolist() == [2, 0]
