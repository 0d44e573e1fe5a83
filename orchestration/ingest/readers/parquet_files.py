"""Parquet files. Rows are numbered from 1.

Belongs here: typed columns to text. Not here: what the columns mean.
"""

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.errors import PipelineError
from orchestration.ingest.readers.tables import FileTable, cell_text, table_of_columns, without_empty


def read_parquet(where: str, data: bytes) -> list[FileTable]:
    """The one table of a Parquet file."""
    try:
        table = pq.read_table(pa.BufferReader(data))
        names = tuple(table.column_names)
        columns = [_text_column(where, name, table.column(i)) for i, name in enumerate(names)]
    except (pa.ArrowException, OSError, ValueError):  # their texts may quote cells
        raise PipelineError(
            problem="The file cannot be read as Parquet: it is cut short, damaged or another format.",
            remedy="Copy it again in full, or have the extract exported again.",
            where=where,
        ) from None
    return [table_of_columns(where, names, columns)]


def _text_column(where: str, name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _text_column(where, name, column.cast(kind.value_type))
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise _unusable(where, name, "lists or bytes")
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        column.validate(full=True)  # bytes that are no text
        return without_empty(column)
    if pa.types.is_timestamp(kind):
        if kind.tz is not None:
            raise _unusable(where, name, "times with a time zone, from which the day is not certain")
        column = column.cast(pa.date32(), safe=False)
    return pa.chunked_array([_texts(chunk) for chunk in column.chunks], pa.string())


def _texts(values: pa.Array) -> pa.Array:
    """The texts of typed values; each distinct one is written once, for there are few dates and whole numbers."""
    try:
        encoded = values.dictionary_encode()
    except pa.ArrowNotImplementedError:
        return pa.array([cell_text(value) for value in values.to_pylist()], pa.string())
    texts = pa.array([cell_text(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return texts.take(encoded.indices)


def _unusable(where: str, name: str, what: str) -> PipelineError:
    return PipelineError(
        problem=f"The column holds {what}.",
        remedy="Export the column as text, whole numbers or dates.",
        where=f"{where}, column {name}",
    )
