"""What another process does meanwhile."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HOLD = """
import pathlib, sys
from orchestration.storage.locks import hold_run_lock
with hold_run_lock(pathlib.Path(sys.argv[1]), sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def run_lock_held_elsewhere(run_dir: Path, run_id: str) -> Iterator[subprocess.Popen[str]]:
    """The process that holds the run lock meanwhile; killed at the end, so that the kernel has to drop the lock."""
    command = [sys.executable, "-c", _HOLD, str(run_dir), run_id]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()
