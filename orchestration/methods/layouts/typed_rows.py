"""Rows as tables with typed columns, and columns that several results tables have in common.

Belongs here: making a table of rows, and columns that change for one reason. Not here: what a row holds, and the
columns of one table alone (the module that makes it).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

Row = dict[str, object]

# results.annex_b and results.annex_c: one row a published cell.
ANNEX_CELLS = {
    "table_id": "str",
    "item": "str",
    "category": "str",
    "outcome": "str",
    "n": "Int64",
    "value": "float64",
    "value_published": "float64",
    "p_value": "float64",
    "significant": "boolean",
}


def table_of(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any] | tuple[Any, ...]]) -> pd.DataFrame:
    """The rows as a table of these columns, name -> type, in this order.

    A row names its columns, and what it leaves out is missing; or it is a tuple in their order. Raises TypeError or
    ValueError where a value is not of its column's type.
    """
    return pd.DataFrame(list(rows), columns=list(columns)).astype(dict(columns))
