"""One writer at a time, without stale locks.

Belongs here: a lock on a file, and the one that a run holds on the data folder. Not here: Dagster's run queue, which
cannot see runs started from a terminal; the run's lock is what guards the warehouse.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from orchestration.errors import PipelineError

# Who wants to have the lock outwaits a question whether it is held.
PATIENCE_SECONDS = 0.5


@contextmanager
def hold_lock(path: Path, refusal: Callable[[], PipelineError]) -> Iterator[FileLock]:
    """Hold the lock on `path`, which is made where it is missing, or raise the refusal where another holds it.

    The thread that holds it may take it again. The kernel drops it with the process, so that a killed run leaves none;
    a file system without such locks is an OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # one object a path and process: that is how the thread that holds the lock is known when it asks again
    lock = FileLock(path, is_singleton=True, fallback_to_soft=False)
    try:
        lock.acquire(timeout=PATIENCE_SECONDS)
    except Timeout:
        raise refusal() from None
    try:
        yield lock
    finally:
        lock.release()


@contextmanager
def hold_run_lock(run_dir: Path, run_id: str) -> Iterator[None]:
    """Hold the data folder's run lock, or raise PipelineError naming the run that holds it.

    Taken again by the thread that holds it, it is in the inner run's name meanwhile.
    """
    path = _run_lock(run_dir)
    with hold_lock(path, lambda: _busy(path)) as lock:
        outer = path.read_bytes() if lock.lock_counter > 1 else b""
        path.write_text(_holder(run_id), encoding="utf-8")
        try:
            yield
        finally:
            path.write_bytes(outer)


def is_run_alive(run_dir: Path) -> bool:
    """Whether any process holds the run lock now, this one included."""
    try:
        # shared with whoever else asks, so that nobody takes a question for a run
        with _run_lock(run_dir).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _run_lock(run_dir: Path) -> Path:
    return run_dir / "lock"


def _holder(run_id: str) -> str:
    started = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return json.dumps({"run_id": run_id, "process": os.getpid(), "started": started})


def _busy(lock: Path) -> PipelineError:
    try:
        holder = json.loads(lock.read_text(encoding="utf-8"))
        who = f"run {holder['run_id'][:8]} (process {holder['process']}, since {holder['started']})"
    except (OSError, ValueError, KeyError):
        who = "another run"
    return PipelineError(
        problem=f"The data folder is in use by {who}.",
        remedy="Wait until it has finished, then start again. Queries on analysis.duckdb are not affected.",
        where=str(lock.parent.parent),
    )
