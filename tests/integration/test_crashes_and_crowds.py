"""Two runs at once, readers during a run, runs that are killed and done again."""

import os
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.commands.running import run_job
from orchestration.defs.dead_runs import STARTED_FROM, TERMINAL, clear_dead_runs
from orchestration.defs.job_names import BULLETIN_JOB
from orchestration.errors import PipelineError
from orchestration.releases.freshness import is_up_to_date
from orchestration.releases.publishing import latest_release
from orchestration.storage.locks import hold_run_lock
from tests.another_process import run_lock_held_elsewhere
from tests.open_to_others import open_to_others

COUNT_CASES = "select count(*) from marts.cases"


def read(settings) -> int:
    with duckdb.connect(str(settings.analysis_database), read_only=True) as connection:
        return connection.execute(COUNT_CASES).fetchall()[0][0]


def test_the_second_of_two_runs_is_told_and_changes_nothing(run_copy):
    release = latest_release(run_copy.published_dir)
    with (
        run_lock_held_elsewhere(run_copy.run_dir, "the first run"),
        pytest.raises(PipelineError, match="in use by run the firs"),
    ):
        run_job(run_copy, BULLETIN_JOB)
    assert latest_release(run_copy.published_dir) == release


def test_a_reader_neither_blocks_a_run_nor_sees_half_of_one(run_copy):
    """A reader opens the ad hoc database again and again, and another keeps it open, while it is replaced."""
    seen, stop = set(), threading.Event()

    def keep_reading():
        while not stop.is_set():
            seen.add(read(run_copy))

    reader = threading.Thread(target=keep_reading)
    with duckdb.connect(str(run_copy.analysis_database), read_only=True) as connection:
        reader.start()
        run_job(run_copy, "publish")
        assert connection.execute(COUNT_CASES).fetchall() == [(3308,)]
    stop.set()
    reader.join()
    assert seen == {3308}


@pytest.mark.slow
def test_a_killed_run_leaves_everything_as_it_was_and_the_next_one_ends_where_an_unbroken_run_ends(
    finished_run, run_copy
):
    """Killed while it links otherwise: what the next run has to do again is as it was, and nothing else is touched."""
    release, database = latest_release(run_copy.published_dir), run_copy.analysis_database.read_bytes()
    silences, opened = _run_until_killed(run_copy, "pairs of a case", PROBATION_MATCH_WINDOW_DAYS="10")
    assert opened == set(), "neither meanwhile, with a umask that closes nothing, nor as it was left"
    assert max(silences) < 2 * 5, "five seconds are promised, and on a busy machine not more than twice that"
    assert latest_release(run_copy.published_dir) == release
    assert run_copy.analysis_database.read_bytes() == database
    run_job(run_copy, "link")
    assert differing_tables(finished_run.warehouse, run_copy.warehouse, ("linkage", "marts")) == []
    assert is_up_to_date(run_copy), "what rests on the same cases is what it was"


def differing_tables(first: Path, second: Path, schemas: tuple[str, ...]) -> list[str]:
    """Tables of these schemas that the warehouses do not hold alike, row for row."""
    with duckdb.connect() as connection:
        for name, path in (("first", first), ("second", second)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        held = (
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = ? and schema_name in ?"
        )
        tables, others = (
            {row[0] for row in connection.execute(held, [name, schemas]).fetchall()} for name in ("first", "second")
        )
        assert tables, "nothing to compare"
        return sorted(tables ^ others) + [
            table
            for table in sorted(tables & others)
            if connection.execute(
                f"(from first.{table} except all from second.{table}) union all "
                f"(from second.{table} except all from first.{table})"
            ).fetchone()
        ]


def _run_until_killed(settings, told_before: str, **environment: str) -> tuple[list[float], set[str]]:
    """`make bulletin` in another process, killed once a line holds `told_before`.

    The seconds between its lines, and what was open to others at any of them and after.
    """
    environment = {**os.environ, "PROBATION_DATA_DIR": str(settings.data_dir), **environment}
    command = [sys.executable, "-m", "orchestration", "bulletin"]
    told, opened = [time.monotonic()], set()
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, umask=0) as process:
        assert process.stderr is not None
        for line in process.stderr:
            told.append(time.monotonic())
            opened |= set(open_to_others(settings.data_dir))
            if told_before in line:
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL
    opened |= set(open_to_others(settings.data_dir))
    return [after - before for before, after in pairwise(told)], opened


def test_a_dead_run_is_cleared_and_a_live_one_is_not(tmp_path):
    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.create_run_for_job(_nothing, status=dg.DagsterRunStatus.STARTED)
        with hold_run_lock(tmp_path, run.run_id):
            assert clear_dead_runs(instance, tmp_path, grace_seconds=0) == []
        assert clear_dead_runs(instance, tmp_path, grace_seconds=3600) == [], "it may be on its way to the lock"
        assert clear_dead_runs(instance, tmp_path, grace_seconds=0) == [run.run_id]
        assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.FAILURE


@pytest.mark.parametrize(("tags", "cleared"), [({STARTED_FROM: TERMINAL}, True), ({}, False)], ids=["terminal", "UI"])
def test_a_run_killed_before_it_started_is_cleared_and_one_on_its_way_to_the_queue_is_not(tmp_path, tags, cleared):
    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.create_run_for_job(_nothing, tags=tags)
        assert clear_dead_runs(instance, tmp_path, grace_seconds=0) == [run.run_id] * cleared


@dg.job
def _nothing():
    pass
