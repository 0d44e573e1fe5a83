"""Other invented people around the same profile: other names, dates and blemishes, the same published cells."""

import duckdb
import pandas as pd

from orchestration.commands.running import DEFAULT_SEED, require_extracts, run_job
from orchestration.defs.job_names import BULLETIN_JOB
from orchestration.releases.backtest import backtest, summary
from orchestration.settings import PUBLISHED_FIGURES_DIR
from tests.conftest import settings_for


def test_another_seed_of_people_gives_every_published_cell_back(finished_run, tmp_path):
    settings = settings_for(tmp_path / "data")
    require_extracts(settings, seed=DEFAULT_SEED + 1)
    run_job(settings, BULLETIN_JOB)
    with duckdb.connect(str(settings.analysis_database), read_only=True) as connection:
        annex_b = connection.execute("select * from results.annex_b").df()
    published = pd.read_csv(PUBLISHED_FIGURES_DIR / "annex_b.csv", dtype={"category": str})
    assert summary(backtest(annex_b, published)) == "167 of 167 cells of Annex B agree"
    surnames = "select distinct surname from raw.parsed_inspections"
    people = []
    for run in (settings, finished_run):
        with duckdb.connect(str(run.warehouse), read_only=True) as connection:
            people.append({row[0] for row in connection.execute(surnames).fetchall()})
    assert people[0] != people[1]
