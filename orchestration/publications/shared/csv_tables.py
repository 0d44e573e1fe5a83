"""CSV files that are the same bytes whenever the numbers are the same.

Belongs here: writing a frame as CSV and reading it back as text. Not here: which tables a release holds.
"""

import csv
import io
import math
from pathlib import Path

import pandas as pd

from orchestration.publications.shared.formatting import is_missing
from orchestration.storage.safe_text import inert

SIGNIFICANT_DIGITS = 10


def cell_text(value: object) -> str:
    """One cell: whole numbers as such, other numbers to 10 significant digits, missing values empty, no formula."""
    if is_missing(value):
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "true" if value else "false"
    if isinstance(value, float):
        return _number_text(float(value))
    return inert(str(value))


def _number_text(value: float) -> str:
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    text = f"{value:.{SIGNIFICANT_DIGITS}g}"
    return "0" if text == "-0" else text


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """`frame` as UTF-8 CSV with LF line ends, in the frame's own row and column order."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows([cell_text(value) for value in row] for row in frame.itertuples(index=False, name=None))
    return buffer.getvalue().encode("utf-8")


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write `frame` to `path` (see `csv_bytes`)."""
    path.write_bytes(csv_bytes(frame))


def read_csv_text(path: Path) -> pd.DataFrame:
    """A table of a release with every cell as the text that stands in the file."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
