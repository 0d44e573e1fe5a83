"""An end to reading that takes longer than a file can be worth.

Belongs here: the clock that interrupts a reader. Not here: bounds on size, which come first (`formats`).
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from orchestration.errors import PipelineError


class _OutOfTime(BaseException):
    """No error that a reader may take for a fault of the file."""


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise _OutOfTime


@contextmanager
def within_seconds(where: str, seconds: int) -> Iterator[None]:
    """Raise PipelineError naming `where` when the block takes longer.

    A library's own code is interrupted when it comes back to Python. Outside the main thread, where no signal arrives,
    nothing is interrupted: a run reads in the main thread of its own process.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _OutOfTime:
        raise PipelineError(
            problem=f"Reading the file took longer than the {seconds:,} seconds that it may: it is damaged, made to do "
            "harm, or very large.",
            remedy="Take it away, deliver it as Parquet or in parts, or set PROBATION_MAX_READ_SECONDS.",
            where=where,
        ) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
