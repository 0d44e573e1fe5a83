"""`python -m tests.benchmarks.year DATA [WEEKS] [WEEKS_BETWEEN_DELIVERIES] [DAYS]`: how a folder grows in service.

DATA: a folder in which `make bulletin` has run on synthetic extracts; it is changed. Each week the schedule is asked,
and where it starts a run, that is one of its job in this process; every few weeks another delivery lies there before,
which makes every stage due. After each week everything in the folder is made a week older, so that `make prune` at the
end finds a year. It prints megabytes by part, and the seconds of CPU of each week.

It does not bring what the daemon writes: a line every half minute that a sensor had nothing to do, which Dagster
removes after seven days.
"""

import os
import shutil
import sqlite3
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import dagster as dg

from orchestration.__main__ import main as run_command
from orchestration.commands.running import execute_job, ready_to_run
from orchestration.defs.instance import open_instance, prepare_home
from orchestration.defs.job_names import BULLETIN_JOB
from orchestration.defs.triggers.schedules import weekly_bulletin
from orchestration.settings import Settings, read_settings

WEEK = 7 * 24 * 3600
PARTS = {
    "extracts": "landing",
    "releases": "published",
    "gate results, rejected rows": "quality",
    "Dagster's records": ".run/history",
    "logs of runs": ".run/storage",
    "dbt": ".run/dbt",
    "warehouse": "warehouse.duckdb",
    "ad hoc database": "analysis.duckdb",
}


def main(data: Path, weeks: int = 52, weeks_between: int = 13, days: int = 90) -> None:
    """Live through the weeks, then prune, and print the folder's size along the way."""
    os.environ["PROBATION_DATA_DIR"] = str(data)
    settings = read_settings()
    (settings.landing_dir / "synthetic_manifest.json").unlink(missing_ok=True)  # what is added is not listed there
    sizes = {"at the start": _sizes(data)}
    for week in range(1, weeks + 1):
        if week % weeks_between == 1 % weeks_between:
            _deliver(settings, week)
        spent = time.process_time()
        started = _monday(settings)
        print(f"week {week}: {'a run' if started else 'nothing due'}, {time.process_time() - spent:.0f} s", flush=True)
        _age(settings)
        if week in (1, weeks // 2, weeks):
            sizes[f"after {week} weeks"] = _sizes(data)
            _print(sizes)
    prune = ["prune", "--do", "--days", str(days)]
    for arguments in (prune, [*prune, "--releases"]):
        if code := run_command(arguments):
            sys.exit(code)
        sizes[" ".join(arguments)] = _sizes(data)
    _print(sizes)


def _monday(settings: Settings) -> bool:
    """Ask the schedule, and run what it asks for; whether it did."""
    prepare_home(settings)
    with open_instance(settings) as instance, dg.build_schedule_context(instance=instance) as context:
        answer = weekly_bulletin(context)
    if isinstance(answer, dg.SkipReason):
        return False
    with ready_to_run(settings):
        execute_job(settings, BULLETIN_JOB)
    return True


def _deliver(settings: Settings, week: int) -> None:
    """The newest terminations once more, under the date of that week."""
    folder = settings.landing_dir / "terminations"
    newest = max(folder.iterdir(), key=lambda path: path.stem[-10:])
    shutil.copyfile(newest, folder / f"terminated_sentences_{date(2022, 1, 21) + timedelta(weeks=week)}.csv")


def _age(settings: Settings) -> None:
    """Make what runs have left a week older, in the folder and in Dagster's records."""
    for place in (settings.quality_dir, settings.published_dir, settings.run_dir / "storage", settings.run_dir / "dbt"):
        for path in place.rglob("*"):
            changed = path.lstat().st_mtime - WEEK
            os.utime(path, (changed, changed), follow_symlinks=False)
    with sqlite3.connect(settings.run_dir / "history" / "runs.db") as connection:
        for column in ("create_timestamp", "update_timestamp"):
            connection.execute(f"update runs set {column} = strftime('%Y-%m-%d %H:%M:%f000', {column}, '-7 days')")


def _sizes(data: Path) -> dict[str, float]:
    """Megabytes of each part."""
    return {name: _bytes(data / place) / 1e6 for name, place in PARTS.items()}


def _bytes(place: Path) -> int:
    return sum(path.lstat().st_size for path in (place, *place.rglob("*")) if path.is_file() and not path.is_symlink())


def _print(sizes: dict[str, dict[str, float]]) -> None:
    print(f"{'MB':<30}" + "".join(f"{when:>24}" for when in sizes))
    for part in (*PARTS, "all"):
        amounts = [sum(size.values()) if part == "all" else size[part] for size in sizes.values()]
        print(f"{part:<30}" + "".join(f"{amount:>24,.1f}" for amount in amounts), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(number) for number in sys.argv[2:]))
