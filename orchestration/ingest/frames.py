"""Frames without a row, which have the columns and types that rows would have.

Belongs here: making one. Not here: which columns there are (`orchestration/tables`).
"""

from collections.abc import Iterable, Mapping
from functools import cache

import pandas as pd


def empty_frame(dtypes: Mapping[str, str]) -> pd.DataFrame:
    """No row of these columns (name -> type)."""
    return _made_once(tuple(dtypes.items())).copy()


def empty_rows(names: Iterable[str], *numbers: str) -> pd.DataFrame:
    """No row of columns of text, but for those that are whole numbers."""
    return empty_frame({name: "int64" if name in numbers else "str" for name in names})


@cache
def _made_once(dtypes: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    """To be copied, which takes a twentieth of the time that making it does."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes})
