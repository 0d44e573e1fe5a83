"""`make bench`: a full run against bare calls, a repeated run, peak memory, and the models against R, as ratios.

Each figure is of whole processes, the runs interleaved, the median printed. Aims: full/bare at most 1.2,
repeated/full at most 0.25, peak memory under 1 GB. The command prints and never judges.

`--before FOLDER` runs the checkout of another commit too, in the same rounds on the same extracts: full/before.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from orchestration.commands.running import require_extracts
from orchestration.settings import read_settings
from tests.benchmarks import models

ROUNDS = 3
Figures = tuple[float, float, float]
FULL = [sys.executable, "-m", "orchestration", "bulletin"]
BARE = [sys.executable, "-m", "tests.benchmarks.bare"]


def measure(command: list[str], data_dir: Path, checkout: Path | None = None) -> Figures:
    """Wall seconds, CPU seconds and peak memory (MB) of one command as a whole process, run in a checkout or here."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PROBATION_")}
    environment["PROBATION_DATA_DIR"] = str(data_dir)
    started = os.times()
    process = subprocess.Popen(
        command, env=environment, cwd=checkout, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(message.decode())
    return os.times().elapsed - started.elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", type=Path, metavar="FOLDER", help="the checkout of a commit to compare with")
    before: Path | None = parser.parse_args().before
    sides = [("bare", BARE, None), ("full", FULL, None), *([("before", FULL, before)] if before else [])]
    figures: dict[str, list[Figures]] = {name: [] for name in (*(name for name, *_ in sides), "repeated")}
    with tempfile.TemporaryDirectory() as folder:
        extracts = Path(folder) / "extracts"
        require_extracts(read_settings({"PROBATION_DATA_DIR": str(extracts)}))
        for number in range(ROUNDS):
            for name, command, checkout in sides:
                data_dir = Path(folder) / f"{name}-{number}"
                shutil.copytree(extracts, data_dir)
                arguments = [str(data_dir)] if name == "bare" else []
                figures[name].append(measure([*command, *arguments], data_dir, checkout))
                print(f"round {number + 1} of {ROUNDS}: {name} {figures[name][-1][0]:.1f} s", file=sys.stderr)
            figures["repeated"].append(measure(FULL, Path(folder) / f"full-{number}"))
    _print(figures)
    models.main()


def _print(figures: dict[str, list[Figures]]) -> None:
    print(f"{'':<10}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}   (medians of {ROUNDS})")
    medians = {
        name: [statistics.median(column) for column in zip(*rows, strict=True)] for name, rows in figures.items()
    }
    for name, (wall, cpu, peak) in medians.items():
        print(f"{name:<10}{wall:>9.1f}{cpu:>9.1f}{peak:>9.0f}")
    aims = {("full", "bare"): "1.2", ("repeated", "full"): "0.25", ("full", "before"): "0.6"}
    for (above, below), aim in aims.items():
        if below not in figures:
            continue
        wall, cpu = (_median_ratio(figures[above], figures[below], column) for column in (0, 1))
        print(f"{above} / {below:<6} {wall:>6.2f} by the clock, {cpu:.2f} of CPU   (aim: at most {aim})")
    print(f"peak memory {medians['full'][2]:>9.0f} MB   (aim: under 1,000)")


def _median_ratio(above: list[Figures], below: list[Figures], column: int) -> float:
    """The median of the ratios round by round, so that a drift of the machine's speed cancels."""
    return statistics.median(a[column] / b[column] for a, b in zip(above, below, strict=True))


if __name__ == "__main__":
    main()
