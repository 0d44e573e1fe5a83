"""Ending on Ctrl+C or SIGTERM: at any moment, with one line and the code of the signal, and nothing to repair.

A run that is killed leaves everything as it was or as it will be, so a stop is a kill that says something. As an
exception it would have to find its way up through Dagster, dbt and the database, each of which makes of it an error of
its own.

Belongs here: waiting for the signal, and what has to end with this process. Not here: what is said (`__main__.py`).
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import resource_tracker

SIGNALS = frozenset({signal.SIGINT, signal.SIGTERM})
_SHOW_CURSOR_ON_A_CLEAR_LINE = "\r\x1b[2K\x1b[?25h"
_endings: list[Callable[[], object]] = []
_ending = threading.Lock()


def answer_signals(words: str) -> None:
    """From now on, end on either signal with these words and 128 + its number, also where a shell had it ignored.

    To be called before there are other threads: none of them may receive the signals, whatever handler is set for them.
    """
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    _start_what_unblocks_signals()
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)

    def wait() -> None:
        stop(words, 128 + signal.sigwait(SIGNALS))

    threading.Thread(target=wait, daemon=True).start()


def _start_what_unblocks_signals() -> None:
    """Multiprocessing's tracker of resources, which dbt starts otherwise; it warns of what a stopped process leaves."""
    sys.warnoptions.append("ignore:resource_tracker:UserWarning")
    resource_tracker.ensure_running()
    sys.warnoptions.pop()


def receive_signals_again() -> None:
    """In a process that a waiting one has started: end on the signals as any other does."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def at_stop(ending: Callable[[], object]) -> None:
    """Call `ending` before the process is stopped; the last one given is the first called."""
    _endings.append(ending)


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
