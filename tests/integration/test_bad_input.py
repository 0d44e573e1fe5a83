"""Bad input through the whole run: one message with file and remedy, nothing lost, nothing half-published."""

import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from orchestration.commands.running import run_job
from orchestration.commands.summary import print_summary
from orchestration.errors import PipelineError
from orchestration.releases.freshness import is_up_to_date
from orchestration.releases.publishing import releases, withdraw

CANARY = "Zzcanaryname"


def _inspections(settings) -> Path:
    (settings.landing_dir / "synthetic_manifest.json").unlink(missing_ok=True)
    return sorted((settings.landing_dir / "inspections").glob("*.csv"))[1]


def _without_a_column(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8-sig").replace("engagement,", CANARY + ",", 1))


def _as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


# What is said of every other fault of a file: tests/unit/ingest.
FAULTS = {
    "wrong columns": (_without_a_column, "missing: engagement", "rename the columns ("),
    "a folder in a file's place": (_as_folder, "folder stands where a file", "take this folder away"),
}


def _state(settings) -> tuple:
    return releases(settings.published_dir), settings.analysis_database.read_bytes()


@pytest.mark.parametrize(("spoil", "what", "remedy"), FAULTS.values(), ids=FAULTS)
def test_a_file_that_cannot_be_read_is_named_with_its_remedy(run_copy, spoil, what, remedy):
    extract, before = _inspections(run_copy), _state(run_copy)
    spoil(extract)
    with pytest.raises(PipelineError) as failure:
        run_job(run_copy, "ingest")
    message = str(failure.value)
    assert re.search(r"inspections, (delivery 3 \(\w{8}\)|file 2 of 4 by name)", message)
    assert extract.stem not in message
    assert what in message
    assert remedy in message
    assert CANARY not in message
    assert _state(run_copy) == before


def test_faulty_cells_are_told_by_line_and_column_with_the_report_to_read(run_copy):
    extract, before = _inspections(run_copy), _state(run_copy)
    frame = pd.read_csv(extract, dtype=str, keep_default_na=False)
    frame.loc[3, ["gender", "surname"]] = CANARY
    frame.loc[4, "start_date"] = "31/02/2019"
    frame.loc[5, "ogrs_score"] = CANARY
    frame.loc[7, "case_id"] = frame.loc[6, "case_id"]
    frame.to_csv(extract, index=False)
    with pytest.raises(PipelineError) as failure:
        run_job(run_copy, "ingest")
    place = "delivery"
    message = re.sub(r"delivery [0-9]+ \(\w{8}\)", place, str(failure.value))
    for told in (
        f"gender: unknown code, 1 row, {place} line 5",
        f"start_date: impossible date, 1 row, {place} line 6",
        f"ogrs_score: text where a whole number is expected, 1 row, {place} line 7",
        f"case_id: duplicated id, 2 rows, {place} lines 8, 9",
    ):
        assert message.count(told) == 1, "what stops the run is told, and told once"
    assert CANARY not in message
    with pytest.raises(PipelineError, match="the stage 'inspections' is missing"):
        run_job(run_copy, "publish")
    report = max(run_copy.quality_dir.glob("*/rejected_rows.csv"), key=lambda path: path.stat().st_mtime)
    assert str(report.parent) in message
    assert _state(run_copy) == before


def test_a_run_that_ended_between_release_and_ad_hoc_database_is_not_taken_for_finished(run_copy):
    assert is_up_to_date(run_copy)
    with duckdb.connect(str(run_copy.analysis_database)) as connection:
        connection.execute("delete from quality.stages where stage = 'release'")
    assert not is_up_to_date(run_copy)
    run_job(run_copy, "publish")
    assert is_up_to_date(run_copy)
    assert len(releases(run_copy.published_dir)) == 1


@pytest.mark.parametrize("damaged", ["warehouse.duckdb", "analysis.duckdb", "published/latest/manifest.json"])
def test_a_damaged_file_is_never_taken_for_a_finished_run(run_copy, damaged):
    path = run_copy.data_dir / damaged
    path.chmod(0o600)
    path.write_bytes(b"x" * 9000)
    assert not is_up_to_date(run_copy)


def test_a_damaged_warehouse_is_named_and_can_be_built_again(run_copy):
    before = _state(run_copy)
    run_copy.warehouse.write_bytes(run_copy.warehouse.read_bytes()[:5000])
    with pytest.raises(PipelineError, match="can be deleted and is then built again") as failure:
        run_job(run_copy, "ingest")
    assert str(run_copy.warehouse) in str(failure.value)
    assert _state(run_copy) == before


def test_a_run_that_comes_to_what_was_withdrawn_says_so(run_copy, capsys):
    print_summary(run_copy)
    assert "withdrawn" not in capsys.readouterr().out
    withdraw(run_copy.published_dir, releases(run_copy.published_dir)[-1], "a mistake in an extract")
    print_summary(run_copy)
    assert "withdrawn" in capsys.readouterr().out
