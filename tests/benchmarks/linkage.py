"""`make bench-linkage`: cleaning and linking at national size, as ratios measured in one run.

Four sides, each a process of its own, in interleaved rounds: ours (every table of the layers staging and linkage),
Splink's deterministic_link after our cleaning, the same after cleaning every row by itself (with the same result), and
one bare hash join a source of the same files. Then ours again at growing sizes, on a database file and within a
memory limit. Aims: linking clean records at most 2.5 times the bare join and at least 4 times as fast as Splink's
linking; with cleaning, at least 3 times as fast as Splink after row-by-row cleaning; growth exponent at most 1.1, peak
memory under 4 GB. The command prints and never judges.

Belongs here: the rounds and the report. Not here: what is run (`linkage_sides.py`), or on what (`linkage_data.py`).
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.linkage_data import RECORDS_A_CASE, files_of

SIDES = ("join", "ours", "splink", "splink_rows")
# Which sides are compared, by which steps (all of them, or linking alone), and the aim.
RATIOS = (
    ("ours", "join", "linking", "at most 2.5"),
    ("splink", "ours", "linking", "at least 4"),
    ("splink_rows", "ours", "", "at least 3"),
)
MEMORY_LIMIT = "3GB"  # of DuckDB's buffers; Python and what DuckDB does not count come on top
Measured = dict[str, Any]


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.linkage", description=__doc__)
    parser.add_argument("--data", type=Path, help="keep the files here for the next run (default: thrown away)")
    parser.add_argument("--records", type=int, default=4_000_000, help=f"of them one in {RECORDS_A_CASE} is a case")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--growth", type=int, nargs="*", default=[1_000_000, 4_000_000, 20_000_000])
    parser.add_argument("--smoke", action="store_true", help="a minute on small files: does it run?")
    arguments = parser.parse_args(given)
    if arguments.smoke:
        arguments.records, arguments.rounds, arguments.growth = 40_000, 1, [20_000, 40_000]
    return arguments


def measure(side: str, folder: Path, n_records: int, database: str = ":memory:", memory_limit: str = "") -> Measured:
    """One side as a process: seconds a step (clock, CPU), peak_gb, and the quality of its links."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PROBATION_")}
    environment |= {"PROBATION_THREADS": "2"} | ({"PROBATION_MEMORY_LIMIT": memory_limit} if memory_limit else {})
    command = [sys.executable, "-m", "tests.benchmarks.linkage_sides", side, str(folder), str(n_records), database]
    process = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if process.returncode != 0:
        raise SystemExit(process.stderr)
    return json.loads(process.stdout.splitlines()[-1])


def seconds(measured: Measured, layer: str = "", column: int = 0) -> float:
    """The seconds of a layer's steps, by the clock (column 0) or of CPU (1)."""
    return sum(spent[column] for step, spent in measured["seconds"].items() if step.startswith(layer))


def ratio(above: list[Measured], below: list[Measured], column: int, layer: str = "") -> float:
    """The median of the ratios round by round, so that a drift of the machine's speed cancels; of one layer's steps."""
    rounds = zip(above, below, strict=True)
    return statistics.median(seconds(a, layer, column) / seconds(b, layer, column) for a, b in rounds)


def exponent(sizes: list[int], times: list[float]) -> float:
    """The slope of log time over log size, by least squares."""
    return statistics.linear_regression([math.log(n) for n in sizes], [math.log(t) for t in times]).slope


def main(given: list[str] | None = None) -> None:
    """Draw the files, run the rounds, print the report."""
    arguments = _arguments(given)
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.data or Path(scratch)
        for n_records in sorted({arguments.records, *arguments.growth}):
            _say(f"files: {n_records:,} records")
            files_of(folder, n_records)
        rounds = _rounds(folder, arguments.records, arguments.rounds)
        _print_sides(rounds, arguments.records)
        _print_models(rounds["ours"])
        if arguments.growth:
            _print_growth(folder, Path(scratch), arguments.growth)


def _rounds(folder: Path, n_records: int, n_rounds: int) -> dict[str, list[Measured]]:
    rounds: dict[str, list[Measured]] = {side: [] for side in SIDES}
    for number in range(n_rounds):
        for side in SIDES:
            rounds[side].append(measure(side, folder, n_records))
            _say(f"round {number + 1} of {n_rounds}: {side} {seconds(rounds[side][-1]):.2f} s")
    return rounds


def _print_sides(rounds: dict[str, list[Measured]], n_records: int) -> None:
    n_rounds = len(rounds["ours"])
    print(f"{n_records // RECORDS_A_CASE:,} cases, {n_records:,} records, 2 threads, medians of {n_rounds} rounds")
    print(f"{'':<12}{'cleaning s':>11}{'linking s':>11}{'together s':>11}{'CPU s':>8}{'peak GB':>9}")
    for side, measured in rounds.items():
        together = statistics.median(seconds(m) for m in measured)
        cleaning = statistics.median(seconds(m, "cleaning") for m in measured)
        cpu = statistics.median(seconds(m, column=1) for m in measured)
        peak = statistics.median(m["peak_gb"] for m in measured)
        print(f"{side:<12}{cleaning:>11.2f}{together - cleaning:>11.2f}{together:>11.2f}{cpu:>8.2f}{peak:>9.2f}")
    for above, below, layer, aim in RATIOS:
        clock, cpu = (ratio(rounds[above], rounds[below], column, layer) for column in (0, 1))
        what = layer or "together"
        print(f"{above} / {below}, {what:<10}{clock:>8.2f} by the clock, {cpu:.2f} of CPU   (aim: {aim})")
    for side in ("ours", "splink", "splink_rows"):
        found = rounds[side][0]["quality"]
        precision = found["right_links"] / max(found["links"], 1)
        recall = found["linkable_cases_linked_right"] / max(found["linkable_cases"], 1)
        print(f"{side:<12}{found['links']:>9,} links, precision {precision:.5f}, recall {recall:.5f} of linkable cases")
    differing = sum(m["differing_rows"] for m in rounds["splink_rows"])
    print(f"rows that cleaning row by row leaves otherwise than our cleaning: {differing:,}")


def _print_models(measured: list[Measured]) -> None:
    steps = {step: statistics.median(m["seconds"][step][0] for m in measured) for step in measured[0]["seconds"]}
    print("where our time goes (s):")
    for step, spent in sorted(steps.items(), key=lambda item: -item[1])[:12]:
        print(f"  {step:<34}{spent:>7.2f}")


def _print_growth(folder: Path, scratch: Path, sizes: list[int]) -> None:
    print(f"growth of ours, on a database file, memory limit {MEMORY_LIMIT}")
    clocks, cpus = [], []
    for n_records in sizes:
        database = scratch / "growth.duckdb"
        measured = measure("ours", folder, n_records, str(database), MEMORY_LIMIT)
        database.unlink()
        clocks.append(seconds(measured))
        cpus.append(seconds(measured, column=1))
        print(
            f"{n_records:>12,} records{clocks[-1]:>9.2f} s{cpus[-1]:>9.2f} CPU s{measured['peak_gb']:>7.2f} GB",
            flush=True,
        )
    if len(sizes) > 1:
        slopes = exponent(sizes, clocks), exponent(sizes, cpus)
        print(f"exponent {slopes[0]:.2f} by the clock, {slopes[1]:.2f} of CPU   (aims: at most 1.1, under 4 GB)")


def _say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
