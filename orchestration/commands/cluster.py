"""A Spark cluster on this machine, for who links there; and whether both engines give the same tables.

Belongs here: starting and ending the cluster, and the comparison. Not here: how a layer is built there (`engines/`).
"""

import click

from orchestration.commands.context import pass_settings
from orchestration.errors import PipelineError
from orchestration.settings import Settings
from orchestration.storage.locks import is_run_alive


@click.command()
@pass_settings
def cluster(settings: Settings) -> None:
    """Start a Spark cluster on this machine, for ENGINE=spark."""
    from orchestration.engines.cluster import start_cluster

    click.echo("Starting a Spark cluster (takes about 15 seconds) ...", err=True)
    started = start_cluster(settings)
    workers = settings.spark.spark_workers
    click.echo(
        f"{workers} worker{'' if workers == 1 else 's'} with {started.memory} each on {started.url}. "
        "Link there: make link ENGINE=spark. End it: make cluster-stop."
    )


@click.command()
@pass_settings
def cluster_stop(settings: Settings) -> None:
    """End the Spark cluster of this data folder."""
    from orchestration.engines.cluster import stop_cluster

    if is_run_alive(settings.run_dir):
        raise PipelineError(
            "A run is alive, and may be at work on the cluster.",
            "Wait until it has finished, or stop it (Ctrl+C), then end the cluster.",
            str(settings.run_dir),
        )
    ended = stop_cluster(settings)
    click.echo(f"Ended {ended} processes." if ended else "No cluster runs: nothing was ended.")
