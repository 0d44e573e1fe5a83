"""Thousands of selections from resamples: in parallel, shown as they go, and picked up where a killed run left off.

A resample is made from seed, model and number alone, so that neither an interruption nor the number of processes can
move a result. Belongs here: processes and progress. Not here: what is kept on disk (`stability_chunks.py`), resamples
and selections (`methods/stepwise_stability.py`).
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

from orchestration.errors import PipelineError
from orchestration.methods.bulletin_2020_03.stability import Selection, StabilityModel, select_from_resamples
from orchestration.stability.chunks import (
    Chunk,
    StabilityRequest,
    chunks_of,
    read_chunk,
    write_chunk,
)
from orchestration.storage import progress

# One thread a process: they share the cores among them, and sums are made in one order however many there are.
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
SECONDS_BETWEEN_LINES = 5.0

Report = Callable[[str], None]


def run_selections(
    models: Sequence[StabilityModel],
    request: StabilityRequest,
    folder: Path,
    workers: int | None = None,
    report: Report | None = None,
) -> dict[str, list[Selection]]:
    """Every model's selections, measure's code -> one a resample; finished chunks are read from and kept in `folder`.

    `workers`: processes, by default as many as there are cores for us; `report` is told of progress.
    Raises PipelineError where a process was ended from outside; what was finished is kept.
    """
    chunks = chunks_of(models, request.resamples)
    found = {chunk.name: kept for chunk in chunks if (kept := read_chunk(folder, chunk)) is not None}
    missing = [chunk for chunk in chunks if chunk.name not in found]
    told = _Progress(sum(chunk.size for chunk in chunks), sum(map(len, found.values())), report or progress.note)
    if missing:
        for chunk, selections in _selected(missing, request.seed, workers or len(os.sched_getaffinity(0))):
            write_chunk(folder, chunk, selections)
            found[chunk.name] = selections
            told.add(chunk.size)
    return {
        model.measure.code: [one for chunk in chunks if chunk.model is model for one in found[chunk.name]]
        for model in models
    }


def _selected(chunks: Sequence[Chunk], seed: int, workers: int) -> Iterator[tuple[Chunk, list[Selection]]]:
    """The chunks' selections as they are finished, by processes that start afresh."""
    with _one_thread_each(), _processes(min(workers, len(chunks))) as pool:
        asked = {
            pool.submit(select_from_resamples, chunk.model, seed, range(chunk.first, chunk.end)): chunk
            for chunk in chunks
        }
        broken = False
        try:
            for future in as_completed(asked):
                if isinstance(future.exception(), BrokenProcessPool):
                    broken = True  # others may have finished before
                else:
                    yield asked[future], future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        if broken:
            raise PipelineError(
                problem="A process of the stability run was ended from outside, most often for want of memory.",
                remedy="Run it again: it goes on from what was finished.",
            )


def _processes(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_end_with_parent)


def _end_with_parent() -> None:
    """In a worker: leave Ctrl+C to the parent, and end when it ends, however it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes started meanwhile take one thread for their linear algebra."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


class _Progress:
    """Says every few seconds how far a run has come; the pace is taken from the first finished chunk on."""

    def __init__(self, total: int, done: int, report: Report) -> None:
        self._total, self._done, self._report = total, done, report
        self._first: tuple[float, int] | None = None
        self._told = 0.0
        if done:
            report(f"stability: {done:,} of {total:,} selections were finished before")

    def add(self, selections: int) -> None:
        """Count finished selections."""
        self._done += selections
        now = time.monotonic()
        if self._first is None:
            self._first, self._told = (now, self._done), now
        if self._done == self._total:
            self._report(f"stability: {self._total:,} of {self._total:,} selections, finished")
        elif now - self._told >= SECONDS_BETWEEN_LINES:
            since, before = self._first
            left = (now - since) / (self._done - before) * (self._total - self._done)
            self._report(f"stability: {self._done:,} of {self._total:,} selections, about {left:.0f} s left")
            self._told = now
