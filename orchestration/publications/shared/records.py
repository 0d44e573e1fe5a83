"""Rows of a frame as plain dictionaries.

Belongs here: turning rows into records. Not here: what is done with them.
"""

from typing import Any

import pandas as pd

Record = dict[str, Any]


def records(frame: pd.DataFrame) -> list[Record]:
    """One dictionary a row, column name -> value."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def keyed(frame: pd.DataFrame, keys: list[str]) -> dict[tuple[str, ...], Record]:
    """The rows by the text of their key columns."""
    return {tuple(str(row[key]) for key in keys): row for row in records(frame)}
