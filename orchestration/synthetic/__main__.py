"""Command line of the generator: `python -m orchestration.synthetic --help`.

Belongs here: arguments and messages. Not here: anything drawn.
"""

import argparse
import sys
from pathlib import Path

from orchestration.errors import PipelineError
from orchestration.settings import read_settings
from orchestration.synthetic.extracts import write_extracts
from orchestration.synthetic.profile import SHIPPED_PROFILE, read_profile

DEFAULT_SEED = 2023


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m orchestration.synthetic",
        description="Write synthetic extracts into empty landing folders, and the truth beside them.",
    )
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="another seed gives other people")
    parser.add_argument("--landing", type=Path, help="landing folder (default: in the data folder)")
    parser.add_argument("--truth", type=Path, help="truth folder (default: in the data folder)")
    parser.add_argument("--profile", type=Path, help="a solved profile (default: the one shipped)")
    parser.add_argument("--terminations", type=int, default=60_000, help="records in the terminations extract")
    parser.add_argument("--reoffending", type=int, default=200_000, help="records in the reoffending extract")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Write the extracts; 0 when done, 1 with a message where something stands in the way."""
    given = _parser().parse_args(arguments)
    try:
        settings = read_settings()
        landing, truth = given.landing or settings.landing_dir, given.truth or settings.truth_dir
        profile = read_profile(given.profile or SHIPPED_PROFILE)
        write_extracts(profile, given.seed, landing, truth, given.terminations, given.reoffending)
    except PipelineError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Synthetic extracts of {len(profile)} cases (seed {given.seed}): {landing}")
    print(f"Truth, for evaluation only: {truth}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
