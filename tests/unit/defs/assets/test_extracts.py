"""Reading a source keeps the order of its deliveries where the warehouse's loss leaves it."""

import pytest

from orchestration.defs.assets.extracts import _ingest, _keep_order
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import StageRun
from tests.conftest import settings_for
from tests.made_up.extracts import sample, write_csv


@pytest.fixture
def pipeline(tmp_path) -> Pipeline:
    """A data folder where the file that is second by name was delivered, and read, first."""
    pipeline = Pipeline.of(settings_for(tmp_path))
    folder = pipeline.settings.landing_dir / "inspections"
    rows = sample("inspections")
    write_csv(folder, rows, "b.csv")
    read(pipeline)
    write_csv(folder, rows.iloc[::-1], "a.csv")
    read(pipeline)
    assert in_order(pipeline) == ["b.csv", "a.csv"]
    return pipeline


def read(pipeline: Pipeline) -> None:
    _ingest(pipeline, "inspections", "run", StageRun("inspections", "a fingerprint", is_done=False))


def in_order(pipeline: Pipeline) -> list[str]:
    with pipeline.warehouse(read_only=True) as connection:
        rows = connection.execute("select file from raw.deliveries order by delivery_order").fetchall()
    return [name for (name,) in rows]


def test_undated_deliveries_keep_their_order_without_the_warehouse(pipeline):
    pipeline.settings.warehouse.unlink()
    read(pipeline)
    assert in_order(pipeline) == ["b.csv", "a.csv"]


def test_an_order_that_stands_in_the_warehouse_alone_is_kept_where_the_stage_is_done_already(pipeline):
    pipeline.settings.first_seen_file.unlink()
    _keep_order(pipeline, "inspections")
    pipeline.settings.warehouse.unlink()
    read(pipeline)
    assert in_order(pipeline) == ["b.csv", "a.csv"]
