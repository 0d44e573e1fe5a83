"""Dagster's home under the data folder.

Belongs here: making the home, pointing Dagster at it and looking whether its records are sound, without loading
Dagster; and opening it. Not here: the runs in it (`dead_runs.py`) and locks (`storage/locks.py`).
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.errors import PipelineError
from orchestration.settings import ALL_SOURCES, Settings
from orchestration.storage import files

if TYPE_CHECKING:
    import dagster as dg

DAGSTER_YAML = Path(__file__).with_name("dagster.yaml")


def prepare_home(settings: Settings) -> None:
    """Make `.run`, closed to others, with the project's dagster.yaml; it is DAGSTER_HOME, and telemetry stays off."""
    for folder in (settings.run_dir, settings.quality_dir):  # an earlier version left them open to others
        files.make_private_folder(folder, folder)
    shutil.copyfile(DAGSTER_YAML, settings.run_dir / "dagster.yaml")
    point_dagster_at(settings)
    # the welcome dialog asks for an e-mail address and offers links to the internet
    (settings.run_dir / ".nux").mkdir(exist_ok=True)
    (settings.run_dir / ".nux" / "nux.yaml").write_text("seen: 1\n", encoding="utf-8")
    with suppress(OSError):  # extracts may lie where nothing can be written, and none of another source then
        for source in ALL_SOURCES:
            (settings.landing_dir / source).mkdir(parents=True, exist_ok=True)


def point_dagster_at(settings: Settings) -> None:
    """Tell Dagster and the processes it starts where this home is, and to report to nobody."""
    os.environ["DAGSTER_HOME"] = str(settings.run_dir)
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    os.environ["GX_ANALYTICS_ENABLED"] = "false"


@contextmanager
def open_instance(settings: Settings) -> Iterator["dg.DagsterInstance"]:
    """Dagster's instance of this home, which `prepare_home` has made.

    Raises PipelineError where Dagster's own database fails, so that it is told from a failure of ours.
    """
    import dagster as dg

    try:
        with dg.DagsterInstance.get() as instance:
            yield instance
    except Exception as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, sqlite3.Error):
            cause = cause.__cause__ or cause.__context__
        if cause is None:
            raise
        raise damaged_records(settings, cause) from error


def require_sound_records(settings: Settings) -> None:
    """Look through Dagster's databases. Raises PipelineError where one of them is damaged."""
    for folder in ("history", "schedules", "storage"):
        for path in sorted((settings.run_dir / folder).rglob("*.db")):
            try:
                with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
                    (found,) = connection.execute("pragma quick_check(1)").fetchone()
                if found != "ok":
                    raise sqlite3.DatabaseError(f"{path.name} is malformed")
            except sqlite3.Error as error:
                raise damaged_records(settings, error) from None


def damaged_records(settings: Settings, error: sqlite3.Error) -> PipelineError:
    """What is said of records that Dagster cannot read or write."""
    return PipelineError(
        f"Dagster's records of runs cannot be read or written ({error}).",
        "Make room if the disk is full, correct the permissions if it cannot be written, then run again; nothing was "
        "published. If it stays, they are damaged: move "
        "the folders history, schedules and storage away from here. They hold the past of the UI and no data; "
        "schedule and sensor have to be switched on again.",
        str(settings.run_dir),
    )
