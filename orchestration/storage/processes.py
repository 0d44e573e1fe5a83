"""Processes that work for this one on all the cores it may use.

Belongs here: starting them afresh, so that no thread or lock of this process is copied into them, and seeing that none
outlives it. Not here: what they work on.
"""

import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from types import ModuleType
from typing import Any, TypeVar

from orchestration.errors import PipelineError

Result = TypeVar("Result")
_TAKEN_BY_PYTHON = 4_000_000_000  # addresses, most of which no memory stands behind


def available_cores() -> int:
    """How many cores this process may use, which can be fewer than the machine has."""
    return len(os.sched_getaffinity(0))


class InThisProcess(Executor):
    """Makes each call at once, here: for a single core, and for calls that another process would not know."""

    def submit(self, call: Callable[..., Result], /, *arguments: Any, **named: Any) -> Future[Result]:
        made: Future[Result] = Future()
        made.set_result(call(*arguments, **named))
        return made


@contextmanager
def process_pool(processes: int, remedy: str, preloaded: Sequence[str] = ()) -> Iterator[ProcessPoolExecutor]:
    """A pool of processes. On leaving, work that has begun is finished, and work that has not is cancelled.

    What a call raises reaches whoever asks for its result. `preloaded`: modules that every call needs, loaded once for
    all. Raises PipelineError with `remedy` where a process is ended from outside.
    """
    pool = _pool(processes, preloaded)
    try:
        yield pool
    except BrokenProcessPool as error:
        problem = "A process that worked for this one was ended from outside, most often for want of memory."
        raise PipelineError(problem, remedy) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def all_cores(remedy: str, preloaded: Sequence[str] = (), processes: int | None = None) -> Iterator[Executor]:
    """So many processes, by default one a core that this one may use; where that is one, this process itself.

    `remedy` and `preloaded`, and what is raised: as of `process_pool`.
    """
    n = processes or available_cores()
    with InThisProcess() if n == 1 else process_pool(n, remedy, preloaded) as workers:
        yield workers


def load_ahead(preloaded: Sequence[str]) -> None:
    """Begin to load modules in a process beside this one, from which those of all pools to come are made."""
    if available_cores() > 1:
        _context(preloaded)
        forkserver.ensure_running()


def call_apart(
    call: Callable[..., Result], *arguments: Any, seconds: int, n_bytes: int, preloaded: Sequence[str] = ()
) -> Result:
    """What the call gives or raises, made in a process of its own that the kernel bounds: by time by the clock, and by
    memory beyond what Python takes. A library that is written in another language keeps to no bound set in Python.
    `call` stands in a module: the main one is not loaded there.

    Raises TimeoutError when the time is over, ChildProcessError where the process ends otherwise.
    """
    began = time.monotonic()
    try:
        with _pool(1, preloaded) as pool:
            with _main_left_out():
                called = pool.submit(_within, seconds, n_bytes, call, *arguments)
            return called.result()
    except BrokenProcessPool:
        raise (TimeoutError if time.monotonic() - began >= seconds else ChildProcessError) from None


@contextmanager
def _main_left_out() -> Iterator[None]:
    """Processes started here do not run the main module again, as they would a script that does not guard its own."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _within(seconds: int, n_bytes: int, call: Callable[..., Result], *arguments: Any) -> Result:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # a handler of Python's would wait for the library to come back
    signal.alarm(seconds)
    resource.setrlimit(resource.RLIMIT_AS, (n_bytes + _TAKEN_BY_PYTHON, resource.getrlimit(resource.RLIMIT_AS)[1]))
    return call(*arguments)


def _pool(processes: int, preloaded: Sequence[str]) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(processes, _context(preloaded), initializer=_end_with_parent)


def _context(preloaded: Sequence[str]) -> BaseContext:
    """Processes are made from one that has loaded these modules; where it runs already, from what it has loaded."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(preloaded))
    return context


def _end_with_parent() -> None:
    """In a process of the pool: leave Ctrl+C to the parent, and end when it ends, however it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
