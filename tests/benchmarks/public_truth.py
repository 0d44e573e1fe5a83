"""`python -m tests.benchmarks.public_truth`: public data through our rules and through Splink, against its truth.

`--files FOLDER`: what `public_truth_files.py` has written there is measured too. Names of data sets: those alone.

Belongs here: counting and printing. The command prints and never judges; docs/public-truth.md keeps what it printed.
"""

import argparse
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.methods.statistics.intervals import f1_score, wilson
from tests.benchmarks.public_truth_data import DATA_SETS, DataSet, Pair
from tests.benchmarks.public_truth_rules import ADDRESS, DEFAULT, UNGUARDED, Configuration
from tests.benchmarks.public_truth_splink import splink_rules, splink_trained
from tests.benchmarks.public_truth_sql import Found, compile_for, link
from tests.integration.linkage_oracle.compiled import Project

HEADER = (
    "| set | method | true pairs | found | false | lost to blocking | precision | recall | F1 |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Score:
    """Counts of one method on one data set; `lost_to_blocking` is None where rules and blocks are the same."""

    data_set: str
    method: str
    n_true: int
    n_found: int
    n_false: int
    lost_to_blocking: int | None

    def line(self) -> str:
        """A row of the table; shares in percent with 95% Wilson intervals."""
        missed = self.n_true - self.n_found
        shares = [_share(self.n_found, self.n_found + self.n_false), _share(self.n_found, self.n_true)]
        f1 = 100 * f1_score(self.n_found, self.n_false, missed)
        lost = "" if self.lost_to_blocking is None else str(self.lost_to_blocking)
        cells = [self.data_set, self.method, self.n_true, self.n_found, self.n_false, lost, *shares, f"{f1:.2f}"]
        return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _share(successes: int, n: int) -> str:
    low, high = wilson(successes, n)
    return f"{100 * successes / n:.2f} ({100 * low:.2f} to {100 * high:.2f})" if n else "none"


def score(data: DataSet, method: str, linked: frozenset[Pair], compared: frozenset[Pair] | None = None) -> Score:
    """Count the pairs of a method against the truth."""
    lost = None if compared is None else len(data.true_pairs - compared)
    return Score(
        data.name, method, len(data.true_pairs), len(linked & data.true_pairs), len(linked - data.true_pairs), lost
    )


def scores(data: DataSet, projects: Mapping[Configuration, Project]) -> list[Score]:
    """Every method on one data set."""
    rows = []
    found = link(projects[DEFAULT], data, DEFAULT)
    rows.append(_ours(data, DEFAULT, found))
    rows.append(_ours(data, UNGUARDED, link(projects[DEFAULT], data, UNGUARDED)))
    if set(ADDRESS.more_fields) <= set(data.left.columns):
        with_address = link(projects[ADDRESS], data, ADDRESS)
        rows.append(_ours(data, ADDRESS, with_address))
        rows.append(score(data, f"Splink, the same {ADDRESS.name}", splink_rules(data, with_address, ADDRESS)))
    trained, compared = splink_trained(data, found)
    rows += [score(data, f"Splink, trained, from {t}", linked, compared) for t, linked in trained.items()]
    return rows


def _ours(data: DataSet, configuration: Configuration, found: Found) -> Score:
    return score(data, f"ours, {configuration.name}", found.linked, found.compared)


def main(given: list[str] | None = None) -> None:
    """Measure the data sets named, or all that are there, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.public_truth", description=__doc__)
    parser.add_argument("data_sets", nargs="*", metavar="data set", help=", ".join(DATA_SETS))
    parser.add_argument("--files", type=Path, help="the folder that public_truth_files.py has written")
    arguments = parser.parse_args(given)
    at_hand = [name for name in DATA_SETS if arguments.files or name.startswith("febrl")]
    with tempfile.TemporaryDirectory() as folder:
        projects = {c: compile_for(Path(folder), c) for c in (DEFAULT, ADDRESS)}
        print(HEADER)
        for name in arguments.data_sets or at_hand:
            for row in scores(DATA_SETS[name](arguments.files or Path()), projects):
                print(row.line(), flush=True)


if __name__ == "__main__":
    main()
