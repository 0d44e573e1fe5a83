"""The stability of the selections as a stage: made when asked for, once for each request, and described."""

from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.defs.assets.stepwise_stability import stepwise_stability
from orchestration.defs.job_names import ASKED_FOR_GROUPS, STABILITY_JOB
from orchestration.defs.resources import Pipeline
from orchestration.ledger.records import record_stage
from orchestration.methods.layouts.layout_2020 import GROUPS, MODELLED
from orchestration.releases.parts import PARTS
from orchestration.settings import DatabaseLimits, read_settings
from orchestration.stability.chunks import StabilityRequest, write_request
from orchestration.storage.warehouse import open_warehouse
from orchestration.tables.stepwise_stability import STEPWISE_STABILITY_TABLES as TABLES
from tests.made_up.needs import example_needs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder whose stepwise models stand."""
    cases = example_needs(250).assign(case_key=[f"{number:064x}" for number in range(250)])
    with open_warehouse(tmp_path / "warehouse.duckdb", DatabaseLimits()) as connection:
        connection.register("inspected", cases)
        connection.execute("create table marts.cases as select * from inspected")
        connection.execute("create table linkage.case_keys as select case_key, case_key as case_id from marts.cases")
        record_stage(connection, "needs_models", "a fingerprint", "a run", None)
    return tmp_path


def made(folder: Path, request: StabilityRequest) -> bool:
    """Run the stage for a request; whether it was done (and not kept)."""
    settings = read_settings({"PROBATION_DATA_DIR": str(folder)})
    write_request(settings, request)
    result = dg.materialize([stepwise_stability], resources={"pipeline": Pipeline.of(settings)})
    events = result.get_asset_materialization_events()
    assert len(events) == len(TABLES)
    (is_kept,) = {event.materialization.metadata["unchanged"].value for event in events}
    return not is_kept


def test_it_is_done_once_for_each_request(folder: Path) -> None:
    assert made(folder, StabilityRequest(2, 1))
    assert not made(folder, StabilityRequest(2, 1))
    assert made(folder, StabilityRequest(1, 1))
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name, lower(data_type) from duckdb_columns() where schema_name = 'results'"
        ).fetchall()
        counts = connection.execute(
            "select count(*), count(distinct model_id), min(n_resamples), max(n_resamples) "
            "from results.stepwise_inclusion"
        ).fetchone()
    assert counts == (len(MODELLED) * len(GROUPS), len(MODELLED), 1, 1)
    assert columns == [(table.name, c.name, c.type) for table in TABLES.values() for c in table.columns]


def test_it_is_made_when_asked_for_and_then_published() -> None:
    assert STABILITY_JOB in ASKED_FOR_GROUPS
    (part,) = [part for part in PARTS if tuple(part.published_tables) == tuple(TABLES)]
    assert part.is_asked_for
