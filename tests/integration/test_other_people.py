"""Other invented people around the same profile: other names, dates and blemishes, the same published cells."""

import duckdb
import pandas as pd

from orchestration.commands.running import DEFAULT_SEED, run_job
from orchestration.methods.bulletin_2023_04.annex_b import annex_b
from orchestration.methods.bulletin_2023_04.models import fit_bulletin_models
from orchestration.releases.backtest import backtest, summary
from orchestration.settings import PUBLISHED_FIGURES_DIR
from orchestration.synthetic.extracts.writing import write_extracts
from orchestration.synthetic.profile import read_profile
from tests.conftest import settings_for


def test_another_seed_of_people_gives_every_published_cell_back(finished_run, tmp_path):
    settings = settings_for(tmp_path / "data")
    # Fewer records of others: whose they are is tried by the shipped size.
    write_extracts(read_profile(), DEFAULT_SEED + 1, settings.landing_dir, settings.truth_dir, 6_000, 12_000)
    for job in ("ingest", "link"):
        run_job(settings, job)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        cases = connection.execute("select * from marts.cases order by case_key").df()
    published = pd.read_csv(PUBLISHED_FIGURES_DIR / "annex_b.csv", dtype={"category": str})
    found = annex_b(cases, fit_bulletin_models(cases).model_terms)
    assert summary(backtest(found, published)) == "167 of 167 cells of Annex B agree"
    surnames = "select distinct surname from raw.parsed_inspections"
    people = []
    for run in (settings, finished_run):
        with duckdb.connect(str(run.warehouse), read_only=True) as connection:
            people.append({row[0] for row in connection.execute(surnames).fetchall()})
    assert people[0] != people[1]
