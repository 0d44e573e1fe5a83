"""Ratings and caseload through the run: missing they are left out, contradicted they stop it, new they are seen."""

import csv
import hashlib
import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.commands.cleaning import clean_folder
from orchestration.commands.running import require_extracts, run_job
from orchestration.defs.job_names import BULLETIN_JOB
from orchestration.errors import PipelineError
from orchestration.releases.freshness import is_up_to_date
from orchestration.releases.publishing import releases
from orchestration.settings import OPTIONAL_SOURCES, SOURCES
from orchestration.tables.contract import CASELOAD, RATINGS
from tests.conftest import settings_for

CANARY = "Zzcanaryname"


def list_again(settings, path: Path) -> None:
    """Have the manifest list a changed file as it is now, so that the stages of all others stand."""
    manifest = settings.landing_dir / "synthetic_manifest.json"
    content = json.loads(manifest.read_text())
    content["files"][f"{path.parent.name}/{path.name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(content))


def change(settings, source: str, *cells: tuple[int, str, str]) -> str:
    """Put values on lines and in columns of a source's last file; returns its name."""
    path = sorted((settings.landing_dir / source).glob("*.csv"))[-1]
    with open(path, encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    for line, column, value in cells:
        rows[line - 2][header.index(column)] = value
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    list_again(settings, path)
    return path.name


def state(settings) -> tuple:
    return releases(settings.published_dir), settings.analysis_database.read_bytes()


def columns_and_rows(settings, table: str) -> tuple[list, int]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        columns = connection.execute(
            "select column_name, data_type from duckdb_columns() where schema_name || '.' || table_name = ?", [table]
        ).fetchall()
        return columns, connection.execute(f"select count(*) from {table}").fetchall()[0][0]


TABLES = [f"raw.{part}{source}" for source in OPTIONAL_SOURCES for part in ("", "parsed_")]


def test_a_run_on_synthetic_extracts_reads_both(finished_run):
    assert columns_and_rows(finished_run, "raw.parsed_ratings")[1] == 28
    assert columns_and_rows(finished_run, "raw.parsed_caseload")[1] > 5000
    assert {path.parent.name for path in finished_run.landing_dir.glob("*/*")} == {*SOURCES, *OPTIONAL_SOURCES}


def test_what_is_not_delivered_is_read_as_no_rows_of_the_same_columns(run_copy):
    before = {table: columns_and_rows(run_copy, table) for table in TABLES}
    for source in OPTIONAL_SOURCES:
        shutil.rmtree(run_copy.landing_dir / source)
    (run_copy.landing_dir / OPTIONAL_SOURCES[0]).mkdir()  # an empty folder is like none
    assert not is_up_to_date(run_copy)
    run_job(run_copy, "ingest")
    for table in TABLES:
        assert columns_and_rows(run_copy, table) == (before[table][0], 0)
    with duckdb.connect(str(run_copy.warehouse), read_only=True) as connection:
        stages = {stage for (stage,) in connection.execute("select stage from quality.stages").fetchall()}
        named = connection.execute("select count(*) from raw.deliveries where source in ('ratings', 'caseload')")
        assert named.fetchall() == [(0,)]
    assert set(OPTIONAL_SOURCES) <= stages


def test_a_contradiction_stops_at_the_gate_with_file_and_lines(run_copy):
    """The other contradictions, and those of needs and their delivery: tests/unit/expectations."""
    before = state(run_copy)
    name = change(run_copy, "ratings", (3, "provider", CANARY))
    with pytest.raises(PipelineError) as failure:
        run_job(run_copy, "ingest")
    message = re.sub(r"delivery [0-9]+ \(\w{8}\)", "delivery", str(failure.value))
    assert "do not name a provider of the inspections: 1 of 28 rows (delivery line 3)" in message
    assert "provider_spellings.csv" in message
    assert name not in message
    assert CANARY not in message
    assert state(run_copy) == before


def test_where_optional_inputs_are_refused_nothing_is_published_and_no_value_repeated(run_copy, capfd):
    """A name is planted in every column of both in turn, a row each, and in their ids once more."""
    before = state(run_copy)
    for source, columns in (("ratings", RATINGS.names), ("caseload", CASELOAD.names)):
        cells = [(line, column, CANARY) for line, column in enumerate(columns, start=3)]
        change(run_copy, source, *cells, (12, columns[0], CANARY))
    with pytest.raises(PipelineError, match="rating: unknown code, 1 row") as failure:
        run_job(run_copy, BULLETIN_JOB)
    assert state(run_copy) == before
    printed = capfd.readouterr()
    assert CANARY not in str(failure.value) + printed.out + printed.err
    places = [path for path in run_copy.data_dir.rglob("*") if path.is_file() and not path.is_symlink()]
    told = {path for path in places if CANARY.encode() in path.read_bytes()}
    assert {path.relative_to(run_copy.data_dir).parts[0] for path in told} <= {"landing", "warehouse.duckdb"}


@pytest.mark.parametrize("source", OPTIONAL_SOURCES)
def test_a_changed_optional_input_is_seen(run_copy, source):
    assert is_up_to_date(run_copy)
    next(iter(sorted((run_copy.landing_dir / source).glob("*.csv")))).unlink()
    assert not is_up_to_date(run_copy)


def test_real_ratings_alone_bring_no_synthetic_extracts_into_being(tmp_path):
    settings = settings_for(tmp_path)
    path = settings.landing_dir / "ratings" / "ratings_2019.csv"
    path.parent.mkdir(parents=True)
    path.write_text("provider,provider_type,standard,rating\nEssex,CRC,Services,Good\n")
    with pytest.raises(PipelineError, match=r"Only optional inputs were delivered \(ratings, file 1 of 1 by name\)"):
        require_extracts(settings)
    assert [p.name for p in settings.landing_dir.rglob("*") if p.is_file()] == [path.name]
    with pytest.raises(PipelineError, match="Only optional inputs were delivered"):
        run_job(settings, "ingest")


def test_clean_removes_synthetic_optional_inputs_and_no_real_ones(run_copy):
    real = run_copy.landing_dir / "ratings" / "real.csv"
    real.write_text("provider,provider_type,standard,rating\nEssex,CRC,Services,Good\n")
    clean_folder(run_copy)
    left: list[Path] = [path for path in run_copy.landing_dir.rglob("*") if path.is_file()]
    assert left == [real]
