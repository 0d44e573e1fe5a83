"""Cells of an annex laid out as the bulletins print them, for any bulletin.

Belongs here: rows of sub-groups, and beside each other the n, percentage or mean and verdict of every measure. Not
here: which tables, measures and sub-groups there are (`bulletin_*/annex_tables.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from orchestration.methods.layouts.layout_2023 import Category
from orchestration.publications.shared.published_table import ROW_GROUP, Column, is_kept_back
from orchestration.publications.shared.records import Record, keyed
from orchestration.tables.release import SUPPRESSED

# One row of an annex table: the label of its group of rows, the published id of the group, and the category.
AnnexRow = tuple[str, str, Category]


@dataclass(frozen=True)
class ShownMeasure:
    """The columns of one measure: `label` heads them, `n_heading` is "" where its n is not shown beside it."""

    code: str
    label: str
    value_heading: str
    decimals: int
    suffix: str = ""
    n_heading: str = ""

    def columns(self) -> list[Column]:
        """The measure's columns: n where shown, then the value with its verdict."""
        flag = f"{self.code}_significant"
        if not self.n_heading:
            return [Column(f"{self.code}_value", self.label, "", self.decimals, self.suffix, flag)]
        return [
            Column(f"{self.code}_n", self.n_heading, self.label, 0),
            Column(f"{self.code}_value", self.value_heading, self.label, self.decimals, self.suffix, flag),
        ]


def cell_columns(measures: Sequence[ShownMeasure]) -> tuple[Column, ...]:
    """The heading of the rows, then every measure's columns."""
    return (Column("category", "Category"), *(column for measure in measures for column in measure.columns()))


def cell_frame(cells: pd.DataFrame, rows: Iterable[AnnexRow], measures: Sequence[ShownMeasure]) -> pd.DataFrame:
    """Rows as printed: one a category, n, value and flag of each measure side by side.

    `cells`: results.annex_b or results.annex_c with item, category, outcome, n, value_published, significant.
    """
    found = keyed(cells, ["item", "category", "outcome"])
    records = []
    for group, item, category in rows:
        record: dict[str, Any] = {ROW_GROUP: group, "category": category.label}
        for measure in measures:
            cell = found[item, category.code, measure.code]
            record[f"{measure.code}_n"] = cell["n"]
            record[f"{measure.code}_value"] = cell["value_published"]
            record[f"{measure.code}_significant"] = cell["significant"]
        record[SUPPRESSED.name] = _kept_back(found, item, category, measures)
        records.append(record)
    return pd.DataFrame(records)


def _kept_back(
    found: Mapping[tuple[str, ...], Record], item: str, category: Category, measures: Sequence[ShownMeasure]
) -> str:
    """The row's columns whose number is kept back, named as the row names them."""
    cells = {measure.code: found[item, category.code, measure.code] for measure in measures}
    names = [f"{code}_{name}" for code, cell in cells.items() for name in ("n", "value") if is_kept_back(cell, name)]
    return ", ".join(names)


def shading_note(basis: str) -> str:
    """What shaded cells mean."""
    return (
        "Shaded cells in bold, marked with an asterisk, indicate that sub-group differences were "
        f"significant ({basis})."
    )
