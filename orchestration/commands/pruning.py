"""Removing what a year of runs leaves: shown first, removed when asked.

Belongs here: what `make prune` removes under the data folder. Never: extracts, reviews, databases, the key, the latest
release, and releases that were withdrawn, whose reasons readers may ask for.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.commands.context import pass_settings
from orchestration.defs.instance import open_instance, prepare_home
from orchestration.settings import Settings
from orchestration.storage.locks import hold_run_lock

if TYPE_CHECKING:
    import dagster as dg

# However old: what the UI shows of each asset comes from the last runs.
RUNS_KEPT = 10


@click.command()
@click.option("--days", type=click.IntRange(1), default=90, show_default=True, help="What is older is removed.")
@click.option("--releases", is_flag=True, help="Releases too, except the latest and those withdrawn.")
@click.option("--do", "is_meant", is_flag=True, help="Remove it; without, it is only shown.")
@pass_settings
def prune(settings: Settings, days: int, releases: bool, is_meant: bool) -> None:
    """Show what old runs have left, and remove it when asked."""
    before = datetime.now(UTC) - timedelta(days=days)
    prepare_home(settings)
    with hold_run_lock(settings.run_dir, "make prune"):
        with open_instance(settings) as instance:
            folders = [*old_folders(settings, before), *(old_releases(settings, before) if releases else ())]
            runs = old_runs(instance, before)
            size = sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file())
            for folder in folders:
                click.echo(folder)
            found = (
                f"{len(runs)} runs of Dagster and {len(folders)} folders ({size / 1e6:,.0f} MB) older than {days} days"
            )
            if not is_meant:
                click.echo(f"{found}. Nothing was removed: make prune DO=1 removes it.")
                return
            for folder in folders:
                shutil.rmtree(folder)
            for run in runs:
                instance.delete_run(run)
        give_back(settings.run_dir / "history", runs)  # what is open cannot be made smaller
        click.echo(f"Removed: {found}.")


def old_folders(settings: Settings, before: datetime) -> Iterator[Path]:
    """What runs wrote beside the databases: gate results and rejected rows, logs, manifests of the dbt project."""
    for place in (settings.quality_dir, settings.run_dir / "storage", settings.run_dir / "dbt"):
        yield from (folder for folder in _folders(place) if _changed_at(folder) < before)


def old_releases(settings: Settings, before: datetime) -> Iterator[Path]:
    """Releases that are neither the latest nor withdrawn."""
    from orchestration.releases.publishing import latest_release, read_withdrawn, releases

    latest, withdrawn = latest_release(settings.published_dir), read_withdrawn(settings.published_dir)
    for name in releases(settings.published_dir):
        folder = settings.published_dir / name
        if folder != latest and name not in withdrawn and _changed_at(folder) < before:
            yield folder


def old_runs(instance: "dg.DagsterInstance", before: datetime) -> list[str]:
    """Ids of the runs that have ended, without the last few."""
    import dagster as dg
    from dagster._core.storage.dagster_run import FINISHED_STATUSES

    records = instance.get_run_records(dg.RunsFilter(statuses=list(FINISHED_STATUSES)))
    return [record.dagster_run.run_id for record in records[RUNS_KEPT:] if record.update_timestamp < before]


def give_back(history: Path, runs: list[str]) -> None:
    """Give the disk back what deleted runs took of it: Dagster leaves their files there, and SQLite its empty pages."""
    for run in runs:
        for path in (history / "runs").glob(f"{run}.db*"):
            path.unlink()
    for path in (history / "runs.db", history / "runs" / "index.db"):
        if path.exists():
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("vacuum")


def _folders(place: Path) -> list[Path]:
    return sorted(path for path in place.iterdir() if path.is_dir()) if place.is_dir() else []


def _changed_at(folder: Path) -> datetime:
    """When anything in a folder was last changed."""
    return datetime.fromtimestamp(max(path.stat().st_mtime for path in (folder, *folder.rglob("*"))), UTC)
