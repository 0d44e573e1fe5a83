"""Command line of the generator: `python -m orchestration.synthetic --help`.

Belongs here: arguments and messages. Not here: anything drawn.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from orchestration.errors import PipelineError
from orchestration.settings import ROADS, read_settings
from orchestration.synthetic.extracts.writing import write_extracts
from orchestration.synthetic.population.files import FORMATS, write_population
from orchestration.synthetic.population.size import PRESETS
from orchestration.synthetic.profile import SHIPPED_PROFILE, read_profile

DEFAULT_SEED = 2023
N_TERMINATIONS, N_REOFFENDING = 60_000, 200_000
POPULATION_ONLY = ("cases", "blemishes", "twins", "households", "format")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m orchestration.synthetic",
        description="Write synthetic extracts into empty landing folders, and the truth beside them: the "
        "calibrated ones of a profile, or with --population an uncalibrated population of any size.",
    )
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="another seed gives other people")
    parser.add_argument("--landing", type=Path, help="landing folder (default: in the data folder)")
    parser.add_argument("--truth", type=Path, help="truth folder (default: in the data folder)")
    parser.add_argument("--profile", type=Path, help="a solved profile (default: the one shipped)")
    parser.add_argument("--terminations", type=int, help="records in the terminations extract")
    parser.add_argument("--reoffending", type=int, help="records in the reoffending extract")
    parser.add_argument("--road", choices=ROADS, default=ROADS[0], help="offences: those behind the measure instead")
    uncalibrated = parser.add_argument_group("uncalibrated populations (defaults: the preset's)")
    uncalibrated.add_argument("--population", choices=tuple(PRESETS), help="draw such a population instead")
    uncalibrated.add_argument("--cases", type=int, help="inspected cases")
    uncalibrated.add_argument("--blemishes", type=float, help="times the usual shares of faulty rows")
    uncalibrated.add_argument("--twins", type=float, help="share of inspected people with a twin in the registers")
    uncalibrated.add_argument(
        "--households", type=float, help="share of inspected people with relatives in the registers"
    )
    uncalibrated.add_argument("--format", choices=FORMATS, help="default: csv")
    return parser


def _write_population(given: argparse.Namespace, landing: Path, truth: Path) -> str:
    sizes = {"n_cases": given.cases, "n_terminations": given.terminations, "n_reoffending": given.reoffending}
    shares = {"blemishes": given.blemishes, "twins": given.twins, "households": given.households}
    changes = {name: value for name, value in (sizes | shares).items() if value is not None}
    population = replace(PRESETS[given.population], **changes)
    write_population(population, given.seed, landing, truth, given.format or "csv", given.road)
    return f"Uncalibrated population of {population.n_cases} cases (seed {given.seed}): {landing}"


def _write_calibrated(given: argparse.Namespace, landing: Path, truth: Path) -> str:
    unused = [name for name in POPULATION_ONLY if getattr(given, name) is not None]
    if unused:
        raise PipelineError(
            problem=f"--{unused[0]} is of uncalibrated populations only: the profile decides it otherwise.",
            remedy="Add --population, or leave it out.",
            where="command line",
        )
    profile = read_profile(given.profile or SHIPPED_PROFILE)
    sizes = (
        N_TERMINATIONS if given.terminations is None else given.terminations,
        N_REOFFENDING if given.reoffending is None else given.reoffending,
    )
    write_extracts(profile, given.seed, landing, truth, *sizes, road=given.road)
    return f"Synthetic extracts of {len(profile)} cases (seed {given.seed}): {landing}"


def main(arguments: list[str] | None = None) -> int:
    """Write the extracts; 0 when done, 1 with a message where something stands in the way."""
    given = _parser().parse_args(arguments)
    try:
        settings = read_settings()
        landing, truth = given.landing or settings.landing_dir, given.truth or settings.truth_dir
        write = _write_population if given.population else _write_calibrated
        message = write(given, landing, truth)
    except PipelineError as error:
        print(error, file=sys.stderr)
        return 1
    print(message)
    print(f"Truth, for evaluation only: {truth}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
