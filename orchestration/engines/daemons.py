"""Processes that outlive this one: started, known again by more than their id, and ended.

The kernel gives ids out again, so an id alone may by now be somebody else's process: the moment it started tells.

Belongs here: one process and its group. Not here: which processes a cluster is (`cluster.py`).
"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict

SECONDS_TO_END = 10
# proc(5), /proc/pid/stat, counted from the field behind the state: pgrp, starttime.
_GROUP, _STARTED = 1, 18


class Daemon(BaseModel):
    """A process by its role, its id, and when it started, in ticks of the kernel's clock since the machine did."""

    model_config = ConfigDict(frozen=True)

    name: str
    pid: int
    started: int

    @property
    def is_alive(self) -> bool:
        """Whether this very process is alive, and not another that has its id now."""
        return _started(self.pid) == self.started


def start_daemon(name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> Daemon:
    """Start a process in a group of its own, which what it starts in turn belongs to. Raises OSError."""
    with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Daemon(name=name, pid=process.pid, started=_started(process.pid) or 0)


def end_daemon(daemon: Daemon) -> bool:
    """End the process and its group, and wait until all of it is gone; returns whether the process was alive.

    What it started goes too where it has itself ended: the kernel gives its id to nobody while the group is there.
    """
    was_alive = daemon.is_alive
    if not was_alive and _started(daemon.pid) is not None:
        return False  # the id is another's by now
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(daemon.pid, number)
        for _ in range(10 * SECONDS_TO_END):
            with suppress(ChildProcessError):  # one of another process's is not ours to wait for
                os.waitpid(daemon.pid, os.WNOHANG)
            if not _is_group_alive(daemon.pid):
                return was_alive
            time.sleep(0.1)
    return was_alive


def _is_group_alive(group: int) -> bool:
    """Whether any process of the group is more than remains, which nobody may have asked for."""
    for path in Path("/proc").glob("[0-9]*"):
        state, fields = _state(int(path.name))
        if state != "Z" and int(fields[_GROUP]) == group:
            return True
    return False


def _started(pid: int) -> int | None:
    """When the process started; None where there is none of this id, or only its remains."""
    state, fields = _state(pid)
    return None if state == "Z" else int(fields[_STARTED])


def _state(pid: int) -> tuple[str, list[str]]:
    """A process's state and what follows it in its line; where there is none of this id, only its remains."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return "Z", []
    return state, fields
