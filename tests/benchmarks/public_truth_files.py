"""`python -m tests.benchmarks.public_truth_files FOLDER`: write the public data that no package of ours ships.

RLdata10000 as it lies in the package mismo; the decennial census, the Social Security register and the W-2 forms of
pseudopeople's sample population, drawn with its own noise at its defaults, seed 0. Run with the Python of an
environment that has both packages (docs/public-truth.md says how); nothing of the project is imported but this file.

Belongs here: drawing and copying. Not here: reading (`public_truth_data.py`).
"""

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

SEED = 0


def write_files(folder: Path) -> None:
    """Write rldata10000.csv, census.csv, social_security.csv and w2.csv. Needs the packages mismo and pseudopeople."""
    import pseudopeople

    folder.mkdir(parents=True, exist_ok=True)
    mismo = find_spec("mismo")
    if mismo is None or mismo.origin is None:
        raise FileNotFoundError("RLdata10000 comes with the package mismo: pip install --no-deps mismo==0.4.1")
    rldata = Path(mismo.origin).parent / "_data" / "_datasets" / "rldata" / "RLdata10000.csv"
    shutil.copy(rldata, folder / "rldata10000.csv")
    drawn = {
        "census": pseudopeople.generate_decennial_census,
        "social_security": pseudopeople.generate_social_security,
        "w2": pseudopeople.generate_taxes_w2_and_1099,
    }
    for name, generate in drawn.items():
        generate(seed=SEED).to_csv(folder / f"{name}.csv", index=False)


if __name__ == "__main__":
    write_files(Path(sys.argv[1]))
