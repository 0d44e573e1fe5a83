"""The shape of a source's specification: what an extract is read with.

Belongs here: `Source`, `Column`, the kinds a column may be of. Not here: any one source (`contract.py`).
"""

from dataclasses import dataclass
from typing import Literal

ACCEPTED_LABELS, TERMINATION_CODES = "accepted_labels.csv", "termination_codes.csv"  # reference tables analysts edit
Kind = Literal["text", "id", "code", "date", "integer"]


@dataclass(frozen=True)
class Column:
    """One column of a source.

    `kind`: an `id` is a text whose blanks at either end do not count. `required`: every row must have a value.
    `in_header`: every file must have the column (a required one always). `low` and `high`: inclusive range of whole
    numbers. `missing_if_unreadable`: an optional identifier that cannot be read is set to missing, and counted,
    instead of rejecting its row. `is_conditional`: asked of some rows only, so that it may be empty throughout.
    `labels_in`: the reference table that says what else may be written for its codes. `description`: what the column
    holds, its codes aside.
    """

    name: str
    kind: Kind = "text"
    codes: tuple[str, ...] = ()
    required: bool = False
    in_header: bool = False
    low: int | None = None
    high: int | None = None
    missing_if_unreadable: bool = False
    is_conditional: bool = False
    labels_in: str = ACCEPTED_LABELS
    description: str = ""

    @property
    def meaning(self) -> str:
        """What the column holds, with its codes."""
        codes = [f"`{code}`" for code in self.codes]
        listed = f"{', '.join(codes[:-1])} or {codes[-1]}." if codes else ""
        return f"{self.description} {listed}".strip()

    @property
    def must_be_in_file(self) -> bool:
        return self.required or self.in_header


@dataclass(frozen=True)
class Source:
    """One source: what tells its rows apart, the date that places them in time (if any), its columns in order."""

    name: str
    id_columns: tuple[str, ...]
    date_column: str | None
    columns: tuple[Column, ...]

    @property
    def id_text(self) -> str:
        """The columns that tell rows apart, as a reader is told of them."""
        return ", ".join(self.id_columns)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def of_kind(self, kind: Kind) -> list[Column]:
        return [column for column in self.columns if column.kind == kind]
