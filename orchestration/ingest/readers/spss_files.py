"""SPSS .sav files: value labels resolved, SPSS dates as dates. Rows are numbered from 1.

Belongs here: SPSS values to text. Not here: what the columns mean.
"""

import io
from typing import Any

import pyarrow as pa

from orchestration.errors import PipelineError
from orchestration.ingest.readers.tables import FileTable, cell_text, table_of_columns


def read_spss(where: str, data: bytes) -> list[FileTable]:
    """The one table of a .sav file; a value with a value label becomes the label."""
    import pyreadstat

    try:
        values, about = pyreadstat.read_sav(io.BytesIO(data), output_format="dict")
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OSError, MemoryError):
        raise _unreadable(where) from None
    labels: dict[str, dict[Any, str]] = about.variable_value_labels
    columns = [_text_column(values[name], labels.get(name, {})) for name in about.column_names]
    table = table_of_columns(where, tuple(about.column_names), columns)
    if about.number_rows is not None and about.number_rows != len(table.lines):
        raise _unreadable(where)
    return [table]


def _text_column(values: Any, labels: dict[Any, str]) -> pa.ChunkedArray:
    cells = [value.item() if hasattr(value, "item") else value for value in values]
    texts = [cell_text(labels.get(cell, cell)) for cell in cells]
    unpadded = [text.rstrip() or None if text else None for text in texts]  # SPSS pads text with blanks
    return pa.chunked_array([unpadded], pa.string())


def _unreadable(where: str) -> PipelineError:
    return PipelineError(
        problem="The file cannot be read as SPSS .sav: it is cut short, damaged or another format.",
        remedy="Copy it again in full, or save it again from SPSS.",
        where=where,
    )
