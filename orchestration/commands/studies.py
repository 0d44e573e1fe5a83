"""Commands of the studies: explain a case, judge and review links, ask for a second opinion, draw and resample.

Belongs here: arguments in, printed answer out. Not here: the answers.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from orchestration.commands.samples import SAMPLE_COMMANDS, add_sample_arguments
from orchestration.defs.job_names import SECOND_OPINION_JOB
from orchestration.settings import Settings

SAMPLE_CASES, SAMPLE_SEED = 200, 1


def _explain(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.linkage.explaining.explain import explain

    print(explain(settings, options.case, options.show_identifiers))
    return 0


def _linkage_quality(settings: Settings, _options: argparse.Namespace) -> int:
    from orchestration.commands.linkage_report import print_linkage_quality

    print_linkage_quality(settings)
    return 0


def _review_sample(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.linkage.review.drawing import describe_sample, draw_sample

    print(describe_sample(draw_sample(settings, options.cases, options.seed)))
    return 0


def _review_import(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.linkage.review.importing import describe_import, import_review

    print(describe_import(import_review(settings, options.files, options.accept_partial)))
    return 0


def _second_opinion(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.commands.running import run_job
    from orchestration.linkage.second_opinion.scoring import require_splink

    require_splink()  # says at once what to install
    run_job(settings, SECOND_OPINION_JOB, options.traceback)
    return 0


def _stability(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.commands.stability import run_stability
    from orchestration.stability.chunks import StabilityRequest

    default = StabilityRequest()
    resamples = default.resamples if options.resamples is None else options.resamples
    asked = StabilityRequest(resamples, default.seed if options.seed is None else options.seed)
    run_stability(settings, asked, options.traceback)
    return 0


STUDY_COMMANDS: dict[str, Callable[[Settings, argparse.Namespace], int]] = {
    "explain": _explain,
    "linkage-quality": _linkage_quality,
    "review-sample": _review_sample,
    "review-import": _review_import,
    "second-opinion": _second_opinion,
    "stability": _stability,
    **SAMPLE_COMMANDS,
}


def add_arguments(name: str, command: argparse.ArgumentParser) -> None:
    """The arguments of a command of `STUDY_COMMANDS`."""
    if name == "explain":
        command.add_argument("case", help="a case_id or a case_key")
        command.add_argument("--show-identifiers", action="store_true", help="print both sides' values, on a terminal")
    elif name == "review-sample":
        command.add_argument("--cases", type=int, default=SAMPLE_CASES, help="cases of each source (%(default)s)")
        command.add_argument("--seed", type=int, default=SAMPLE_SEED, help="another seed draws others")
    elif name == "review-import":
        command.add_argument("files", type=Path, nargs="+", help="filled workbooks of one sample")
        command.add_argument("--accept-partial", action="store_true", help="estimate from the pairs decided so far")
    elif name == "stability":
        command.add_argument("--resamples", type=int, help="of each model (200)")
        command.add_argument("--seed", type=int, help="another seed resamples otherwise")
    elif name in SAMPLE_COMMANDS:
        add_sample_arguments(command)
