"""The reference tables an analyst edits, checked before dbt loads them.

dbt loads a seed into an existing table by the position of its columns, so a renamed or moved column would put values in
the wrong place without a word.

Belongs here: the headers of `dbt_project/seeds`. Not here: their content, which dbt's data tests judge.
"""

import csv
from pathlib import Path

import yaml

from orchestration.errors import PipelineError


def check_headers(seeds_dir: Path) -> None:
    """Raise PipelineError for the first reference table whose columns are not those described beside it, in order."""
    for name, expected in _described_columns(seeds_dir).items():
        path = next(iter(sorted(seeds_dir.rglob(f"{name}.csv"))), None)
        if path is None:
            raise PipelineError("This reference table is missing.", "Restore it from version control.", f"{name}.csv")
        with open(path, encoding="utf-8-sig", newline="") as file:
            found = next(csv.reader(file), [])
        if found != expected:
            raise PipelineError(
                f"The columns of this reference table are {', '.join(found) or 'missing'}.",
                f"They must be, in this order: {', '.join(expected)}. Edit rows, not the header.",
                f"{path.relative_to(seeds_dir.parent.parent).as_posix()} line 1",
            )


def _described_columns(seeds_dir: Path) -> dict[str, list[str]]:
    described = {}
    for path in sorted(seeds_dir.rglob("*.yml")):
        for seed in (yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}).get("seeds", ()):
            described[seed["name"]] = [column["name"] for column in seed["columns"]]
    return described
