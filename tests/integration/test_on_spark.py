"""A layer built on a real cluster: the same tables, nobody left behind, and a cluster that is gone is told.

One cluster and few records, because Spark costs most when it starts; `make parity` compares all layers of many. Without
Java or Spark's packages these are skipped, and say so.
"""

import multiprocessing
import os
import shutil
import signal
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from unittest import mock

import pytest

from orchestration.dbt.layers import build_layer as build_in_duckdb
from orchestration.engines import on_spark
from orchestration.engines.building import build_layer
from orchestration.engines.cluster import cluster_of, require_cluster, start_cluster, stop_cluster
from orchestration.engines.places import Places
from orchestration.engines.session import open_session
from orchestration.errors import PipelineError
from orchestration.settings import PROJECT_DIR
from orchestration.storage.warehouse import open_warehouse
from tests.benchmarks.comparing import compare_warehouses
from tests.benchmarks.engines import fill_with_national
from tests.conftest import settings_for
from tests.open_to_others import open_to_others
from tests.unit.engines.conftest import free_port

# What costs is the tasks, and Java compiled for each statement.
FOR_FEW_ROWS = """
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.sql.shuffle.partitions 1
spark.sql.adaptive.enabled false
"""
CANARY = "ZZCANARYNAME"
LAYER = "staging"
# Spark would leave its catalogue and its tables where it is started.
STRAYS = ("metastore_db", "derby.log", "spark-warehouse", "artifacts")

pytestmark = [
    pytest.mark.skipif(find_spec("pyspark") is None, reason="Spark's packages are not installed: make setup SPARK=1"),
    pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java: apt install openjdk-17-jre-headless"),
]


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Settings of a data folder with few records, one of them the canary's, and a cluster of one worker."""
    folder = tmp_path_factory.mktemp("on spark")
    settings = settings_for(folder / "data", engine="spark", spark_port=free_port(), spark_workers=1, spark_memory="1g")
    fill_with_national(settings, folder, 2_000)
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        for source in ("inspections", "terminations", "reoffending"):
            changed = f"select * exclude (rn) replace (if(rn = 1, '{CANARY}', surname) as surname)"
            numbered = f"select *, row_number() over () as rn from raw.parsed_{source}"
            connection.execute(f"create table raw.changed as {changed} from ({numbered})")
            connection.execute(f"drop view raw.parsed_{source}")
            connection.execute(f"alter table raw.changed rename to parsed_{source}")
    shutil.copyfile(settings.warehouse, folder / "before.duckdb")
    start_cluster(settings)
    with open(Places.of(settings).conf / "spark-defaults.conf", "a", encoding="utf-8") as conf:
        conf.write(FOR_FEW_ROWS)
    yield settings
    stop_cluster(settings)


@pytest.fixture(scope="module")
def apart():
    """A process that has no session of Spark's yet, as another test's may be open in this one."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        yield lambda call, *arguments: pool.submit(call, *arguments).result()


@pytest.fixture(scope="module")
def built(asked, apart):
    """The same settings once the layer has been built; what it had to say."""
    return asked, apart(build_layer, asked, LAYER)


def secret_of(settings) -> str:
    conf = (Places.of(settings).conf / "spark-defaults.conf").read_text(encoding="utf-8")
    return next(line.split()[1] for line in conf.splitlines() if line.startswith("spark.authenticate.secret "))


def command_lines() -> bytes:
    """Of every process, as any user can list them."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended meanwhile
            lines.append(path.read_bytes())
    return b"\n".join(lines)


def build_while_the_workers_are_killed(settings):
    def build(*arguments):
        lines = command_lines()
        assert b"CoarseGrainedExecutorBackend" in lines
        assert secret_of(settings).encode() not in lines
        for daemon in cluster_of(settings).daemons[1:]:
            os.killpg(daemon.pid, signal.SIGKILL)
        return build_part(*arguments)

    build_part = on_spark.build_part
    with mock.patch.object(on_spark, "build_part", build):
        build_layer(settings, LAYER)


def answer_of(settings) -> int:
    with open_session(require_cluster(settings), Places.of(settings)) as session:
        return session.sql("select 6 * 7").first()[0]


def files_with_the_canary(folder) -> list[str]:
    return [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and CANARY.encode() in path.read_bytes()
    ]


def test_its_tables_are_those_of_the_warehouse_and_its_tests_have_run(built, asked, tmp_path):
    settings, outcomes = built
    other = settings_for(tmp_path)
    shutil.copyfile(asked.data_dir.parent / "before.duckdb", other.warehouse)
    in_duckdb = build_in_duckdb(other, LAYER)
    assert [
        table for table in compare_warehouses(settings.warehouse, other.warehouse, [LAYER]) if not table.is_same
    ] == []
    tests = {outcome.unique_id for outcome in in_duckdb if outcome.resource_type == "test"}
    assert {outcome.unique_id for outcome in outcomes if outcome.resource_type == "test"} == tests


def test_nobody_is_left_behind(built):
    settings, _ = built
    assert files_with_the_canary(settings.run_dir) == []
    assert not Places.of(settings).build.exists()
    assert open_to_others(settings.run_dir) == []
    assert [name for name in STRAYS if (PROJECT_DIR / name).exists()] == []


def test_a_cluster_that_ends_at_work_is_told_and_leaves_the_warehouse_as_it_was(built, apart):
    settings, _ = built
    kept = settings.warehouse.read_bytes()
    with pytest.raises(PipelineError, match="ended while it was at work: worker-1"):
        apart(build_while_the_workers_are_killed, settings)
    assert settings.warehouse.read_bytes() == kept
    assert not Places.of(settings).build.exists()
    with pytest.raises(PipelineError, match="cannot work: worker-1 ended"):
        build_layer(settings, LAYER)


def test_a_process_that_has_worked_on_one_cluster_works_on_the_next(built, apart):
    settings, _ = built
    stop_cluster(settings)
    start_cluster(settings)
    assert apart(answer_of, settings) == 42
