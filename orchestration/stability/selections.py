"""Thousands of selections from resamples: in parallel, shown as they go, and picked up where a killed run left off.

A resample is made from seed, model and number alone, so that neither an interruption nor the number of processes can
move a result. Belongs here: sharing out the work, and progress. Not here: processes (`storage/processes.py`), what is
kept on disk (`chunks.py`), resamples and selections (`methods/bulletin_2020_03/stability.py`).
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from orchestration.methods.bulletin_2020_03.stability import Selection, StabilityModel, select_from_resamples
from orchestration.stability.chunks import (
    Chunk,
    StabilityRequest,
    chunks_of,
    read_chunk,
    write_chunk,
)
from orchestration.storage import progress
from orchestration.storage.processes import available_cores, process_pool

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
        for chunk, selections in _selected(missing, request.seed, workers or available_cores()):
            write_chunk(folder, chunk, selections)
            found[chunk.name] = selections
            told.add(chunk.size)
    return {
        model.measure.code: [one for chunk in chunks if chunk.model is model for one in found[chunk.name]]
        for model in models
    }


def _selected(chunks: Sequence[Chunk], seed: int, workers: int) -> Iterator[tuple[Chunk, list[Selection]]]:
    """The chunks' selections as they are finished."""
    with process_pool(min(workers, len(chunks)), "Run it again: it goes on from what was finished.") as pool:
        asked = {
            pool.submit(select_from_resamples, chunk.model, seed, range(chunk.first, chunk.end)): chunk
            for chunk in chunks
        }
        broken: BrokenProcessPool | None = None
        for future in as_completed(asked):
            if isinstance(error := future.exception(), BrokenProcessPool):
                broken = error  # others may have finished before
            else:
                yield asked[future], future.result()
        if broken is not None:
            raise broken


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
