"""Two runs at once, readers during a run, runs that are killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise

import dagster as dg
import duckdb
import pytest

from orchestration.commands.running import run_job
from orchestration.defs.dead_runs import clear_dead_runs
from orchestration.defs.job_names import BULLETIN_JOB
from orchestration.errors import PipelineError
from orchestration.releases.publishing import latest_release
from orchestration.storage.locks import hold_run_lock
from tests.another_process import run_lock_held_elsewhere
from tests.conftest import settings_for

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


def test_a_killed_run_leaves_everything_as_it_was_and_the_next_one_finishes(run_copy):
    release, database = latest_release(run_copy.published_dir), run_copy.analysis_database.read_bytes()
    environment = {**os.environ, "PROBATION_DATA_DIR": str(run_copy.data_dir), "PROBATION_MATCH_WINDOW_DAYS": "10"}
    command = [sys.executable, "-m", "orchestration", "bulletin"]
    told = [time.monotonic()]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            told.append(time.monotonic())
            if "candidate pairs" in line:
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL
    silences = [after - before for before, after in pairwise(told)]
    assert max(silences) < 2 * 5, "five seconds are promised, and on a busy machine not more than twice that"
    assert latest_release(run_copy.published_dir) == release
    assert run_copy.analysis_database.read_bytes() == database
    run_job(settings_for(run_copy.data_dir), BULLETIN_JOB)
    assert read(run_copy) == 3308


def test_a_dead_run_is_cleared_and_a_live_one_is_not(tmp_path):
    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.create_run_for_job(_nothing, status=dg.DagsterRunStatus.STARTED)
        with hold_run_lock(tmp_path, run.run_id):
            assert clear_dead_runs(instance, tmp_path, grace_seconds=0) == []
        assert clear_dead_runs(instance, tmp_path, grace_seconds=3600) == [], "it may be on its way to the lock"
        assert clear_dead_runs(instance, tmp_path, grace_seconds=0) == [run.run_id]
        assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.FAILURE


@dg.job
def _nothing():
    pass
