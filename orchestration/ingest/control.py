"""Control files: what the sender says a delivery holds, to be checked against what arrived.

`<name of the file>.control` beside it, in UTF-8, one promise a line:

    rows,1727
    sum,reoffences,3201
    sha256,3f2a91bc...

Belongs here: reading a control file, and holding a delivery against it. Not here: comparing deliveries with each other
(`expectations/deliveries.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.errors import PipelineError

if TYPE_CHECKING:
    import pandas as pd

CONTROL_ENDING = ".control"
_LARGEST = 100_000
_MOST_DIGITS = 18  # as many fit into 64 bits


@dataclass(frozen=True)
class Expected:
    """What was promised; None and empty where nothing was."""

    rows: int | None = None
    sha256: str | None = None
    sums: dict[str, int] = field(default_factory=dict)


NOTHING_EXPECTED = Expected()


def control_path(path: Path) -> Path:
    """Where the control file of a delivered file lies, if there is one."""
    return path.with_name(path.name + CONTROL_ENDING)


def read_control(path: Path, where: str) -> Expected:
    """The promises of a delivered file's control file. Raises PipelineError naming the line that is none."""
    control = control_path(path)
    if not control.exists():
        return NOTHING_EXPECTED
    try:
        if not control.is_file() or control.is_symlink() or control.stat().st_size > _LARGEST:
            raise OSError
        lines = control.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise _unusable(where, "cannot be read") from None
    rows, sha256, sums = None, None, {}
    for number, line in enumerate(lines, start=1):
        match [part.strip() for part in line.split(",")]:
            case [""]:
                continue
            case ["rows", count] if count.isdecimal() and len(count) <= _MOST_DIGITS:
                rows = int(count)
            case ["sum", column, total] if total.removeprefix("-").isdecimal() and len(total) <= _MOST_DIGITS:
                sums[column] = int(total)
            case ["sha256", digest] if len(digest) == 64:
                sha256 = digest.lower()
            case _:
                raise _unusable(where, f"has a line that is no promise: line {number}")
    return Expected(rows, sha256, sums)


def require_as_expected(where: str, expected: Expected, sha256: str, rows: pd.DataFrame) -> None:
    """Hold a delivery, of whose rows the contract's columns are given, against its promises.

    Raises PipelineError, with both numbers, where one is not kept.
    """
    from orchestration.ingest.parsing import parse_whole_number  # with pandas, which is slow to load

    if expected.sha256 not in (None, sha256):
        raise _broken(where, "The file is not the one that its control file describes: their SHA-256 differ.")
    if expected.rows not in (None, len(rows)):
        raise _broken(where, f"The file has {len(rows):,} rows; its control file says {expected.rows:,}.")
    for column, total in expected.sums.items():
        if column not in rows:
            raise _unusable(where, "sums a column that the data contract does not have")
        numbers = [parse_whole_number(text)[0] for text in rows[column].dropna()]
        found = sum(number for number in numbers if isinstance(number, int))
        if found != total:
            raise _broken(where, f"The column {column} sums to {found:,}; the control file says {total:,}.")


def _broken(where: str, problem: str) -> PipelineError:
    return PipelineError(problem, "Copy the extract again in full, or have file and control file sent again.", where)


def _unusable(where: str, what: str) -> PipelineError:
    return PipelineError(
        problem=f"The control file of this delivery {what}.",
        remedy="Write one promise a line: rows,<number> or sum,<column>,<number> or sha256,<hash>; or take it away.",
        where=where,
    )
