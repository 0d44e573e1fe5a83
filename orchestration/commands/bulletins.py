"""Commands that make the bulletins: all of it, or one stage.

Belongs here: a run from its first step to its last, to be read from top to bottom. Not here: what each step does
(`running.py`), and the work itself (`defs/`).
"""

import click

from orchestration.commands.context import pass_settings, wants_traceback
from orchestration.defs.job_names import BULLETIN_JOB
from orchestration.engines.cluster import require_engine
from orchestration.settings import Settings
from orchestration.storage import progress


@click.command()
@pass_settings
def bulletin(settings: Settings) -> None:
    """Extracts in, both bulletins and the linkage page out."""
    make_bulletins(settings, wants_traceback())
    from orchestration.commands.summary import print_summary

    print_summary(settings)


def make_bulletins(settings: Settings, with_traceback: bool = False) -> None:
    """Everything that a release holds, made where anything has changed; without extracts, from synthetic ones.

    Raises PipelineError where another run is alive, what was delivered cannot be used, the engine is not there, or a
    gate does not pass.
    """
    from orchestration.commands.running import execute_job, ready_to_run, require_extracts
    from orchestration.ingest.landing import check_landing

    with ready_to_run(settings):
        if check_landing(settings.landing_dir).status == "empty":
            require_engine(settings)  # before extracts are generated, which takes a while
        require_extracts(settings)
        progress.say("looking for what has changed")
        from orchestration.releases.freshness import is_up_to_date

        if is_up_to_date(settings):
            click.echo("Extracts, code and parameters are unchanged: nothing was done again.", err=True)
        else:
            require_engine(settings)
            execute_job(settings, BULLETIN_JOB, with_traceback)


@click.command()
@pass_settings
def ingest(settings: Settings) -> None:
    """Read the extracts and judge them."""
    from orchestration.commands.running import execute_job, ready_to_run
    from orchestration.ingest.landing import check_landing

    with ready_to_run(settings):
        check_landing(settings.landing_dir).require_ready()
        execute_job(settings, "ingest", wants_traceback())


@click.command()
@pass_settings
def link(settings: Settings) -> None:
    """Stage and link, up to the marts."""
    require_engine(settings)
    _run_stage(settings, "link")


@click.command()
@pass_settings
def models(settings: Settings) -> None:
    """Fit the models and make the tables."""
    _run_stage(settings, "models")


@click.command()
@pass_settings
def study(settings: Settings) -> None:
    """How good the links are, who is missing, and whether it matters."""
    _run_stage(settings, "study")


@click.command()
@pass_settings
def publish(settings: Settings) -> None:
    """Make a release from what has passed its gates."""
    _run_stage(settings, "publish")


def _run_stage(settings: Settings, job: str) -> None:
    from orchestration.commands.running import run_job

    run_job(settings, job, wants_traceback())
