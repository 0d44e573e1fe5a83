"""What runs now, told to whoever shows it.

Belongs here: the one place where work says how far it has come. Not here: how that is shown (`commands/live_line.py`).
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

_STARTED = time.monotonic()


class Watcher(Protocol):
    """Shows what it is told."""

    def now(self, words: str) -> None:
        """This runs now."""

    def count(self, text: str) -> None:
        """So much of it is done."""

    def line(self, text: str) -> None:
        """This has been done, and stays to be read."""


class _Nobody:
    """Watches where nobody does, as in a run that Dagster's daemon started: finished lines go to its log."""

    def now(self, words: str) -> None:
        pass

    def count(self, text: str) -> None:
        pass

    def line(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)


# One a process, and not one a thread: what dbt or a pool does in a thread of its own is to be seen too.
_watcher: Watcher = _Nobody()


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Tell `watcher` meanwhile."""
    global _watcher
    before, _watcher = _watcher, watcher
    try:
        yield
    finally:
        _watcher = before


def say(words: str) -> None:
    """Say what runs now, in words that "still" can stand before: "linking cases". Costs nothing where nobody watches.

    The time shown beside it is counted from when this was said.
    """
    _watcher.now(words)


def count(done: int, of: int | None = None, unit: str = "") -> None:
    """Say how far that is: `count(5, 28, "model")` is "model 5 of 28"."""
    counted = f"{done:,}" if of is None else f"{done:,} of {of:,}"
    _watcher.count(f"{unit} {counted}".strip())


def note(text: str) -> None:
    """Say what has been done: a line that stays, with the seconds since the program started."""
    _watcher.line(f"{time.monotonic() - _STARTED:6.1f} s  {text}")
