"""Reading a source keeps the order of its deliveries where the warehouse's loss leaves it, and what files gave."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from orchestration.commands.running import run_job
from orchestration.defs.assets.extracts import _ingest, _keep_order
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import StageRun
from orchestration.errors import PipelineError
from orchestration.ingest.first_seen import read_first_seen
from orchestration.ingest.landed_files import contents_of
from orchestration.settings import SOURCES
from tests.conftest import settings_for
from tests.made_up.extracts import sample, write_csv


@pytest.fixture(scope="module")
def read_twice(tmp_path_factory) -> Path:
    """A data folder where the file that is second by name was delivered, and read, first."""
    pipeline = Pipeline.of(settings_for(tmp_path_factory.mktemp("read twice")))
    folder = pipeline.settings.landing_dir / "inspections"
    rows = sample("inspections")
    write_csv(folder, rows, "b.csv")
    read(pipeline)
    write_csv(folder, rows.iloc[::-1], "a.csv")
    read(pipeline)
    assert in_order(pipeline) == ["b.csv", "a.csv"]
    return pipeline.settings.data_dir


@pytest.fixture
def pipeline(read_twice, tmp_path) -> Pipeline:
    """A copy of it that a test may change."""
    return Pipeline.of(settings_for(shutil.copytree(read_twice, tmp_path / "data")))


def read(pipeline: Pipeline) -> None:
    _keep_order(pipeline, "inspections")
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


def test_what_lay_beside_a_file_that_could_not_be_read_was_seen_all_the_same(pipeline):
    folder = pipeline.settings.landing_dir / "inspections"
    write_csv(folder, sample("inspections").assign(gender="female"), "z.csv")
    (folder / "y.csv").write_text("a;b\n1;2\n")
    with pytest.raises(PipelineError, match="not separated by commas"):
        read(pipeline)
    (folder / "y.csv").unlink()
    write_csv(folder, sample("inspections").assign(ethnicity="asian"), "aa.csv")
    read(pipeline)
    assert in_order(pipeline) == ["b.csv", "a.csv", "z.csv", "aa.csv"]


def test_what_waits_for_the_gate_of_the_inspections_was_seen_all_the_same(tmp_path):
    settings = settings_for(tmp_path)
    for source in SOURCES:
        write_csv(settings.landing_dir / source, sample(source), "b.csv")
    write_csv(settings.landing_dir / "inspections", sample("inspections").assign(case_id="one"), "b.csv")
    with pytest.raises(PipelineError, match="inspections"):
        run_job(settings, "ingest")
    write_csv(settings.landing_dir / "terminations", sample("terminations", 2), "a.csv")
    pipeline = Pipeline.of(settings)
    _keep_order(pipeline, "terminations")
    orders = read_first_seen(settings.first_seen_file, "terminations").set_index("file_sha256")["first_seen_order"]
    found = contents_of(settings.landing_dir / "terminations")
    assert {name: int(orders[sha]) for name, sha in found.items()} == {"b.csv": 1, "a.csv": 2}


def test_what_comes_file_by_file_is_judged_as_if_all_had_come_at_once(tmp_path):
    """Rejected rows among it, whose dates are no measure for the next delivery: some it repeats, some it leaves out."""
    weekly, at_once = (
        Pipeline.of(settings_for(tmp_path / name, rejected_share_inspections=0.5)) for name in ("weekly", "at_once")
    )
    for month, n_rows in ((1, 30), (3, 34), (2, 32), (4, 34)):
        rows = sample("inspections", n_rows).assign(gender=["male", "female", "male", "male", "female"][month])
        rows.loc[n_rows - 1, "start_date"] = "2030-01-01"
        rows.loc[0, "gender"] = "nobody knows"
        alone = rows.tail(6).assign(case_id=[f"of month {month}, {n}" for n in range(6)], start_date="2031-01-01")
        rows = pd.concat([rows, alone.assign(gender="nobody knows")])
        for pipeline in (weekly, at_once):
            write_csv(pipeline.settings.landing_dir / "inspections", rows, f"2019-0{month}-01.csv")
        read(weekly)
    read(at_once)
    assert judged(weekly) == judged(at_once)


def judged(pipeline: Pipeline) -> dict[str, list[tuple[object, ...]]]:
    tables = ["raw.inspections", "raw.superseded_rows", "quality.delivery_profile", "quality.rejected_rows"]
    queries = [f"from {table}" for table in tables] + ["select * exclude first_seen_order from raw.deliveries"]
    with pipeline.warehouse(read_only=True) as connection:
        found = {query: connection.execute(f"{query} order by all").fetchall() for query in queries}
    assert all(found.values())
    return found
