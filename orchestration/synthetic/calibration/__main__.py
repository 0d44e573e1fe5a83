"""`python -m orchestration.synthetic.calibration --seed N --out FILE`: solve a profile again.

Belongs here: the command line. Not here: the solving.
"""

import argparse
import sys
from pathlib import Path

from orchestration.errors import PipelineError
from orchestration.synthetic.calibration.solve import DEFAULT_SEED, solve_profile
from orchestration.synthetic.profile import write_profile


def main(arguments: list[str] | None = None) -> int:
    """Solves and writes the profile; progress goes to standard error. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m orchestration.synthetic.calibration", description=__doc__)
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help=f"default {DEFAULT_SEED}, the shipped profile's")
    parser.add_argument("--out", type=Path, required=True, help="the file to write, gzipped CSV")
    given = parser.parse_args(arguments)
    try:
        write_profile(solve_profile(given.seed, _to_stderr), given.out)
    except PipelineError as error:
        print(error, file=sys.stderr)
        return 1
    _to_stderr(f"wrote {given.out}")
    return 0


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
