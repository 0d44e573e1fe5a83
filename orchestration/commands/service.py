"""Dagster as a service: its web server and daemon, and the runs that died in it.

Belongs here: starting and tidying what runs beside the terminal. Not here: the processes and who may reach them
(`service/`), and what starts a run (`defs/`).
"""

import os
import socket
import sys
import threading
from collections.abc import Callable

import click

from orchestration.commands.context import pass_settings
from orchestration.defs.instance import open_instance, prepare_home
from orchestration.errors import PipelineError
from orchestration.settings import Settings
from orchestration.storage.stopping import at_stop

UI_HOST = "127.0.0.1"
UI_PORT = 3000
SECONDS_BETWEEN_LOOKS_FOR_DEAD_RUNS = 30


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=UI_PORT, show_default=True, help="Another free port.")
@click.option("--read-only", "is_read_only", is_flag=True, help="It shows, and takes no command.")
@pass_settings
def ui(settings: Settings, port: int, is_read_only: bool) -> None:
    """The Dagster web server and daemon on http://127.0.0.1:3000.

    It opens with the link that is printed: Dagster has no login of its own.
    """
    _require_free_port(port)
    click.echo("Starting Dagster (takes about 15 seconds; Ctrl+C stops it) ...", err=True)
    prepare_home(settings)
    os.environ["PROBATION_DATA_DIR"] = str(settings.data_dir)  # Dagster's processes read the settings themselves
    from orchestration.defs.dead_runs import clear_dead_runs
    from orchestration.service.link import keep_link, link_file, new_token
    from orchestration.service.processes import start_beside_the_web_server
    from orchestration.service.web_server import application, serve

    with open_instance(settings) as instance:
        clear_dead_runs(instance, settings.run_dir, grace_seconds=0)
        at_stop(lambda: clear_dead_runs(instance, settings.run_dir, grace_seconds=0))
        workspace = start_beside_the_web_server()
        _again_and_again(lambda: clear_dead_runs(instance, settings.run_dir))
        token = new_token()
        link = keep_link(settings, f"http://{UI_HOST}:{port}", token)
        with application(instance, workspace, token, is_read_only) as app:
            # what goes into a log is read by others
            click.echo(f"Open {link}" if sys.stdout.isatty() else f"Open the link in {link_file(settings)}")
            serve(app, UI_HOST, port)


@click.command()
@pass_settings
def clear_dead_runs(settings: Settings) -> None:
    """Mark runs whose process is gone as failed."""
    prepare_home(settings)
    from orchestration.defs.dead_runs import clear_dead_runs

    with open_instance(settings) as instance:
        cleared = clear_dead_runs(instance, settings.run_dir, grace_seconds=0)
    click.echo(f"{len(cleared)} dead runs cleared." if cleared else "No dead run, or a run is alive: nothing cleared.")


def _again_and_again(work: Callable[[], object]) -> None:
    """A killed run must not block the queue while the UI is up."""

    def repeat() -> None:
        while not ended.wait(SECONDS_BETWEEN_LOOKS_FOR_DEAD_RUNS):
            work()

    ended = threading.Event()
    at_stop(ended.set)
    threading.Thread(target=repeat, daemon=True).start()


def _require_free_port(port: int) -> None:
    """A second daemon on one Dagster home would disturb the first."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((UI_HOST, port))
        except OSError as error:
            raise PipelineError(
                f"Port {port} is in use.",
                "If make ui runs already, open its link (.run/ui_link in the data folder); else stop the program that "
                "holds the port, or take another one: make ui PORT=3001.",
            ) from error
