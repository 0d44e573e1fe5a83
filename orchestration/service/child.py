"""`python -m orchestration.service.child MODULE ARGUMENT ...`: a program of Dagster's that ends with who started it.

However that one ends: the kernel closes the pipe that is this program's standard input. What this one has started, a
run among it, is in its group and ends with it.

Belongs here: the tie. Not here: which programs are started (`processes.py`).
"""

import os
import runpy
import signal
import sys
import threading


def main() -> None:
    """Run the module as a program."""
    threading.Thread(target=_end_with_the_starter, daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _end_with_the_starter() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
