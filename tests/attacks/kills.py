"""`python -m tests.attacks.kills DATA [KILLS] [SEED]`: runs ended at random moments, each next one after the last.

DATA: a folder in which `make bulletin` has run; it is changed. Each run is given another window, so that the linkage
and all that rests on it is due, and is ended by SIGINT, SIGTERM or SIGKILL; every fifth one while another starts in the
same second. Ends with code 1 at the first thing that is not as promised.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from orchestration.storage.leftovers import PATTERNS
from tests.open_to_others import open_to_others

LONGEST = 60.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)


def main(data: Path, kills: int = 50, seed: int = 1) -> None:
    """Kill, look, and at the end let a run finish."""
    already_open = set(open_to_others(data))
    draw = random.Random(seed)
    for n in range(kills):
        number, seconds = draw.choice(SIGNALS), draw.uniform(0.3, LONGEST)
        run = _start(data, window=8 + n % 3)
        told_second = _told_by_a_second_run(data) if n % 5 == 4 and seconds > 2 else ""
        time.sleep(seconds)
        run.send_signal(number)
        try:
            told = run.communicate(timeout=20)[1]
        except subprocess.TimeoutExpired:
            _require(False, "ends at once", Path(f"/proc/{run.pid}/status").read_text())
        code = run.returncode
        print(f"{n + 1:>3}  {number.name:<8} after {seconds:5.1f} s: code {code}", flush=True)
        if code == 1:  # the other of the two had the folder first
            _require("in use by" in told and n % 5 == 4, "a run that is refused says why", told)
        elif code != 0:
            expected = -number if number is signal.SIGKILL else 128 + number
            _require(code == expected, f"code {expected}", told)
            _require(code < 0 or told.strip().splitlines()[-1].startswith("Stopped."), "one line at the end", told)
        _require("Traceback" not in told + told_second, "no traceback", told + told_second)
        opened = set(open_to_others(data)) - already_open
        _require(not opened, "nothing open to others", "\n".join(sorted(opened)))
    run = _start(data, window=7)
    told = run.communicate()[1]
    _require(run.returncode == 0, "the next run works", told)
    _require(set(_states(data)) <= {"SUCCESS", "FAILURE", "CANCELED"}, "no run left unfinished", str(_states(data)))
    left = [path for pattern in PATTERNS for path in data.glob(pattern)]
    _require(left == [], "nothing left over", str(left))
    print(f"all as promised; Dagster's records: { {s: _states(data).count(s) for s in set(_states(data))} }")


def _start(data: Path, window: int) -> subprocess.Popen[str]:
    environment = {**os.environ, "PROBATION_DATA_DIR": str(data), "PROBATION_MATCH_WINDOW_DAYS": str(window)}
    command = [sys.executable, "-m", "orchestration", "bulletin"]
    run = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, umask=0
    )
    return run


def _told_by_a_second_run(data: Path) -> str:
    """One that starts in the same second: either is refused; it must say so and change nothing."""
    second = _start(data, window=12)
    try:
        told = second.communicate(timeout=5)[1]
    except subprocess.TimeoutExpired:
        second.send_signal(signal.SIGTERM)
        return second.communicate()[1]
    _require(second.returncode == 1 and "in use by" in told, "the second of two is told", told)
    return told


def _states(data: Path) -> list[str]:
    with sqlite3.connect(data / ".run" / "history" / "runs.db") as connection:
        return [state for (state,) in connection.execute("select status from runs")]


def _require(is_so: bool, promise: str, told: str) -> None:
    if not is_so:
        sys.exit(f"BROKEN: {promise}\n{told}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(number) for number in sys.argv[2:]))
