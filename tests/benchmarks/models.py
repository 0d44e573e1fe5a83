"""The six published models against R on this machine, and the time of every check of their findings.

Belongs here: their times and what is printed of them. Not here: whole runs (`bench.py`).
"""

import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from orchestration.methods.bulletin_2023_04.models import fit_bulletin_models
from orchestration.methods.robustness.published_fits import published_fits
from orchestration.methods.robustness.summary import Published, robustness_tables
from orchestration.settings import Parameters
from orchestration.storage.processes import InThisProcess
from tests.unit.methods.example_cases import example_cases

N_CASES = 3308  # as many as were inspected
SCRIPT = Path(__file__).with_name("models.R")
ROUNDS = 7
NO_R = "R: not here (Rscript with the package MASS), so there is no ratio"


def seconds_of_r(cases: pd.DataFrame) -> float | None:
    """The median seconds of the six models by R; None where R or MASS is not here."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        cases.to_csv(file.name, index=False)
        command = [program, str(SCRIPT), file.name, str(ROUNDS)]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
    return float(made.stdout.split()[-1]) if made.returncode == 0 else None


def seconds_of_models(cases: pd.DataFrame) -> float:
    """The median seconds of the six models by us, complete cases and the search for separation included."""
    return statistics.median(_timed(lambda: published_fits(cases)) for _ in range(ROUNDS + 1))


def seconds_of_study(cases: pd.DataFrame) -> float:
    """Processor seconds of every check, drawn as often as a release draws."""
    models, asked = fit_bulletin_models(cases), Parameters()
    results = Published(models.model_terms, models.model_coefficients, models.model_coefficients)
    started = time.process_time()
    robustness_tables(
        cases, results, asked.robustness_draws, asked.false_link_share, asked.significance_level, InThisProcess()
    )
    return time.process_time() - started


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    cases = example_cases(N_CASES)
    ours, theirs = seconds_of_models(cases), seconds_of_r(cases)
    print(f"six models {ours:>8.3f} s   (median of {ROUNDS + 1}, {len(cases):,} cases)")
    told = NO_R if theirs is None else f"ours / R   {ours / theirs:>8.2f} by the clock   (aim: at most 1)"
    print(told)
    print(f"all checks {seconds_of_study(cases):>8.1f} s of CPU   (aim: at most 60 on two cores)")
