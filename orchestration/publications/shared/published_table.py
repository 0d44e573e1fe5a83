"""A table as the reader meets it: title, columns in words, rows in order.

Belongs here: what every published table shares, whether it ends in the page or in the workbook. Not here:
the contents of any table (`bulletin_*/*_tables.py`, `*_page/*_tables.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from orchestration.publications.shared import formatting
from orchestration.publications.shared.records import records
from orchestration.tables.release import SUPPRESSED

Tables = Mapping[str, pd.DataFrame]  # the results tables, by name
DASH = "–"
NO_ROWS = "Nothing to show"
ROW_GROUP = "row_group"  # frame column: the heading over the row, e.g. an item of Annex B
MISSING_TEXT = "missing_text"  # frame column, where present: what stands for missing numbers in the row


@dataclass(frozen=True)
class Column:
    """One column: `decimals` None means text; `significant` names the frame column that flags its cells.

    Where one column of a table `says_why` a row has no numbers, the others show a dash.
    """

    key: str
    heading: str
    group: str = ""
    decimals: int | None = None
    suffix: str = ""
    significant: str = ""
    is_p_value: bool = False
    says_why: bool = False

    @property
    def is_number(self) -> bool:
        return self.decimals is not None

    @property
    def flat_heading(self) -> str:
        """The heading where there is only one heading row: "Terminations: % positive"."""
        return f"{self.group}: {self.heading}" if self.group else self.heading


@dataclass(frozen=True)
class Cell:
    """One printed cell; `significant` is None where nothing is tested."""

    text: str
    is_number: bool
    significant: bool | None = None


@dataclass(frozen=True)
class PublishedTable:
    """A published table; the first column heads its rows, ROW_GROUP (where present) heads groups of rows."""

    table_id: str
    title: str
    source: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        return f"Table {self.table_id}: {self.title}"

    @property
    def anchor(self) -> str:
        return f"table_{self.table_id.lower()}"

    @property
    def has_row_groups(self) -> bool:
        return ROW_GROUP in self.frame.columns

    @property
    def has_significance(self) -> bool:
        return any(column.significant for column in self.columns)

    def with_whole_notes(self) -> "PublishedTable":
        """The table without every note that was made without one of its numbers."""
        return replace(self, notes=tuple(note for note in self.notes if not formatting.lacks_a_number(note)))

    def as_told(self) -> "PublishedTable":
        """The table without columns of which every number is kept back; a note says which."""
        rows = records(self.frame)
        gone = [column for column in self.columns[1:] if _is_untold(column.key, rows)]
        if not gone:
            return self
        named = ", ".join(column.flat_heading for column in gone)
        note = f"Not told here, so that no small group is: {named}."
        return replace(self, columns=tuple(c for c in self.columns if c not in gone), notes=(*self.notes, note))

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The rows, not to be changed; a table without any says so in a row of its own, for a reader expects one."""
        if self.frame.empty:
            nothing = {column.key: None for column in self.columns} | {self.columns[0].key: NO_ROWS}
            return [nothing | ({ROW_GROUP: NO_ROWS} if self.has_row_groups else {})]
        return records(self.frame)

    def column_groups(self) -> list[tuple[str, int]]:
        """Headings above the headings with the columns each spans, the row header's column left out."""
        spans: list[tuple[str, int]] = []
        for column in self.columns[1:]:
            if spans and spans[-1][0] == column.group:
                spans[-1] = (column.group, spans[-1][1] + 1)
            else:
                spans.append((column.group, 1))
        return spans if any(group for group, _ in spans) else []

    def groups(self) -> Iterator[tuple[str, list[tuple[str, list[Cell]]]]]:
        """Row groups in order: heading ("" where none), then (row header, cells) for each row."""
        current: str | None = None
        rows: list[tuple[str, list[Cell]]] = []
        for record in self.records:
            group = str(record.get(ROW_GROUP, ""))
            if rows and group != current:
                yield current or "", rows
                rows = []
            current = group
            cells = [self._cell(column, record) for column in self.columns[1:]]
            rows.append((str(record[self.columns[0].key]), cells))
        if rows:
            yield current or "", rows

    def _cell(self, column: Column, record: dict[str, Any]) -> Cell:
        flag = record.get(column.significant)
        significant = None if formatting.is_missing(flag) else bool(flag)
        missing = missing_text(column, record)
        if missing != formatting.KEPT_BACK and any(other.says_why for other in self.columns) and not column.says_why:
            missing = DASH
        return Cell(cell_text(column, record[column.key], missing), column.is_number, significant)


def missing_text(column: Column, record: Mapping[str, Any]) -> str:
    """What stands for a missing number: that it is kept back, else what its row says."""
    if is_kept_back(record, column.key):
        return formatting.KEPT_BACK
    return str(record.get(MISSING_TEXT, formatting.NOT_APPLICABLE))


def is_kept_back(record: Mapping[str, Any], column: str) -> bool:
    """Whether a public release keeps the number of this column back in a row of a results table."""
    named = record.get(SUPPRESSED.name)
    return not formatting.is_missing(named) and column in str(named).split(", ")


def _is_untold(column: str, rows: list[dict[str, Any]]) -> bool:
    return any(is_kept_back(row, column) for row in rows) and all(formatting.is_missing(row[column]) for row in rows)


def missing_in(record: Mapping[str, Any]) -> str:
    """What stands for a figure's number that a row of figure_data lacks."""
    kept_back = is_kept_back(record, "value") or is_kept_back(record, "n")
    return formatting.KEPT_BACK if kept_back else formatting.NOT_APPLICABLE


def is_below(p_values: pd.Series, level: float) -> pd.Series:
    """The flag of `Column.significant`: whether each p value is below the level, missing where there is none."""
    return p_values.lt(level).astype("boolean").mask(p_values.isna())


def cell_text(column: Column, value: Any, missing: str) -> str:
    """The printed text of one cell; `missing` stands where there is no value."""
    if column.is_p_value:
        return formatting.p_value(value, missing)
    if column.decimals is not None:
        return formatting.number(value, column.decimals, column.suffix, missing)
    return missing if formatting.is_missing(value) else str(value)


def plain_table(table_id: str, title: str, source: str, frame: pd.DataFrame) -> PublishedTable:
    """A table whose columns are already in words: numbers with decimals only where any has some, text as it stands."""
    columns = tuple(Column(str(name), str(name), decimals=_decimals(frame[name])) for name in frame.columns)
    return PublishedTable(table_id, title, source, columns, frame)


def _decimals(values: pd.Series) -> int | None:
    if not pd.api.types.is_numeric_dtype(values):
        return None
    present = values.dropna().astype("float64")
    return 0 if (present == present.round()).all() else 2
