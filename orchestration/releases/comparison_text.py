"""What differs between two releases, as text: a line a table, or a line a cell.

Belongs here: words and layout. Not here: which cells differ and why (`comparing.py`).
"""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from orchestration.releases.comparing import NO_ROW

ALIKE = "No cell differs."
MORE = "Every cell: DETAIL=1 (--detail). Those of one table: TABLE=annex_b (--table annex_b)."
_HEADINGS = ("table", "cells", "only in a", "only in b", "largest change of a number")


def render_summary(differences: pd.DataFrame, n_tables: int) -> str:
    """A line a table: cells that differ, rows that one release alone has, the largest change; and the cause.

    `n_tables`: how many tables were compared. Cells of a row that only one release has are not counted as cells.
    """
    if differences.empty:
        return ALIKE
    counts = [_counts(cells) for _, cells in differences.groupby("table")]
    lines = [
        f"{sum(c[0] for c in counts):,} cells differ, {sum(c[1] for c in counts):,} rows are only in a "
        f"and {sum(c[2] for c in counts):,} only in b: in {len(counts)} of {n_tables} tables."
    ]
    for cause, cells in differences.groupby("cause", sort=False):
        lines += ["", f"Cause: {cause}", *_aligned([_HEADINGS, *map(_line, _by_table(cells))])]
    return "\n".join([*lines, "", MORE])


def render_cells(differences: pd.DataFrame) -> str:
    """The differences one by one: a block a table, a line a cell, the cause once a table."""
    if differences.empty:
        return ALIKE
    lines = [f"{len(differences)} cells differ."]
    for cells in _by_table(differences):
        lines += ["", f"{cells['table'].iloc[0]} ({len(cells)} cells), cause: {cells['cause'].iloc[0]}"]
        lines += [f"  {_change(cell)}" for cell in cells.to_dict("records")]
    return "\n".join(lines)


def _by_table(differences: pd.DataFrame) -> list[pd.DataFrame]:
    return [cells for _, cells in differences.groupby("table")]


def _line(cells: pd.DataFrame) -> tuple[str, ...]:
    return (str(cells["table"].iloc[0]), *(f"{count:,}" for count in _counts(cells)), _largest_change(cells))


def _counts(cells: pd.DataFrame) -> tuple[int, int, int]:
    """Of one table: cells that differ in rows of both releases, rows only in a, rows only in b."""
    only_in_a, only_in_b = cells["value_b"] == NO_ROW, cells["value_a"] == NO_ROW
    rows = cells["row"]
    return int((~only_in_a & ~only_in_b).sum()), int(rows[only_in_a].nunique()), int(rows[only_in_b].nunique())


def _largest_change(cells: pd.DataFrame) -> str:
    """The cell in which a number has moved furthest, whatever its unit; nothing where no number has moved."""
    before, after = (pd.to_numeric(cells[column], errors="coerce") for column in ("value_a", "value_b"))
    moved = (after - before).abs().fillna(0.0)
    return _change(cells.to_dict("records")[int(moved.to_numpy().argmax())]) if moved.gt(0).any() else ""


def _change(cell: Mapping[Hashable, Any]) -> str:
    return f"{cell['row']} | {cell['column']}: {cell['value_a'] or '(empty)'} -> {cell['value_b'] or '(empty)'}"


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Names to the left, counts to the right, the change as it is."""
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = []
    for name, *counts, change in rows:
        numbers = (f"{count:>{width}}" for count, width in zip(counts, widths[1:], strict=True))
        lines.append("  ".join(["", f"{name:<{widths[0]}}", *numbers, change]).rstrip())
    return lines
