"""The back-test lets off what is listed as impossible and nothing else."""

import pandas as pd
import pytest

from orchestration.releases.backtest import (
    backtest,
    compare_cells,
    compare_headlines,
    is_as_listed,
    report,
    summary,
)
from orchestration.settings import PUBLISHED_FIGURES_DIR

IMPOSSIBLE = pd.read_csv(PUBLISHED_FIGURES_DIR / "impossible_figures.csv")
CELLS = IMPOSSIBLE[IMPOSSIBLE["kind"] == "cell"]


def published_cells(annex: str) -> pd.DataFrame:
    return pd.read_csv(PUBLISHED_FIGURES_DIR / f"{annex}.csv", dtype={"category": str})


def cell_names(frame: pd.DataFrame) -> pd.Series:
    return frame[["table_id", "item", "category", "outcome"]].agg(" ".join, axis=1)


def agreeing(published: pd.DataFrame) -> pd.DataFrame:
    """The results table as it would be if every cell agreed."""
    return published.rename(columns={"value": "value_published"}).astype({"n": "Int64"})


@pytest.fixture
def published() -> pd.DataFrame:
    return published_cells("annex_b")


@pytest.fixture
def ours(published: pd.DataFrame) -> pd.DataFrame:
    return agreeing(published)


@pytest.fixture
def ours_c() -> pd.DataFrame:
    """Annex C as it is at its best: all but the impossible cells agree."""
    best = agreeing(published_cells("annex_c"))
    is_impossible = cell_names(best).isin(CELLS["figure"])
    return best.assign(value_published=best["value_published"].where(~is_impossible, best["value_published"] - 0.1))


def compared(ours_c: pd.DataFrame, ours: pd.DataFrame | None = None) -> list:
    found = [compare_cells("Annex C", ours_c, published_cells("annex_c"), IMPOSSIBLE)]
    if ours is not None:
        found.insert(0, compare_cells("Annex B", ours, published_cells("annex_b"), IMPOSSIBLE))
    return found


def test_all_167_cells_agree_with_themselves(ours: pd.DataFrame, published: pd.DataFrame) -> None:
    assert summary(backtest(ours, published)) == "167 of 167 cells of Annex B agree"


@pytest.mark.parametrize(("column", "step"), [("n", 1), ("value_published", 0.1)], ids=["n", "value"])
def test_one_wrong_cell_is_counted_and_named(
    ours: pd.DataFrame, published: pd.DataFrame, column: str, step: float
) -> None:
    wrong = ours.copy()
    wrong.loc[0, column] = wrong.loc[0, column] + step
    lines = summary(backtest(wrong, published)).splitlines()
    assert lines[0] == "166 of 167 cells of Annex B agree"
    assert "B1 all_cases all termination_positive" in lines[1]


def test_a_cell_missing_from_ours_disagrees(ours: pd.DataFrame, published: pd.DataFrame) -> None:
    cells = backtest(ours.iloc[1:], published)
    assert len(cells) == 167
    assert cells["agrees"].sum() == 166


def test_the_cell_the_bulletin_leaves_empty_is_not_counted(ours: pd.DataFrame, published: pd.DataFrame) -> None:
    assert len(published) == 168
    assert len(backtest(ours, published)) == 167


def test_where_no_n_is_printed_the_value_decides(ours_c: pd.DataFrame) -> None:
    is_c5 = ours_c["table_id"] == "C5"
    any_n = ours_c.assign(n=ours_c["n"].mask(is_c5, 7))
    assert compared(any_n)[0].surprises.empty
    other_value = ours_c.assign(value_published=ours_c["value_published"].mask(is_c5, 7.0))
    assert len(compared(other_value)[0].surprises) == is_c5.sum()


def test_both_annexes_make_981_of_983_and_the_two_are_named_with_their_arithmetic(
    ours: pd.DataFrame, ours_c: pd.DataFrame
) -> None:
    comparisons = compared(ours_c, ours)
    lines = report(comparisons).splitlines()
    assert is_as_listed(comparisons)
    assert lines[0] == "981 of 983 published cells agree"
    named = [line for line in lines if "impossible as printed" in line]
    assert len(named) == 2
    assert "C2 age_group 50+ strength_employment" in named[0]
    assert "366" in named[0]
    assert "C3 rosh_group high_very_high planning_needs" in named[1]
    assert "411" in named[1]


def test_a_third_cell_that_disagrees_is_not_let_off(ours_c: pd.DataFrame) -> None:
    position = ours_c.index[cell_names(ours_c) == "C5 ethnicity asian delivery_drugs"][0]
    ours_c.loc[position, "value_published"] += 0.1
    comparisons = compared(ours_c)
    assert not is_as_listed(comparisons)
    assert "DISAGREES: C5 ethnicity asian delivery_drugs: 42.3 here, 42.2 published" in report(comparisons)


def test_a_listed_cell_that_agrees_is_reported(ours_c: pd.DataFrame) -> None:
    comparisons = compared(agreeing(published_cells("annex_c")))
    assert not is_as_listed(comparisons)
    assert report(comparisons).count("listed as impossible, yet agrees") == len(CELLS) == 2


def test_nothing_to_compare_is_no_agreement() -> None:
    assert not is_as_listed([])


def test_a_headline_that_disagrees_is_told_and_one_that_ours_do_not_state_is_left_out() -> None:
    published = pd.read_csv(PUBLISHED_FIGURES_DIR / "headlines.csv")
    ours = pd.DataFrame({"id": ["cases_nps_pct", "fig6_delivery_needs"], "value_published": [26.0, 55.0]})
    comparison = compare_headlines("2020/03", ours, published, IMPOSSIBLE)
    assert comparison.surprises["figure"].tolist() == ["cases_nps_pct"]
    assert comparison.impossible["figure"].tolist() == ["fig6_delivery_needs"]
    assert "DISAGREES: cases_nps_pct: 26 here, 25 published" in report([comparison])


def test_every_listed_figure_is_a_published_one() -> None:
    headlines = set(pd.read_csv(PUBLISHED_FIGURES_DIR / "headlines.csv")["id"])
    cells = set(cell_names(published_cells("annex_b"))) | set(cell_names(published_cells("annex_c")))
    for listed in IMPOSSIBLE.itertuples():
        assert listed.figure in (cells if listed.kind == "cell" else headlines)
        assert listed.reason


def test_no_whole_number_of_cases_gives_the_impossible_cells() -> None:
    published = published_cells("annex_c")
    for cell in published[cell_names(published).isin(CELLS["figure"])].itertuples():
        n = int(cell.n)
        assert not [k for k in range(n + 1) if int(1000 * k / n + 0.5) == round(10 * cell.value)]
