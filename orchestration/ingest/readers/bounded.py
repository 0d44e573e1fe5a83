"""An end to reading that takes longer, or more memory, than a file can be worth.

Belongs here: the clock that interrupts a reader, and the process of its own for one that no clock of Python's stops.
Not here: bounds on size, which come first (`formats`).
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from orchestration.errors import PipelineError
from orchestration.ingest.readers.tables import FileTable
from orchestration.settings import IntakeLimits
from orchestration.storage.processes import call_apart

_LIBRARIES = (__name__, "pandas", "pyreadstat", "python_calamine")  # a second of loading, once for all files

Reader = Callable[[str, bytes, IntakeLimits], list[FileTable]]


class _OutOfTime(BaseException):
    """No error that a reader may take for a fault of the file."""


def in_time(where: str, read: Reader, data: bytes, limits: IntakeLimits) -> list[FileTable]:
    """The tables. Raises PipelineError naming `where` when reading takes longer than it may.

    Outside the main thread, where no signal arrives, nothing is interrupted: a run reads in the main thread of its own
    process.
    """
    if threading.current_thread() is not threading.main_thread():
        return read(where, data, limits)
    try:
        with _alarm(limits.max_read_seconds):
            return read(where, data, limits)
    except _OutOfTime:
        raise _too_long(where, limits) from None


def apart(where: str, read: Reader, data: bytes, limits: IntakeLimits) -> list[FileTable]:
    """The same of a reader whose library neither a signal nor a bound of Python's interrupts: its process is ended."""
    seconds, n_bytes = limits.max_read_seconds, limits.max_expanded_mb * 1_000_000
    try:
        return call_apart(_read, where, read, data, limits, seconds=seconds, n_bytes=n_bytes, preloaded=_LIBRARIES)
    except TimeoutError:
        raise _too_long(where, limits) from None
    except ChildProcessError:
        raise PipelineError(
            problem="Reading the file ended the process that read it: it is damaged, made to do harm, or takes more "
            f"memory than there is, or than {limits.max_expanded_mb:,} MB.",
            remedy="Take it away, deliver it as Parquet or in parts, or set PROBATION_MAX_EXPANDED_MB.",
            where=where,
        ) from None


def _read(where: str, read: Reader, data: bytes, limits: IntakeLimits) -> list[FileTable]:
    """In the other process: a library's own error may not know how to be sent from one to another."""
    try:
        return read(where, data, limits)
    except (PipelineError, MemoryError):
        raise
    except Exception as error:
        raise ValueError(type(error).__name__) from None  # its text may quote cells


@contextmanager
def _alarm(seconds: int) -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise _OutOfTime


def _too_long(where: str, limits: IntakeLimits) -> PipelineError:
    return PipelineError(
        problem=f"Reading the file took longer than the {limits.max_read_seconds:,} seconds that it may: it is "
        "damaged, made to do harm, or very large.",
        remedy="Take it away, deliver it as Parquet or in parts, or set PROBATION_MAX_READ_SECONDS.",
        where=where,
    )
