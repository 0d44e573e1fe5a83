"""Runs that died without saying so.

A killed run stays STARTED for ever in Dagster's records and, with one run at a time, would block the queue.

Belongs here: clearing such runs. Not here: the lock that shows whether one is alive (`storage/locks.py`), and Dagster's
home (`instance.py`), which is made before anything has to wait for Dagster.
"""

import time
from pathlib import Path

import dagster as dg

from orchestration.storage.locks import is_run_alive

UNFINISHED = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.CANCELING]
STARTED_FROM, TERMINAL = "started_from", "terminal"
# A run takes the lock within seconds of starting; younger ones may be on their way to it.
GRACE_SECONDS = 120


def clear_dead_runs(instance: dg.DagsterInstance, run_dir: Path, grace_seconds: int = GRACE_SECONDS) -> list[str]:
    """Mark unfinished runs as failed when no process holds the run lock; returns their ids.

    Does nothing while any run is alive.
    """
    return [] if is_run_alive(run_dir) else mark_dead_runs(instance, grace_seconds)


def mark_dead_runs(instance: dg.DagsterInstance, grace_seconds: int = 0) -> list[str]:
    """Mark unfinished runs as failed; returns their ids. For who holds the run lock: no other run is alive then."""
    marked = []
    # one that never started was the terminal's: those of the UI are queued
    never_started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.NOT_STARTED], tags={STARTED_FROM: TERMINAL})
    unfinished = dg.RunsFilter(statuses=UNFINISHED)
    for record in [*instance.get_run_records(unfinished), *instance.get_run_records(never_started)]:
        if time.time() - record.update_timestamp.timestamp() < grace_seconds:
            continue
        message = "The process of this run is gone (killed, or the machine was restarted). Start it again."
        instance.report_run_failed(record.dagster_run, message)
        marked.append(record.dagster_run.run_id)
    return marked
