"""Removing what can be made again.

Belongs here: what `make clean` deletes under the data folder. Never: real extracts, releases, the key.
"""

import json
import shutil
from pathlib import Path

import click

from orchestration.commands.context import pass_settings
from orchestration.engines.cluster import cluster_of
from orchestration.errors import PipelineError
from orchestration.settings import Settings
from orchestration.storage import fingerprints
from orchestration.storage.locks import is_run_alive

SYNTHETIC_MANIFEST = "synthetic_manifest.json"


@click.command()
@pass_settings
def clean(settings: Settings) -> None:
    """Remove what can be made again.

    Real extracts and their order, releases, quality reports and the key are kept.
    """
    click.echo(clean_folder(settings))


def clean_folder(settings: Settings) -> str:
    """Delete the warehouse, the ad hoc database, Dagster's home and synthetic extracts; returns what was kept.

    A file in the landing folder is deleted only when the synthetic manifest lists it with this very content.
    Raises PipelineError while a run or a Spark cluster is alive.
    """
    if is_run_alive(settings.run_dir):
        raise PipelineError("A run is alive.", "Wait until it has finished, then clean.", str(settings.run_dir))
    if cluster_of(settings):
        raise PipelineError("A Spark cluster runs.", "End it first (make cluster-stop), then clean.")
    _delete_synthetic(settings)
    for path in (settings.warehouse, settings.analysis_database):
        for leftover in path.parent.glob(f"{path.name}*"):
            leftover.unlink()
    shutil.rmtree(settings.run_dir, ignore_errors=True)
    return (
        "Removed: databases, run history, synthetic extracts. Kept: real extracts, the order in which they were first "
        "seen, releases, quality reports, key."
    )


def _delete_synthetic(settings: Settings) -> None:
    manifest = settings.landing_dir / SYNTHETIC_MANIFEST
    if not manifest.exists():
        return
    for name, sha256 in _files_in(manifest).items():
        path = settings.landing_dir / name
        if path.is_file() and fingerprints.of_file(path) == sha256:
            path.unlink()
    manifest.unlink()
    shutil.rmtree(settings.truth_dir, ignore_errors=True)


def _files_in(manifest: Path) -> dict[str, str]:
    try:
        return dict(json.loads(manifest.read_text(encoding="utf-8"))["files"])
    except (ValueError, TypeError, KeyError):
        raise PipelineError(
            "The manifest cannot be read that tells synthetic extracts from real ones. Nothing was removed.",
            "Delete it and the synthetic extracts by hand, then clean again.",
            str(manifest),
        ) from None
