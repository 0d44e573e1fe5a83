"""Personal data stops at linkage: nothing that leaves it holds an identifier."""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.settings import SOURCES
from tests.conftest import settings_for
from tests.made_up.extracts import sample, write_csv
from tests.open_to_others import open_to_others, opened_by_another_account

IDENTIFIER_COLUMNS = {
    "case_id", "record_id", "crn", "pnc_id", "pnc", "surname", "forenames", "forename", "date_of_birth",
    "start_date", "sentence_date", "index_date", "termination_date",
}  # fmt: skip
# Where identifiers are at home, and the extracts themselves.
AT_HOME = ("landing", "truth", "review", "warehouse.duckdb", ".keys")


def _analysis_columns(settings) -> list[tuple[str, str, str]]:
    with duckdb.connect(str(settings.analysis_database), read_only=True) as connection:
        return connection.execute("select schema_name, table_name, column_name from duckdb_columns()").fetchall()


def test_the_ad_hoc_database_has_no_identifier_column(finished_run):
    found = [row for row in _analysis_columns(finished_run) if row[2] in IDENTIFIER_COLUMNS]
    assert found == []


@pytest.fixture(scope="module")
def identifiers(finished_run) -> set[bytes]:
    """Every PNC identifier, CRN, date of birth and the longer surnames of the synthetic extracts.

    Numbers alone (case ids) are left out: timestamps and counts hold the same digits by chance.
    """
    found: set[str] = set()
    for path in (finished_run.landing_dir / "inspections").glob("*.csv"):
        with open(path, encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                found |= {row["case_id"], row["pnc_id"], row["crn"], row["date_of_birth"]}
                if len(row["surname"]) > 9:
                    found.add(row["surname"])
    return {value.strip().encode() for value in found if len(value.strip()) >= 6 and not value.strip().isdigit()}


def _files_that_leave(data_dir: Path) -> list[Path]:
    return [
        path
        for path in sorted(data_dir.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.relative_to(data_dir).parts[0] not in AT_HOME
    ]


def test_everything_that_a_run_makes_is_closed_to_others(finished_run):
    """With synthetic extracts that is all there is. While it runs, and killed: `test_crashes_and_crowds.py`."""
    assert open_to_others(finished_run.data_dir) == []


def test_a_failed_run_leaves_nothing_open_where_the_umask_would_leave_all_of_it(tmp_path):
    """Refused at a gate, started as a program; landing files keep the mode that who delivered them gave them."""
    settings = settings_for(tmp_path / "data")
    for source in SOURCES:
        write_csv(settings.landing_dir / source, sample(source).drop(columns="provider", errors="ignore"))
    delivered = set(open_to_others(settings.data_dir))
    environment = os.environ | {"PROBATION_DATA_DIR": str(settings.data_dir)}
    command = [sys.executable, "-m", "orchestration", "ingest"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, umask=0)
    assert ended.returncode == 1
    assert "The run is kept as" in ended.stderr
    assert settings.warehouse.exists()
    assert set(open_to_others(settings.data_dir)) - delivered == set()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to become another account")
def test_another_account_opens_nothing_but_what_is_public(finished_run):
    """In a folder that the other account reaches, so that the data folder's own modes are what stops it."""
    with tempfile.TemporaryDirectory() as reached:
        data = Path(reached, "data")
        shutil.copytree(finished_run.data_dir, data, symlinks=True)
        (data / "public").mkdir()
        (data / "public" / "page.html").write_text("for all")
        for path in (Path(reached), data, data / "public"):
            path.chmod(0o755)
        (data / "public" / "page.html").chmod(0o644)
        opened = opened_by_another_account(list(data.rglob("*")))
    assert sorted(path.relative_to(data).as_posix() for path in opened) == ["public", "public/page.html"]


def test_no_identifier_in_any_file_that_leaves_linkage(finished_run, identifiers):
    """Releases, the ad hoc database, quality reports, Dagster's event log, dbt's compiled files, logs."""
    import re

    pattern = re.compile(b"[A-Za-z0-9/'-]{6,}")
    offenders = {}
    for path in _files_that_leave(finished_run.data_dir):
        hits = set(pattern.findall(path.read_bytes())) & identifiers
        if hits:
            offenders[path.relative_to(finished_run.data_dir).as_posix()] = len(hits)
    assert offenders == {}


def test_no_identifier_in_any_value_of_the_ad_hoc_database(finished_run, identifiers):
    """Column by column, because the database file itself is compressed."""
    known = {value.decode() for value in identifiers}
    for column, values in _texts(finished_run):
        assert not known & values, column


def test_no_name_of_an_extract_leaves_linkage(finished_run):
    """Somebody typed it, and it may name a person; in the warehouse it stands."""
    names = [path.stem for path in finished_run.landing_dir.glob("*/*")]
    assert names[0].encode() in finished_run.warehouse.read_bytes()
    files = {path.name: path.read_bytes() for path in _files_that_leave(finished_run.data_dir)}
    assert [file for file, content in files.items() if any(name.encode() in content for name in names)] == []
    for column, values in _texts(finished_run):
        assert not [name for name in names if any(name in value for value in values)], column


def _texts(settings) -> Iterator[tuple[str, set[str]]]:
    """Each column of texts of the ad hoc database, and what it holds."""
    with duckdb.connect(str(settings.analysis_database), read_only=True) as connection:
        text_columns = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where data_type = 'VARCHAR'"
        ).fetchall()
        for schema, table, column in text_columns:
            values = connection.execute(f'select distinct "{column}" from {schema}.{table}').fetchall()
            yield f"{schema}.{table}.{column}", {value for (value,) in values if value is not None}
