"""The published cells, out of a whole run.

The synthetic cases are calibrated to these cells, so that getting them back proves the plumbing (linkage, recoding,
bands, bases, rounding), not the method; the method is tested against independent results in `tests/unit/methods`.
"""

import duckdb
import pandas as pd

from orchestration.publications.backtest import backtest, summary
from orchestration.settings import PUBLISHED_FIGURES_DIR


def results(settings, table: str) -> pd.DataFrame:
    with duckdb.connect(str(settings.analysis_database), read_only=True) as connection:
        return connection.execute(f"select * from results.{table}").df()


def test_every_published_cell_comes_back(finished_run):
    published = pd.read_csv(PUBLISHED_FIGURES_DIR / "annex_b.csv", dtype={"category": str})
    cells = backtest(results(finished_run, "annex_b"), published)
    assert summary(cells) == "167 of 167 cells of Annex B agree"


def test_headlines_agree_with_the_bulletin(finished_run):
    headlines = results(finished_run, "headlines").set_index("id")
    published = pd.read_csv(PUBLISHED_FIGURES_DIR / "headlines.csv").set_index("id")
    joined = headlines.join(published["value"].rename("printed"), how="left")
    disagreeing = joined[(joined["value_published"] - joined["printed"]).abs() > 1e-9]
    assert disagreeing.empty, disagreeing
