"""What a run leaves behind: the warehouse, the release, the ad hoc database."""

import json
import re
import shutil

import duckdb
import pandas as pd
import pytest

from orchestration.commands.running import run_job
from orchestration.commands.summary import print_summary
from orchestration.defs.job_names import BULLETIN_JOB
from orchestration.errors import PipelineError
from orchestration.ledger.stages import lineage
from orchestration.methods.bulletin_2020_03.models import fit_stepwise_models
from orchestration.methods.bulletin_2023_04.models import fit_bulletin_models
from orchestration.releases.freshness import is_up_to_date
from orchestration.releases.publishing import latest_release, releases
from orchestration.settings import PROJECT_DIR
from orchestration.storage.backups import back_up, restore
from orchestration.storage.case_keys import read_cases
from tests.conftest import settings_for


def query(settings, sql, database="analysis"):
    path = settings.analysis_database if database == "analysis" else settings.warehouse
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).df()


@pytest.mark.parametrize(
    ("source", "eligible", "matched"), [("terminations", 1788, 1694), ("reoffending", 3308, 2885)], ids=str
)
def test_the_match_rates_are_the_bulletins(finished_run, source, eligible, matched):
    row = query(finished_run, f"select * from results.match_rates where item = 'all_cases' and source = '{source}'")
    assert (row["eligible"].item(), row["matched"].item()) == (eligible, matched)


def test_the_links_are_the_true_ones(finished_run):
    """Against the truth file, which the pipeline itself never reads."""
    for source in ("terminations", "reoffending"):
        truth = pd.read_csv(finished_run.truth_dir / f"{source}.csv", dtype=str)
        table = "termination_matches" if source == "terminations" else "reoffending_matches"
        found = query(finished_run, f"select case_id, record_id from linkage.{table}", "warehouse")
        wrong = found.merge(truth, on=["case_id", "record_id"], how="left", indicator=True)
        assert (wrong["_merge"] == "both").mean() > 0.999


def test_a_release_is_complete_and_its_hashes_hold(finished_run):
    import hashlib

    release = latest_release(finished_run.published_dir)
    manifest = json.loads((release / "manifest.json").read_text())
    files = {p.relative_to(release).as_posix() for p in release.rglob("*") if p.is_file()} - {"manifest.json"}
    assert set(manifest["files"]) == files
    for name in files:
        assert hashlib.sha256((release / name).read_bytes()).hexdigest() == manifest["files"][name], name


def test_nothing_is_due_after_a_restore(finished_run, tmp_path):
    back_up(finished_run, tmp_path / "backup", tmp_path / "key")
    restored = settings_for(tmp_path / "restored")
    restore(restored, tmp_path / "backup", tmp_path / "key")
    assert is_up_to_date(restored)


def test_the_order_of_cases_which_their_keys_decide_moves_no_number(finished_run):
    with duckdb.connect(str(finished_run.warehouse), read_only=True) as connection:
        cases = read_cases(connection)
    turned = cases.sample(frac=1, random_state=1).reset_index(drop=True)
    given, other = ([fit_bulletin_models(own), fit_stepwise_models(own).models] for own in (cases, turned))
    for tables, others in zip(given, other, strict=True):
        for name, table in vars(tables).items():
            pd.testing.assert_frame_equal(table, getattr(others, name), rtol=1e-7, atol=1e-10, obj=name)


def test_the_readme_shows_what_a_run_prints(finished_run, capsys):
    print_summary(finished_run)
    shown = re.search(r"```\n(Match rates\n.*?)\nWhere\n", (PROJECT_DIR / "README.md").read_text(), re.DOTALL)[1]
    assert shown in capsys.readouterr().out


def test_unchanged_input_makes_no_new_release_and_does_nothing_again(run_copy):
    before = query(run_copy, "select stage, fingerprint, run_id from quality.stages order by stage", "warehouse")
    run_job(run_copy, BULLETIN_JOB)
    after = query(run_copy, "select stage, fingerprint, run_id from quality.stages order by stage", "warehouse")
    pd.testing.assert_frame_equal(before, after)
    assert len(releases(run_copy.published_dir)) == 1


def test_another_window_keeps_the_cleaning_and_links_more(run_copy):
    sql = "select stage, run_id from quality.stages"
    before = query(run_copy, sql, "warehouse").set_index("stage")["run_id"]
    run_job(settings_for(run_copy.data_dir, match_window_days=10), "link")
    after = query(run_copy, sql, "warehouse").set_index("stage")["run_id"]
    done = {stage for stage in lineage("marts") if before[stage] != after[stage]}
    assert done == set(lineage("marts")) - {
        "inspections",
        "terminations",
        "reoffending",
        "offences",
        "staging",
        "probable_pairs",
        "case_keys",
    }
    for source, at_seven_days in (("termination", 1694), ("reoffending", 2885)):
        assert len(query(run_copy, f"from linkage.{source}_matches", "warehouse")) > at_seven_days


def test_a_failed_gate_leaves_the_last_release_and_the_database_untouched(run_copy):
    release = latest_release(run_copy.published_dir)
    database = run_copy.analysis_database.read_bytes()
    extract = next((run_copy.landing_dir / "inspections").glob("*.csv"))
    (run_copy.landing_dir / "synthetic_manifest.json").unlink()
    lines = extract.read_text().splitlines(keepends=True)
    extract.write_text(
        "".join([lines[0], "Zzcanary" + lines[1][lines[1].index(",") :].replace("20", "9x9"), *lines[2:]])
    )
    with pytest.raises(PipelineError) as failure:
        run_job(run_copy, BULLETIN_JOB)
    assert "inspections: " in str(failure.value)
    assert extract.name not in str(failure.value)
    assert "2" in str(failure.value)
    assert latest_release(run_copy.published_dir) == release
    assert run_copy.analysis_database.read_bytes() == database


def test_publication_alone_refuses_data_whose_gate_did_not_pass(run_copy):
    with duckdb.connect(str(run_copy.warehouse)) as connection:
        connection.execute("update quality.gate_results set success = false where gate = 'linkage'")
    shutil.rmtree(run_copy.published_dir)
    with pytest.raises(PipelineError, match="gate 'linkage' has not passed"):
        run_job(run_copy, "publish")
    assert latest_release(run_copy.published_dir) is None


def test_a_full_disk_while_publishing_changes_nothing(run_copy, monkeypatch):
    import orchestration.storage.analysis_database as analysis_database

    def full(_settings, _views):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(analysis_database, "prepare", full)
    shutil.rmtree(run_copy.published_dir)
    database = run_copy.analysis_database.read_bytes()
    with pytest.raises(PipelineError, match="No space left on device"):
        run_job(run_copy, "publish")
    assert latest_release(run_copy.published_dir) is None
    assert run_copy.analysis_database.read_bytes() == database
