"""The published cells, out of a whole run.

The synthetic cases are calibrated to these cells, so that getting them back proves the plumbing (linkage, recoding,
bands, bases, rounding), not the method; the method is tested against independent results in `tests/unit/methods`.
"""

import duckdb
import pandas as pd
import pytest

from orchestration.commands.summary import print_backtest
from orchestration.releases.backtest import backtest, compare_headlines
from orchestration.settings import PUBLISHED_FIGURES_DIR

IMPOSSIBLE = pd.read_csv(PUBLISHED_FIGURES_DIR / "impossible_figures.csv")


def results(settings, table: str) -> pd.DataFrame:
    with duckdb.connect(str(settings.analysis_database), read_only=True) as connection:
        return connection.execute(f"select * from results.{table}").df()


def published(name: str) -> pd.DataFrame:
    return pd.read_csv(PUBLISHED_FIGURES_DIR / f"{name}.csv", dtype={"category": str})


@pytest.mark.parametrize(
    ("annex", "n_cells", "impossible"),
    [
        ("annex_b", 167, []),
        (
            "annex_c",
            816,
            [
                ("C2", "age_group", "50+", "strength_employment"),
                ("C3", "rosh_group", "high_very_high", "planning_needs"),
            ],
        ),
    ],
    ids=["Annex B", "Annex C"],
)
def test_every_published_cell_that_can_comes_back(finished_run, annex, n_cells, impossible):
    cells = backtest(results(finished_run, annex), published(annex))
    assert len(cells) == n_cells
    disagreeing = cells.loc[~cells["agrees"], ["table_id", "item", "category", "outcome"]]
    assert [tuple(row) for row in disagreeing.to_numpy()] == impossible


@pytest.mark.parametrize("bulletin", ["2023/04", "2020/03"])
def test_headlines_agree_with_the_bulletin_but_those_it_rounded_twice(finished_run, bulletin):
    headlines = results(finished_run, "headlines")
    ours = headlines[headlines["bulletin"] == bulletin]
    compared = compare_headlines(bulletin, ours, published("headlines"), IMPOSSIBLE)
    assert len(compared.figures) > 20
    assert compared.surprises.empty, compared.surprises


def test_the_command_prints_981_of_983_and_ends_well(finished_run, capsys):
    assert print_backtest(finished_run) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("981 of 983 published cells agree\n")
    assert printed.count("impossible as printed: C") == 2


def test_one_bulletins_tables_alone_are_compared_and_the_others_absence_is_told(run_copy, capsys):
    with duckdb.connect(str(run_copy.analysis_database)) as connection:
        connection.execute("drop table results.annex_b")
    assert print_backtest(run_copy) == 0
    printed = capsys.readouterr().out
    assert "2023/04: its tables are not made" in printed
    assert "814 of 816 published cells agree" in printed
