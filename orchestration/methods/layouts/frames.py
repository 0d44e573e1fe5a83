"""Rows as the frames of declared tables.

Belongs here: columns, order and types as a table's declaration has them. Not here: the declarations
(`orchestration/tables`), nor any row.
"""

from collections.abc import Iterable

import pandas as pd

from orchestration.tables.table import Table

Row = dict[str, object]


def frame_of(table: Table, rows: Iterable[object]) -> pd.DataFrame:
    """The rows as the table's frame: tuples in the declared order, or mappings, of which what is absent is missing."""
    return pd.DataFrame(list(rows), columns=list(table.dtypes)).astype(table.dtypes)


def declared(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """The table's columns of a frame that has them all, in the declared order and types."""
    return frame[list(table.dtypes)].astype(table.dtypes)
