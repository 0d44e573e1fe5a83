"""`python -m tests.benchmarks.febrl`: the FEBRL data sets through our rules and through Splink, against their truth.

Belongs here: counting and printing. The command prints and never judges; docs/public-truth.md keeps what it printed.
"""

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.methods.statistics.intervals import f1_score, wilson
from tests.benchmarks.febrl_data import FILES, DataSet, Pair, febrl
from tests.benchmarks.febrl_rules import CONFIGURATIONS, Configuration
from tests.benchmarks.febrl_splink import splink_rules, splink_trained
from tests.benchmarks.febrl_sql import compile_for_febrl, link
from tests.integration.linkage_oracle.compiled import Project

HEADER = (
    "| set | method | true pairs | found | false | lost to blocking | precision | recall | F1 |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Score:
    """Counts of one method on one data set; `lost_to_blocking` is None where rules and blocks are the same."""

    data_set: int
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
        data.number, method, len(data.true_pairs), len(linked & data.true_pairs), len(linked - data.true_pairs), lost
    )


def scores(number: int, projects: Mapping[Configuration, Project]) -> list[Score]:
    """Every method on one data set."""
    data = febrl(number)
    rows = []
    for configuration in CONFIGURATIONS:
        found = link(projects[configuration], data, configuration)
        rows.append(score(data, f"ours, {configuration.name}", found.linked, found.compared))
        rows.append(score(data, f"Splink, the same {configuration.name}", splink_rules(data, found, configuration)))
    trained, compared = splink_trained(data, found)
    rows += [score(data, f"Splink, trained, from {t}", linked, compared) for t, linked in trained.items()]
    return rows


def main() -> None:
    """Measure the data sets named on the command line, or all four, and print a table."""
    wanted = [int(argument) for argument in sys.argv[1:]] or list(FILES)
    with tempfile.TemporaryDirectory() as folder:
        projects = {c: compile_for_febrl(Path(folder), c) for c in CONFIGURATIONS}
        print(HEADER)
        for number in wanted:
            for row in scores(number, projects):
                print(row.line(), flush=True)


if __name__ == "__main__":
    main()
