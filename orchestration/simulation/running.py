"""Many populations: in parallel, within a time, and picked up where a run left off.

A population is made from seed, scenario and number alone, so that neither an interruption nor the number of processes
can move a result. Every finished one is a line of a file under `.run/simulation/`, named after the seed, the size of a
population and the code: trials, and nothing of any real case.

Belongs here: sharing out the work, and what is kept. Not here: the trials (`methods/simulation/trials`).
"""

import json
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from orchestration.errors import PipelineError
from orchestration.ledger.code import files_reached
from orchestration.methods.simulation.populations import N_CASES, SCENARIOS
from orchestration.methods.simulation.trials import Trial, summary, trials_of
from orchestration.settings import PROJECT_DIR, Settings
from orchestration.storage import fingerprints, progress
from orchestration.storage.processes import available_cores, process_pool

SECONDS_BETWEEN_LINES = 5.0
Key = tuple[str, int]


@dataclass(frozen=True)
class SimulationRequest:
    """How many populations of every scenario, from which seed, of how many cases, in how many minutes at most."""

    populations: int = 200
    seed: int = 2023
    minutes: float = 15.0
    cases: int = N_CASES

    def __post_init__(self) -> None:
        if self.populations < 1 or self.seed < 0 or self.minutes <= 0 or self.cases < 1:
            raise PipelineError(
                problem="Such populations cannot be drawn.",
                remedy="Give --populations and --cases of 1 or more, --seed of 0 or more and --minutes above 0.",
            )


def run_simulation(settings: Settings, request: SimulationRequest, workers: int | None = None) -> pd.DataFrame:
    """The summary of all populations there are when the time is up: a row a scenario, method and model.

    Populations begun in time are finished. Raises PipelineError where a process was ended from outside; what was
    finished is kept.
    """
    file = _file(settings, request)
    known = read_trials(file)
    asked = [(s.name, number) for number in range(request.populations) for s in SCENARIOS]
    missing = [key for key in asked if key not in known]
    done, told = len(asked) - len(missing), 0.0
    for key, trials in _made(missing, request, workers or available_cores()):
        with file.open("a", encoding="utf-8") as out:
            # begins a line of its own, whatever a killed run left of its last
            out.write("\n" + json.dumps([*key, [list(trial) for trial in trials]]))
        known[key] = trials
        done += 1
        if time.monotonic() - told >= SECONDS_BETWEEN_LINES or done == len(asked):
            told = time.monotonic()
            progress.note(f"simulation: {done:,} of {len(asked):,} populations")
    return summary([trial for key in sorted(known, key=_in_order) if key in set(asked) for trial in known[key]])


def _in_order(key: Key) -> tuple[int, int]:
    return [scenario.name for scenario in SCENARIOS].index(key[0]), key[1]


def _file(settings: Settings, request: SimulationRequest) -> Path:
    folder = settings.run_dir / "simulation"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    code = sorted(files_reached(["orchestration.methods.simulation.trials:trials_of"], PROJECT_DIR))
    hashes = [fingerprints.of_file(PROJECT_DIR / path) for path in code]
    return folder / f"{fingerprints.of([hashes, request.seed, request.cases])[:20]}.jsonl"


def read_trials(file: Path) -> dict[Key, list[Trial]]:
    """The finished populations of a file; a line that was not written whole is one that was not finished."""
    found: dict[Key, list[Trial]] = {}
    for line in file.read_text("utf-8").splitlines() if file.exists() else []:
        try:
            scenario, number, trials = json.loads(line)
            found[scenario, number] = [Trial(*trial) for trial in trials]
        except (ValueError, TypeError):
            continue
    return found


def _made(missing: list[Key], request: SimulationRequest, workers: int) -> Iterator[tuple[Key, list[Trial]]]:
    """The populations' trials as they are finished; none is begun when the time is up."""
    end, waiting = time.monotonic() + 60 * request.minutes, list(reversed(missing))
    if not waiting:
        return
    scenarios = {scenario.name: scenario for scenario in SCENARIOS}
    with process_pool(workers, "Run it again: it goes on from what was finished.") as pool:
        running: dict[Future[list[Trial]], Key] = {}
        while running or (waiting and time.monotonic() < end):
            while waiting and len(running) < workers and time.monotonic() < end:
                key = waiting.pop()
                running[pool.submit(trials_of, scenarios[key[0]], request.seed, key[1], request.cases)] = key
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()
