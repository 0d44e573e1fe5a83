"""The command that draws a sample from a caseload list.

Belongs here: arguments in, printed answer out. Not here: the answers (`sample_drawing.py`).
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from orchestration.errors import PipelineError
from orchestration.settings import Settings


def _sample(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.methods.sampling.sample_size import Precision
    from orchestration.samples.account import summary
    from orchestration.samples.drawing import Order, draw_to_files

    parameters = settings.parameters
    confidence = parameters.sample_confidence if options.confidence is None else options.confidence
    margin = parameters.sample_margin if options.margin is None else options.margin
    try:
        precision = Precision(confidence, margin)
    except ValueError as error:
        raise PipelineError(f"The sample cannot be drawn: {error}.", "Give 80% as 0.8, five points as 0.05.") from None
    if not 0 <= options.oversample <= 10:
        raise PipelineError("The oversample must lie between 0 and 10.", "Give a fifth of the sample as 0.2.")
    order = Order(
        caseload=options.caseload,
        out=options.out,
        seed=options.seed,
        precision=precision,
        oversample=options.oversample,
        providers=tuple(options.provider),
        provider_type=options.provider_type or "",
    )
    print(summary(draw_to_files(order)))
    print("Written: " + ", ".join(str(path) for path in order.files))
    return 0


SAMPLE_COMMANDS: dict[str, Callable[[Settings, argparse.Namespace], int]] = {"sample": _sample}


def add_sample_arguments(command: argparse.ArgumentParser) -> None:
    """The arguments of the command `sample`."""
    command.add_argument("--caseload", type=Path, required=True, help="the list: .csv, .xlsx, .parquet or .sav")
    command.add_argument("--out", type=Path, required=True, help="a new .csv file; reserves and account go beside it")
    command.add_argument("--seed", type=int, required=True, help="any whole number; the same one draws the same cases")
    command.add_argument("--provider", action="append", default=[], help="only this one; may be given again")
    command.add_argument("--provider-type", choices=("crc", "nps"), help="only these providers")
    command.add_argument("--confidence", type=float, help="as a share (PROBATION_SAMPLE_CONFIDENCE)")
    command.add_argument("--margin", type=float, help="margin of error as a share (PROBATION_SAMPLE_MARGIN)")
    command.add_argument("--oversample", type=float, default=0.0, help="reserves as a share (%(default)s)")
