"""Commands of the studies: explain a case, judge and review links, ask for a second opinion, resample, simulate.

Belongs here: arguments in, printed answer out. Not here: the answers (`linkage/`, `stability/`, `simulation/`).
"""

from pathlib import Path

import click

from orchestration.commands.context import pass_settings, wants_traceback
from orchestration.defs.job_names import SECOND_OPINION_JOB, STABILITY_JOB
from orchestration.settings import Settings
from orchestration.storage.safe_text import printable


@click.command()
@click.argument("case")
@click.option("--show-identifiers", is_flag=True, help="Print both sides' values, on a terminal.")
@pass_settings
def explain(settings: Settings, case: str, show_identifiers: bool) -> None:
    """How one case was linked.

    CASE is a case_id or a case_key.
    """
    from orchestration.linkage.explaining.explain import explain as explanation_of

    click.echo(printable(explanation_of(settings, case, show_identifiers), keep="\n\t"))


@click.command()
@pass_settings
def linkage_quality(settings: Settings) -> None:
    """Judge the links against the truth files."""
    from orchestration.commands.linkage_report import print_linkage_quality

    print_linkage_quality(settings)


@click.command()
@click.option("--cases", type=int, default=200, show_default=True, help="Cases of each source.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed draws others.")
@pass_settings
def review_sample(settings: Settings, cases: int, seed: int) -> None:
    """Draw pairs for clerical review."""
    from orchestration.linkage.review.drawing import describe_sample, draw_sample

    click.echo(describe_sample(draw_sample(settings, cases, seed)))


@click.command()
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--accept-partial", is_flag=True, help="Estimate from the pairs decided so far.")
@pass_settings
def review_import(settings: Settings, files: tuple[Path, ...], accept_partial: bool) -> None:
    """Check and keep a filled review.

    FILES are the workbooks of one sample.
    """
    from orchestration.linkage.review.importing import describe_import, import_review

    click.echo(describe_import(import_review(settings, list(files), accept_partial)))


@click.command()
@pass_settings
def second_opinion(settings: Settings) -> None:
    """Splink trained on the same extracts, beside our links."""
    from orchestration.commands.running import run_job
    from orchestration.linkage.probabilistic.scoring import require_splink

    require_splink()  # says at once what to install
    run_job(settings, SECOND_OPINION_JOB, wants_traceback())


@click.command()
@click.option("--resamples", type=int, help="Of each model (default: 200).")
@click.option("--seed", type=int, help="Another seed resamples otherwise.")
@pass_settings
def stability(settings: Settings, resamples: int | None, seed: int | None) -> None:
    """How often each term is selected in resamples (Bulletin 2020/03)."""
    from orchestration.commands.running import run_job
    from orchestration.stability.chunks import StabilityRequest, write_request

    default = StabilityRequest()
    asked = StabilityRequest(
        default.resamples if resamples is None else resamples, default.seed if seed is None else seed
    )
    write_request(settings, asked)
    run_job(settings, STABILITY_JOB, wants_traceback())


@click.command()
@click.option("--populations", type=int, default=200, show_default=True, help="Of every scenario.")
@click.option("--minutes", type=float, default=15.0, show_default=True, help="None is begun after them.")
@click.option("--seed", type=int, default=2023, show_default=True, help="Another seed draws others.")
@pass_settings
def simulation(settings: Settings, populations: int, minutes: float, seed: int) -> None:
    """What the method finds in populations whose truth is known."""
    from orchestration.simulation.running import SimulationRequest, run_simulation

    found = run_simulation(settings, SimulationRequest(populations, seed, minutes))
    click.echo(found.round(3).to_string(index=False))
