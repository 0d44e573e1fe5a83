"""Dagster as a service: its web server and daemon, and the runs that died in it.

Belongs here: starting and tidying what runs beside the terminal. Not here: what starts a run (`defs/`).
"""

import os
import socket
import sys

import click

from orchestration.commands.context import pass_settings
from orchestration.defs.instance import WORKSPACE, prepare_home
from orchestration.errors import PipelineError
from orchestration.settings import Settings

UI_HOST = "127.0.0.1"
UI_PORT = 3000


@click.command()
@pass_settings
def ui(settings: Settings) -> None:
    """The Dagster web server and daemon on http://127.0.0.1:3000."""
    _require_free_port()
    click.echo(f"Starting Dagster on http://{UI_HOST}:{UI_PORT} (takes about 15 seconds; Ctrl+C stops it) ...")
    _clear_dead_runs(settings)
    os.environ["PROBATION_DATA_DIR"] = str(settings.data_dir)  # Dagster's processes read the settings themselves
    program = os.path.join(os.path.dirname(sys.executable), "dagster")
    os.execv(program, [program, "dev", "--host", UI_HOST, "--port", str(UI_PORT), "--workspace", str(WORKSPACE)])


@click.command()
@pass_settings
def clear_dead_runs(settings: Settings) -> None:
    """Mark runs whose process is gone as failed."""
    cleared = _clear_dead_runs(settings)
    click.echo(f"{len(cleared)} dead runs cleared." if cleared else "No dead run, or a run is alive: nothing cleared.")


def _clear_dead_runs(settings: Settings) -> list[str]:
    prepare_home(settings)
    import dagster as dg

    from orchestration.defs.dead_runs import clear_dead_runs

    with dg.DagsterInstance.get() as instance:
        return clear_dead_runs(instance, settings.run_dir, grace_seconds=0)


def _require_free_port() -> None:
    """A second daemon on one Dagster home would disturb the first, and run on after its web server has failed."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((UI_HOST, UI_PORT))
        except OSError as error:
            raise PipelineError(
                f"Port {UI_PORT} is in use.",
                f"If make ui runs already, open http://{UI_HOST}:{UI_PORT}; else stop the program that holds the port.",
            ) from error
