"""A failed run of the service tells somebody, once, and a command that fails is no failure of the service."""

import sys
import time

import dagster as dg
import pytest

from orchestration.defs.dead_runs import STARTED_FROM, TERMINAL
from orchestration.defs.triggers.failure_notice import failure_notice, tell


@pytest.fixture
def told(tmp_path):
    """Where the command writes what it was told."""
    return tmp_path / "told"


def command(told) -> str:
    program = f"import os; open({str(told)!r}, 'a').write(os.environ['RUN_ID'] + '|' + os.environ['RUN_FAILURE'])"
    return f'{sys.executable} -c "{program}"'


@dg.op
def broken():
    raise ValueError("1985-05-17 of Zzcanary")


@dg.job
def bulletin_job():
    broken()


def fail(monkeypatch, setting: str, **tags: str) -> str:
    """A failed run, looked at by the sensor; returns the id of the run."""
    monkeypatch.setenv("PROBATION_ON_FAILURE", setting)
    with dg.DagsterInstance.ephemeral() as instance:
        result = bulletin_job.execute_in_process(instance=instance, raise_on_error=False, tags=tags)
        context = dg.build_run_status_sensor_context(
            "failure_notice", result.get_run_failure_event(), instance, result.dagster_run
        )
        failure_notice(context.for_run_failure())
    return result.run_id


def test_the_command_is_told_the_run_and_the_steps_and_no_value(told, monkeypatch):
    run_id = fail(monkeypatch, command(told))
    line = f"Run {run_id[:8]} (bulletin_job) failed at broken. See it with make ui."
    assert told.read_text() == f"{run_id}|{line}"


def test_a_run_from_the_terminal_tells_nobody_else(told, monkeypatch):
    fail(monkeypatch, command(told), **{STARTED_FROM: TERMINAL})
    assert not told.exists()


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("false", "ended with 1"),
        ("/no/such/program", "cannot be started"),
        ("'half a quotation", "cannot be started"),
        (" ", "cannot be started"),
    ],
)
def test_a_command_that_fails_says_why_and_stops_nothing(setting, reason, monkeypatch):
    assert reason in tell(setting, "run", "line")
    fail(monkeypatch, setting)


def test_a_command_that_does_not_end_is_ended_with_all_that_it_started(tmp_path):
    began = time.monotonic()
    assert "longer than" in tell(f"sh -c 'sleep 60 & echo $! > {tmp_path}/pid; wait'", "run", "line", seconds=1)
    assert time.monotonic() - began < 10
    state = f"/proc/{(tmp_path / 'pid').read_text().strip()}/stat"
    for _ in range(50):
        try:
            with open(state) as file:
                if file.read().split()[2] == "Z":
                    return
        except FileNotFoundError:
            return
        time.sleep(0.1)
    raise AssertionError("what the command started is still alive")


def test_it_is_on_without_being_switched_on():
    assert failure_notice.default_status == dg.DefaultSensorStatus.RUNNING
