"""How this process ends: on Ctrl+C or SIGTERM at any moment, with one line, the code of the signal, and nothing to
repair.

A run that is killed leaves everything as it was or as it will be, so a stop is a kill that says something. As an
exception it would have to find its way up through Dagster, dbt and the database, each of which makes of it an error of
its own.

Belongs here: waiting for the signal, what has to end with this process, and ending it when it is done. Not here: what
is said (`orchestration/__main__.py`).
"""

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

SIGNALS = frozenset({signal.SIGINT, signal.SIGTERM})
_SHOW_CURSOR_ON_A_CLEAR_LINE = "\r\x1b[2K\x1b[?25h"
# What multiprocessing's tracker of resources would say of this process as it tidies up after it.
_TIDIED = "ignore:resource_tracker:UserWarning"
_endings: list[Callable[[], object]] = []
_ending = threading.Lock()


def answer_signals(words: str) -> None:
    """From now on, end on either signal with these words and 128 + its number, also where a shell had it ignored.

    A thread is woken whatever handler is set by then: Dagster, dbt and a web server set their own. Neither signal is
    blocked, or the processes that those start would never end.
    """
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    for number in SIGNALS:
        signal.signal(number, _left_to_the_thread)
    sys.warnoptions.append(_TIDIED)

    def wait() -> None:
        while (number := os.read(told, 1)[0]) not in SIGNALS:
            pass
        stop(words, 128 + number)

    threading.Thread(target=wait, daemon=True).start()


def _left_to_the_thread(_number: int, _frame: object) -> None:
    """A signal without a handler of Python's would wake nobody."""


def at_stop(ending: Callable[[], object]) -> None:
    """Call `ending` before the process is stopped; the last one given is the first called."""
    _endings.append(ending)


def end_quietly(exit_code: int) -> NoReturn:
    """End this process when its work is done, and what was told to end with it.

    DuckDB's binding reports its own types as leaked, forty lines of it, when an interpreter that ran Dagster shuts down
    in the ordinary way; every file and connection is closed by now.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    atexit._run_exitfuncs()
    os._exit(exit_code)


def stop(words: str, exit_code: int) -> None:
    """End this process now, whatever it does."""
    with _ending:
        if sys.stderr.isatty():
            sys.stderr.write(_SHOW_CURSOR_ON_A_CLEAR_LINE)
        for ending in reversed(_endings):
            with suppress(Exception):
                ending()
        with suppress(OSError, ValueError):  # nobody is there to be told
            print(words, file=sys.stderr, flush=True)
        os._exit(exit_code)
