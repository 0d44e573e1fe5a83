"""What became of the nodes of a dbt build, and what is said of those that failed.

Belongs here: reading dbt's results. Not here: calling dbt (`layers.py`).
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.dbt.targets import Target
from orchestration.errors import PipelineError

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunResult

_UNREADABLE = re.compile(r"on Line: \d|^\s*Error when")  # what the database says of a table it could not load
ROWS_TOLD = 3
_HASH = re.compile(r"\.[0-9a-f]{10}$")  # dbt ends the names of its generic tests so


@dataclass(frozen=True)
class NodeOutcome:
    """What became of one dbt node: its unique_id, kind and status, failing rows for a test, what the machine refused.

    `told`: what a failed test of the project's own says of itself and of the reference tables it reads, or the database
    of a reference table it could not load.
    """

    unique_id: str
    resource_type: str
    status: str
    failures: int
    of_the_machine: PipelineError | None = None
    told: str = ""

    @property
    def is_ok(self) -> bool:
        return self.status in ("success", "pass", "warn")


def outcome(result: RunResult, target: Target) -> NodeOutcome:
    """What dbt says of a node, without any value of a record."""
    node, said = result.node, str(result.message or "")
    of_the_machine = target.fault(said) if result.status == "error" else None
    failures = int(result.failures or 0)
    told = _told_by(node, target) if failures else ""
    if node.resource_type == "seed" and result.status == "error":  # a reference table holds nobody's data
        told = " ".join(line.strip() for line in said.splitlines() if _UNREADABLE.search(line))
    return NodeOutcome(node.unique_id, str(node.resource_type), str(result.status), failures, of_the_machine, told)


def _told_by(test: Any, target: Target) -> str:
    """The sentence that a test of the project opens with. Where it reads reference tables alone, which hold nobody's
    data, the first rows that break it too."""
    comment = itertools.takewhile(lambda line: line.startswith("--"), test.raw_code.splitlines())
    sentence = " ".join(line.removeprefix("--").strip() for line in comment)
    reads_reference_tables = all(name.startswith("seed.") for name in test.depends_on.nodes)
    if not sentence or not reads_reference_tables or target.database is None:
        return sentence
    with duckdb.connect(str(target.database), read_only=True) as connection:
        rows = connection.execute(test.compiled_code).fetchmany(ROWS_TOLD)
    here = (", ".join(f"'{value}'" if value else "an empty cell" for value in row) for row in rows)
    return f"{sentence} Here: {'; '.join(here)}."


def untested(layer: str, silent: list[str]) -> PipelineError:
    """What is said where tests did not run: `silent`, their names."""
    return PipelineError(
        f"Tests of the layer '{layer}' did not run ({len(silent)}), so the layer counts as not done:\n"
        + "\n".join(f"- {_HASH.sub('', name)}" for name in silent),
        "Look for `enabled: false` or `where` in dbt_project; a test that is not wanted is deleted, not switched off.",
    )


def failed(layer: str, broken: list[NodeOutcome], remedy: str) -> PipelineError:
    """What is said of nodes that failed. `remedy`: what helps where the database refused a statement."""
    for one in broken:
        if one.of_the_machine:  # one of them stops what rests on it: the rest of the list would say nothing more
            return one.of_the_machine
    # a model broken beside a failed test is broken by what the test tells of, such as a table that names no known field
    broken = [o for o in broken if o.told or o.status == "fail"] or broken
    lines = [
        f"- {_HASH.sub('', o.unique_id.split('.', 2)[2])}: {o.status}"
        + (f", {o.failures} rows" if o.failures else "")
        + (f". {o.told}" if o.told else "")
        for o in broken
    ]
    if not any(o.status == "error" and not o.told for o in broken):
        remedy = (
            "The name says what was expected (dbt_project/tests holds some of them, with a sentence each). "
            "If a table in dbt_project/seeds/codes was edited, look there first."
        )
    return PipelineError(
        f"Failed models and tests of the layer '{layer}' ({len(broken)}):\n" + "\n".join(lines), remedy
    )
