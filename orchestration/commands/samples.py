"""The command that draws a sample from a caseload list.

Belongs here: arguments in, printed answer out. Not here: the answers (`samples/`).
"""

from pathlib import Path

import click

from orchestration.commands.context import pass_settings
from orchestration.errors import PipelineError
from orchestration.settings import Settings

FILE = click.Path(path_type=Path)


@click.command()
@click.option("--caseload", type=FILE, required=True, help="The list: .csv, .xlsx, .parquet or .sav.")
@click.option("--out", type=FILE, required=True, help="A new .csv file; reserves and account go beside it.")
@click.option("--seed", type=int, required=True, help="Any whole number; the same one draws the same cases.")
@click.option("--provider", "providers", multiple=True, help="Only this one; may be given again.")
@click.option("--provider-type", type=click.Choice(["crc", "nps"]), help="Only these providers.")
@click.option("--confidence", type=float, help="As a share (default: PROBATION_SAMPLE_CONFIDENCE).")
@click.option("--margin", type=float, help="Margin of error as a share (default: PROBATION_SAMPLE_MARGIN).")
@click.option("--oversample", type=float, default=0.0, show_default=True, help="Reserves as a share.")
@pass_settings
def sample(
    settings: Settings,
    *,
    caseload: Path,
    out: Path,
    seed: int,
    providers: tuple[str, ...],
    provider_type: str | None,
    confidence: float | None,
    margin: float | None,
    oversample: float,
) -> None:
    """Draw an inspection sample from a caseload list."""
    from orchestration.methods.sampling.sample_size import Precision
    from orchestration.samples.account import summary
    from orchestration.samples.drawing import Order, draw_to_files

    parameters = settings.parameters
    confidence = parameters.sample_confidence if confidence is None else confidence
    margin = parameters.sample_margin if margin is None else margin
    try:
        precision = Precision(confidence, margin)
    except ValueError as error:
        raise PipelineError(f"The sample cannot be drawn: {error}.", "Give 80% as 0.8, five points as 0.05.") from None
    if not 0 <= oversample <= 10:
        raise PipelineError("The oversample must lie between 0 and 10.", "Give a fifth of the sample as 0.2.")
    order = Order(caseload, out, seed, precision, oversample, providers, provider_type or "")
    click.echo(summary(draw_to_files(order)))
    click.echo("Written: " + ", ".join(str(path) for path in order.files))
