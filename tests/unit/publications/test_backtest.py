import pandas as pd
import pytest

from orchestration.publications.backtest import backtest, summary
from orchestration.settings import PUBLISHED_FIGURES_DIR


@pytest.fixture
def published() -> pd.DataFrame:
    return pd.read_csv(PUBLISHED_FIGURES_DIR / "annex_b.csv")


@pytest.fixture
def ours(published: pd.DataFrame) -> pd.DataFrame:
    """results.annex_b as it would be if every cell agreed."""
    return published.rename(columns={"value": "value_published"}).astype({"n": "Int64"})


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
