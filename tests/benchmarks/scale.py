"""`python -m tests.benchmarks.scale [--records N ...] [--workers N ...] [--memory 2g] [--data DIR]`: which engine when.

Builds staging, linkage and marts of national populations in DuckDB and on clusters of so many workers, each in
processes of its own, and prints a row a build: seconds by the clock and of CPU, the most memory that all its processes
held at once, and how busy the machine was before. On a busy machine compare the CPU seconds.

Belongs here: running and measuring. Not here: what is built (`engines.py`). docs/scale.md keeps what it printed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from orchestration.engines.cluster import cluster_of
from orchestration.settings import PROJECT_DIR
from orchestration.storage.stopping import end_quietly
from tests.benchmarks.engines import fill_with_national, running_cluster, settings_of

SECONDS_BETWEEN_LOOKS = 0.5
TICKS, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
# proc(5), /proc/pid/stat, counted from the field behind the name: session, utime, stime, and rss in pages.
SESSION, UTIME, STIME, RSS = 3, 11, 12, 21


class Meter(threading.Thread):
    """Looks at all processes of some sessions now and then: the CPU each has used, and the memory of all together."""

    def __init__(self, sessions: set[int]) -> None:
        super().__init__(daemon=True)
        self.sessions, self.is_over = sessions, threading.Event()
        self.cpu: dict[int, float] = {}
        self.peak = 0

    def run(self) -> None:
        while not self.is_over.wait(SECONDS_BETWEEN_LOOKS):
            held = 0
            for path in Path("/proc").glob("[0-9]*/stat"):
                try:
                    fields = path.read_text().rpartition(")")[2].split()
                except OSError:  # it has ended meanwhile
                    continue
                if int(fields[SESSION]) in self.sessions:
                    held += int(fields[RSS]) * PAGE
                    self.cpu[int(path.parent.name)] = (int(fields[UTIME]) + int(fields[STIME])) / TICKS
            self.peak = max(self.peak, held)


def measure(data_dir: Path, engine: str, workers: int, memory: str, populations: Path, n_records: int) -> str:
    """One build: a row of the table."""
    settings = settings_of(data_dir, engine, workers, memory)
    fill_with_national(settings, populations, n_records)
    busy = os.getloadavg()[0]
    with running_cluster(settings):
        command = [sys.executable, "-m", "tests.benchmarks.engines", str(data_dir), engine]
        child = subprocess.Popen(command, cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True, start_new_session=True)
        cluster = cluster_of(settings)
        meter = Meter({child.pid, *(daemon.pid for daemon in cluster.daemons)} if cluster else {child.pid})
        meter.start()
        said, _ = child.communicate()
        meter.is_over.set()
    if child.returncode:
        return f"{n_records:>12,} {engine:<7}{workers if cluster else '':>3}  did not end well"
    seconds = json.loads(said.splitlines()[-1])
    layers = "".join(f"{seconds[layer]:>9.0f}" for layer in ("staging", "linkage", "marts"))
    return (
        f"{n_records:>12,} {engine:<7}{workers if cluster else '':>3}{sum(seconds.values()):>9.0f}{layers}"
        f"{sum(meter.cpu.values()):>9.0f}{meter.peak / 1e9:>9.1f}{busy:>8.1f}"
    )


def main(given: list[str] | None = None) -> None:
    """Measure each size: DuckDB first, then each cluster."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scale", description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[1_000_000, 4_000_000])
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--memory", default="2g", help="of the driver and of each worker")
    parser.add_argument("--data", type=Path, help="keep drawn populations here for the next run")
    arguments = parser.parse_args(given)
    titles = "".join(f"{title:>9}" for title in ("s", "staging", "linkage", "marts", "CPU s", "GB"))
    print(f"{'records':>12} {'engine':<10}{titles}{'load':>8}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        for n_records in arguments.records:
            for engine, workers in (("duckdb", 0), *(("spark", n) for n in arguments.workers)):
                data_dir = Path(scratch) / f"{n_records}_{engine}_{workers}"
                populations = arguments.data or Path(scratch)
                row = measure(data_dir, engine, workers or 1, arguments.memory, populations, n_records)
                print(row, flush=True)


if __name__ == "__main__":
    main()
    end_quietly(0)
