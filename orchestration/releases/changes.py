"""What a release changes against the one before: a sentence for its first page, and every cell as a file.

Belongs here: both. Not here: which cells differ and why (`comparing.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.publications.shared.csv_tables import write_csv
from orchestration.releases.comparing import compared_tables, differences_between, read_manifest

CHANGES = "changes.csv"


@dataclass(frozen=True)
class Changes:
    """`previous`: the release compared with; `cells`: every cell that differs, with its cause; `n_tables`: compared."""

    previous: str
    cells: pd.DataFrame
    n_tables: int

    @property
    def sentence(self) -> str:
        """How much differs, and why."""
        if self.cells.empty:
            return f"No number differs from the release before, {self.previous}."
        n_tables, causes = self.cells["table"].nunique(), dict.fromkeys("; ".join(self.cells["cause"]).split("; "))
        return (
            f"Cells that differ from the release before, {self.previous}: {len(self.cells):,}, in {n_tables} of "
            f"{self.n_tables} tables. What has changed: {'; '.join(causes)}."
        )


def write_changes(folder: Path, manifest: Mapping[str, Any], previous: Path | None) -> Changes | None:
    """Compare the tables of a release that is being written with those of `previous`, and write every difference.

    `manifest`: what the new release says of its inputs, code and parameters. None for a first release. Raises
    PipelineError where the release before cannot be read.
    """
    if previous is None:
        return None
    before = read_manifest(previous)
    cells = differences_between((previous, before), (folder, manifest), compared_tables(previous, folder))
    write_csv(cells, folder / CHANGES)
    return Changes(previous.name, cells, len(compared_tables(previous, folder)))
