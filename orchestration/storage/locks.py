"""One writer at a time, without stale locks.

Belongs here: the lock that a run holds on the data folder. Not here: Dagster's run queue, which cannot see
runs started from a terminal; this lock is what guards the warehouse.
"""

import fcntl
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from orchestration.errors import PipelineError

# Held by this process: who holds the lock may ask for it again, as a run from the terminal does within Dagster.
_HELD: set[tuple[Path, int]] = set()


@contextmanager
def hold_run_lock(run_dir: Path, run_id: str) -> Iterator[None]:
    """Hold the data folder's run lock, or raise PipelineError naming the run that holds it.

    The thread that holds it may ask again; it is given back where it was taken first. The kernel drops the lock with
    the process, so a killed run never leaves one behind.
    """
    run_dir.mkdir(parents=True, exist_ok=True)
    if (run_dir, threading.get_ident()) in _HELD:
        yield
        return
    with open(run_dir / "lock", "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _busy(run_dir, file) from None
        _write_holder(file, run_id)
        _HELD.add((run_dir, threading.get_ident()))
        try:
            yield
        finally:
            _HELD.discard((run_dir, threading.get_ident()))
            file.truncate(0)


def is_run_alive(run_dir: Path) -> bool:
    """Whether some process holds the run lock now."""
    lock = run_dir / "lock"
    if not lock.exists():
        return False
    with open(lock, "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _write_holder(file, run_id: str) -> None:
    file.truncate(0)
    started = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    json.dump({"run_id": run_id, "process": os.getpid(), "started": started}, file)
    file.flush()


def _busy(run_dir: Path, file) -> PipelineError:
    file.seek(0)
    try:
        holder = json.load(file)
        who = f"run {holder['run_id'][:8]} (process {holder['process']}, since {holder['started']})"
    except (ValueError, KeyError):
        who = "another run"
    return PipelineError(
        problem=f"The data folder is in use by {who}.",
        remedy="Wait until it has finished, then start again. Queries on analysis.duckdb are not affected.",
        where=str(run_dir.parent),
    )
