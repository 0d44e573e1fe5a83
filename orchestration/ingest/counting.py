"""What a delivery holds, counted: what gates ask of it when its rows are no longer looked at.

Belongs here: the counts. Not here: what is asked of them (`expectations/deliveries.py`).
"""

from datetime import date

import pandas as pd

from orchestration.ingest.frames import empty_frame
from orchestration.ingest.parsing import parse_date
from orchestration.tables.source import Column, Source

COUNTS = {"file": "str", "rows": "int64", "column": "str", "value": "str", "cells": "int64"}


def count_values(source: Source, rows: pd.DataFrame) -> pd.DataFrame:
    """One row a delivery, column and value with its number of cells, of text rows with their delivery as `file`.

    Codes are counted in small letters, dates by month; of births and other columns only the cells without a value,
    which stand under a missing value, also where there are none. `rows`: rows of the delivery.
    """
    found = [
        (str(delivery), len(own), column.name, value, cells)
        for delivery, own in rows.groupby("file", sort=False)
        for column in source.columns
        for value, cells in _cells(column, own[column.name])
    ]
    return pd.DataFrame(found, columns=list(COUNTS)).astype(COUNTS)


def _cells(column: Column, texts: pd.Series) -> list[tuple[str | None, int]]:
    missing = (None, int(texts.isna().sum()))
    if column.kind != "code" and not is_counted_by_month(column):
        return [missing]
    by_text = texts.value_counts()  # each text is looked at once
    by_value = by_text.groupby([_value(column, text) for text in by_text.index]).sum()
    return [missing, *((str(value), int(cells)) for value, cells in by_value.items())]


def is_counted_by_month(column: Column) -> bool:
    """Whether a column holds dates of rows rather than births: a birthday's month may name a person."""
    return column.kind == "date" and not column.missing_if_unreadable


def _value(column: Column, text: str) -> str | None:
    if column.kind == "code":
        return text.strip().casefold()
    day, _ = parse_date(text)
    return day.isoformat()[:7] if isinstance(day, date) else None


def no_counts() -> pd.DataFrame:
    """An empty frame of counts, with its types."""
    return empty_frame(COUNTS)
