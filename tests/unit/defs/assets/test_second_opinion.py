"""The second opinion as a stage: written once, kept while nothing changes, refused with a remedy without Splink."""

import dagster as dg
import duckdb
import pytest

from orchestration.defs.assets.second_opinion import DISAGREEMENTS, splink_second_opinion
from orchestration.defs.resources import Pipeline
from orchestration.ledger.records import record_stage, recorded_stages
from orchestration.linkage.probabilistic import scoring
from orchestration.settings import DatabaseLimits, read_settings
from orchestration.storage.warehouse import open_warehouse
from orchestration.tables.second_opinion import SECOND_OPINION_TABLES as TABLES
from tests.made_up.broken_splink import broken_splink
from tests.made_up.small_warehouse import N_CASES, SECRET, small_warehouse


def linked_folder(folder):
    """A data folder whose linkage has passed its gate."""
    warehouse = small_warehouse(folder / "warehouse.duckdb")
    with open_warehouse(warehouse, DatabaseLimits()) as connection:
        record_stage(connection, "linkage_gate", "a fingerprint", "a run", None)
    return folder


def run(folder, **options):
    pipeline = Pipeline.of(read_settings({"PROBATION_DATA_DIR": str(folder)}))
    return dg.materialize([splink_second_opinion], resources={"pipeline": pipeline}, **options)


def test_it_writes_counts_to_results_and_rows_to_linkage_and_does_so_once(tmp_path):
    pytest.importorskip("splink")
    folder = linked_folder(tmp_path)
    first, second = run(folder), run(folder)
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        written = {tuple(row) for row in connection.execute(
            "select schema_name, table_name from duckdb_tables() where table_name like 'second_opinion%'").fetchall()
        }  # fmt: skip
        cases = connection.execute(
            "select source, sum(n) from results.second_opinion where threshold = .5 group by source order by source"
        ).fetchall()
        columns = connection.execute(
            "select table_name, column_name, lower(data_type) from duckdb_columns() where schema_name = 'results'"
        ).fetchall()
        texts = [connection.execute(f"select * from results.{name}").df().to_csv() for name in TABLES]
        assert "second_opinion" in recorded_stages(connection)
    assert written == {*(("results", name) for name in TABLES), ("linkage", DISAGREEMENTS)}
    assert columns == [(table.name, c.name, c.type) for table in TABLES.values() for c in table.columns]
    assert cases == [("reoffending", N_CASES), ("terminations", N_CASES)]
    assert not any(SECRET in text or "c039" in text for text in texts)
    for result, is_kept in ((first, False), (second, True)):
        events = result.get_asset_materialization_events()
        assert len(events) == len(TABLES) + 1
        assert {e.materialization.metadata["unchanged"].value for e in events} == {is_kept}


def test_without_splink_the_run_says_what_to_install_and_changes_nothing(tmp_path, monkeypatch):
    def missing(name):
        raise scoring.PackageNotFoundError(name)

    monkeypatch.setattr(scoring, "version", missing)
    folder = linked_folder(tmp_path)
    result = run(folder, raise_on_error=False)
    assert not result.success
    said = [e.event_specific_data.user_failure_data.description for e in result.get_step_failure_events()]
    assert "pip install" in said[0]
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from duckdb_tables() where schema_name = 'results'").fetchall() == [
            (0,)
        ]


def test_with_a_broken_splink_the_run_says_what_failed_and_not_that_the_program_is_at_fault(tmp_path, monkeypatch):
    folder = linked_folder(tmp_path)
    broken_splink(tmp_path, monkeypatch, "import a_package_it_needs")
    result = run(folder, raise_on_error=False)
    said = [e.event_specific_data.user_failure_data.description for e in result.get_step_failure_events()]
    assert "No module named 'a_package_it_needs'" in said[0]
    assert "fault of the program" not in said[0]
