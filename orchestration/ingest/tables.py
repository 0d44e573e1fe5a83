"""What every reader gives: a file's header and its cells as text, by physical line.

Belongs here: the shape shared by the readers, and how a typed cell becomes text. Not here: any one format.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Cell = str | None


@dataclass(frozen=True)
class FileTable:
    """One table as received: `rows[i]` are the cells of line `lines[i]`, missing cells None or empty.

    `where` names the file (and sheet) for messages. The header has line `header_line`, or None in formats
    that keep names apart from rows. A row may be shorter or longer than the header: the caller rejects it.
    """

    where: str
    header: tuple[str, ...]
    header_line: int | None
    rows: Sequence[Sequence[Cell]]
    lines: Sequence[int]


def cell_text(value: object) -> Cell:
    """The text of a typed cell: whole numbers without decimals (123.0 is `123`), dates as YYYY-MM-DD."""
    if value is None:
        return None
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, Decimal):
        return None if value.is_nan() else format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value == value else None  # NaT differs from itself
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _number_text(value: float) -> Cell:
    if math.isnan(value):
        return None
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)
