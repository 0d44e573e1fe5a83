"""What runs now, on the terminal: one line that lives below the finished ones.

Where there is no terminal, a plain line is written whenever nothing was said for four seconds.

Belongs here: showing what `storage/progress.py` is told. Not here: what is told.
"""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TextIO

from orchestration.storage import progress

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

SECONDS_OF_SILENCE = 4.0  # on a busy machine the next look at the clock can come a second late


@contextmanager
def showing_progress(stream: TextIO | None = None) -> Iterator[None]:
    """Show meanwhile what runs now, on standard error (or `stream`): it is never silent for more than five seconds."""
    stream = stream or sys.stderr
    is_terminal = stream.isatty() and os.environ.get("TERM") not in (None, "", "dumb")
    with _living(stream) if is_terminal else _plain(stream):
        yield


@dataclass(frozen=True)
class _Now:
    """What runs now, how much of it is done, and since when it runs (on the monotonic clock)."""

    words: str
    count: str
    since: float

    def text(self) -> str:
        seconds = f"{time.monotonic() - self.since:.0f} s"
        return ", ".join(part for part in (self.words, self.count, seconds) if part)


class _Watcher:
    """Keeps what was said last; a new value is put in its place whole, because another thread reads it."""

    def __init__(self) -> None:
        self._now = _Now("starting", "", time.monotonic())

    def now(self, words: str) -> None:
        self._now = _Now(words, "", time.monotonic())

    def count(self, text: str) -> None:
        self._now = replace(self._now, count=text)


@contextmanager
def _living(stream: TextIO) -> Iterator[None]:
    from rich.console import Console
    from rich.live import Live

    console = Console(file=stream, force_terminal=True)
    watcher = _LiveLine()
    live = Live(get_renderable=watcher.text, console=console, refresh_per_second=4, transient=True)
    watcher.live = live
    with live, progress.watched_by(watcher):
        yield


class _LiveLine(_Watcher):
    """A line that is drawn again four times a second; finished lines appear above it."""

    live: "Live"

    def text(self) -> "Text":
        from rich.text import Text

        return Text(f"          {self._now.text()} ...", style="dim", no_wrap=True, overflow="ellipsis")

    def line(self, text: str) -> None:
        self.live.console.print(text, markup=False, highlight=False, emoji=False, soft_wrap=True)


@contextmanager
def _plain(stream: TextIO) -> Iterator[None]:
    watcher = _PlainLines(stream)
    ticking = threading.Thread(target=watcher.tick, daemon=True)
    ticking.start()
    try:
        with progress.watched_by(watcher):
            yield
    finally:
        watcher.ended.set()
        ticking.join()


class _PlainLines(_Watcher):
    """Finished lines, and between them a line for whatever takes long."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._writing = threading.Lock()
        self._told_at, self._told_of = time.monotonic(), ""
        self.ended = threading.Event()

    def line(self, text: str) -> None:
        with self._writing:
            print(text, file=self._stream, flush=True)
            self._told_at = time.monotonic()

    def tick(self) -> None:
        """Until ended: say what still runs whenever it has been quiet for long. In a thread of its own."""
        with suppress(OSError, ValueError):  # the reader has gone, and with it the need to tell
            while not self.ended.wait(0.1):
                if time.monotonic() - self._told_at >= SECONDS_OF_SILENCE:
                    still = "still " if self._now.words == self._told_of else ""
                    self._told_of = self._now.words
                    self.line(f"  … {still}{self._now.text()}")
