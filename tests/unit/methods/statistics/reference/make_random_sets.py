"""Writes the random sets for random_sets.R, which writes random_sets.csv.gz (run once; that file alone is kept).

.venv/bin/python -m tests.unit.methods.statistics.reference.make_random_sets 3000 /tmp/sets.csv
Rscript tests/unit/methods/statistics/reference/random_sets.R /tmp/sets.csv
"""

import sys

import pandas as pd

from orchestration.methods.statistics.design_matrix import design_of
from tests.unit.methods.statistics.random_sets import random_set


def rows_of(number: int) -> pd.DataFrame:
    """A set's outcome and design as long rows: set, family, case, column (`y`, `term/coefficient`), value."""
    made = random_set(number)
    design = design_of(made.cases, made.terms)
    owner = {name: term.name for term in made.terms for name in term.coefficients}
    frame = pd.DataFrame(design.matrix, columns=[f"{owner.get(name, '')}/{name}" for name in design.coefficients])
    long = frame.assign(y=design.outcome).reset_index(names="case").melt(id_vars="case", var_name="column")
    return long.assign(set=number, family=made.family)


def main(n_sets: int, path: str) -> None:
    """Write the first sets."""
    pd.concat([rows_of(number) for number in range(n_sets)]).to_csv(path, index=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
