"""SPSS .sav and .zsav files: value labels resolved, SPSS dates as dates. Rows are numbered from 1.

Belongs here: SPSS values to typed cells. Not here: what the columns mean.
"""

import io
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from orchestration.errors import PipelineError
from orchestration.ingest.readers.tables import (
    Cell,
    Cells,
    FileTable,
    Given,
    Kind,
    cells_of,
    moment_cell,
    table_of_columns,
    typed_cell,
)
from orchestration.settings import IntakeLimits

_FIRST_SECOND = datetime(1582, 10, 14)
_DATE_FORMATS = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "DATETIME", "YMDHMS", "QYR", "MOYR", "WKYR")


def read_spss(where: str, data: bytes, limits: IntakeLimits) -> list[FileTable]:
    """The one table of the file; a value with a value label becomes the label."""
    import pyreadstat

    _require_within(where, data, limits)
    try:
        # its own conversion gives up the whole file for one year that no calendar has
        values, about = pyreadstat.read_sav(io.BytesIO(data), output_format="dict", disable_datetime_conversion=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError):
        strange = _columns_of_another_encoding(data)
        raise (_mixed_encodings(where, strange) if strange else _unreadable(where)) from None
    formats = about.original_variable_types
    columns = [
        _column(values[name], about.variable_value_labels.get(name, {}), str(formats.get(name) or ""))
        for name in about.column_names
    ]
    table = table_of_columns(where, tuple(about.column_names), columns)
    table = replace(table, titles=tuple(label or "" for label in about.column_labels))
    if about.number_rows is not None and about.number_rows != len(table.lines):
        raise _unreadable(where)
    return [table]


def _require_within(where: str, data: bytes, limits: IntakeLimits) -> None:
    """By what the file says of itself, before its rows are unpacked."""
    import pyreadstat

    try:
        _, about = pyreadstat.read_sav(io.BytesIO(data), metadataonly=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError):
        return  # reading says what is wrong
    n_rows = about.number_rows or 0
    limits.require_rows(where, n_rows)
    limits.require_columns(where, len(about.column_names))
    limits.require_expanded(where, n_rows * sum(about.variable_storage_width.values()))


def _column(values: Any, labels: dict[Any, str], form: str) -> Cells:
    to_cell: Callable[[Any], Given] = _date_cell if form.rstrip("0123456789.") in _DATE_FORMATS else _cell
    known: dict[Any, Given] = {}  # each distinct value is written once
    cells = []
    for value in values:
        value = value.item() if hasattr(value, "item") else value
        if value not in known:
            known[value] = _cell(labels[value]) if value in labels else to_cell(value)
        cells.append(known[value])
    return cells_of(cells)


def _cell(value: Any) -> Given:
    return value.rstrip() or None if isinstance(value, str) else typed_cell(value)  # SPSS pads text with blanks


def _date_cell(seconds: Any) -> Given:
    if seconds is None or (isinstance(seconds, float) and math.isnan(seconds)):
        return None
    try:
        return moment_cell(_FIRST_SECOND + timedelta(seconds=round(seconds)))
    except (OverflowError, ValueError, TypeError):
        return Cell(str(seconds), Kind.NO_DATE)


def _columns_of_another_encoding(data: bytes) -> list[int]:
    """Which columns, from 1, hold bytes that are not in the encoding the file names; none where that is not it."""
    import pyreadstat

    try:
        _, about = pyreadstat.read_sav(io.BytesIO(data), metadataonly=True)
    except Exception:
        return []
    found = []
    for number, name in enumerate(about.column_names, start=1):
        try:
            pyreadstat.read_sav(io.BytesIO(data), usecols=[name], disable_datetime_conversion=True)
        except (pyreadstat.ReadstatError, UnicodeDecodeError) as error:
            if isinstance(error, UnicodeDecodeError) or "encoding" in str(error):
                found.append(number)
        except Exception:
            return []
    return found


def _mixed_encodings(where: str, columns: list[int]) -> PipelineError:
    return PipelineError(
        problem="The file mixes two encodings: text in column "
        f"{', '.join(str(number) for number in columns[:5])} is not in the encoding that the file names.",
        remedy="Open it in SPSS in the encoding it was written in, correct these texts, and save it again in Unicode.",
        where=where,
    )


def _unreadable(where: str) -> PipelineError:
    return PipelineError(
        problem="The file cannot be read as SPSS .sav: it is cut short, damaged or another format.",
        remedy="Copy it again in full, or save it again from SPSS.",
        where=where,
    )
