"""Parquet files. Rows are numbered from 1.

Belongs here: typed columns to cells. Not here: what the columns mean.
"""

from zoneinfo import ZoneInfoNotFoundError

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.errors import PipelineError
from orchestration.ingest.readers.tables import (
    Cell,
    Cells,
    FileTable,
    Kind,
    cells_of,
    table_of_columns,
    typed_cell,
    without_empty,
)
from orchestration.settings import IntakeLimits


def read_parquet(where: str, data: bytes, limits: IntakeLimits) -> list[FileTable]:
    """The one table of a Parquet file."""
    try:
        source = pa.BufferReader(data)
        file = pq.ParquetFile(source)
        _require_within(where, file.metadata, limits)
        texts = [
            name for name, kind in zip(file.schema_arrow.names, file.schema_arrow.types, strict=True) if _is_text(kind)
        ]
        table = pq.ParquetFile(source, read_dictionary=texts).read()  # a text that stands a million times is held once
    except (pa.ArrowException, OSError):  # their texts may quote cells
        raise PipelineError(
            problem="The file cannot be read as Parquet: it is cut short, damaged or another format.",
            remedy="Copy it again in full, or have the extract exported again.",
            where=where,
        ) from None
    names = tuple(table.column_names)
    limits.require_expanded(where, sum(_n_bytes(column) for column in table.columns))
    columns = [_column(f"{where}, column {number}", column) for number, column in enumerate(table.columns, start=1)]
    return [table_of_columns(where, names, columns)]


def _require_within(where: str, about: pq.FileMetaData, limits: IntakeLimits) -> None:
    """By what the file says of itself, before anything is unpacked."""
    limits.require_rows(where, about.num_rows)
    limits.require_columns(where, about.num_columns)
    groups = (about.row_group(number) for number in range(about.num_row_groups))
    limits.require_expanded(where, sum(group.total_byte_size for group in groups))


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _n_bytes(column: pa.ChunkedArray) -> int:
    """The bytes of a column whose texts stand in a dictionary, once they do no longer."""
    if not (pa.types.is_dictionary(column.type) and _is_text(column.type.value_type)):
        return column.nbytes
    lengths = (pc.sum(pc.binary_length(chunk.dictionary).take(chunk.indices)).as_py() for chunk in column.chunks)
    return sum(length or 0 for length in lengths)


def _column(where: str, column: pa.ChunkedArray) -> Cells:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _column(where, column.cast(kind.value_type))
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise PipelineError("The column holds lists or bytes.", "Export it as text, whole numbers or dates.", where)
    if _is_text(kind) or pa.types.is_string_view(kind):
        return Cells.of_one_kind(_texts(where, column))
    if pa.types.is_timestamp(kind):
        return _moments(where, column)
    return _typed(column)


def _texts(where: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        column.validate(full=True)
    except pa.ArrowException:
        raise PipelineError(
            problem="The column holds bytes that are no UTF-8 text.",
            remedy="Have the extract exported again with its text in UTF-8.",
            where=where,
        ) from None
    return without_empty(column.cast(pa.string()))


def _moments(where: str, column: pa.ChunkedArray) -> Cells:
    """Dates where the time was midnight where it was written: a time zone says where."""
    if column.type.tz is not None:
        try:
            column = pc.local_timestamp(column)
        except (pa.ArrowException, ZoneInfoNotFoundError):
            raise PipelineError(
                problem="The column holds times in a time zone that is not known, so that the day is not certain.",
                remedy="Export the column as dates.",
                where=where,
            ) from None
    days = column.cast(pa.date32(), safe=False)
    is_midnight = pc.fill_null(pc.equal(days.cast(column.type, safe=False), column), True).to_numpy(
        zero_copy_only=False
    )
    if is_midnight.all():
        return _typed(days)
    kinds = np.where(is_midnight, np.uint8(Kind.DATE), np.uint8(Kind.MOMENT))
    return Cells(_typed(days).texts, kinds)


def _typed(column: pa.ChunkedArray) -> Cells:
    """The cells of typed values; each distinct one is written once, for there are few dates and whole numbers."""
    parts = [_typed_chunk(chunk) for chunk in column.chunks]
    if not parts:
        return Cells.of_one_kind(pa.chunked_array([], pa.string()))
    texts = pa.chunked_array([chunk for part in parts for chunk in part.texts.chunks], pa.string())
    return Cells(texts, np.concatenate([part.kinds for part in parts]))


def _typed_chunk(values: pa.Array) -> Cells:
    try:
        encoded = values.dictionary_encode()
    except pa.ArrowNotImplementedError:
        return cells_of([_cell(value) for value in values])
    distinct = cells_of([_cell(value) for value in encoded.dictionary])
    texts = distinct.texts.combine_chunks().take(encoded.indices)
    positions = pc.fill_null(encoded.indices, 0).to_numpy(zero_copy_only=False)
    kinds = distinct.kinds[positions] if len(distinct.kinds) else np.zeros(len(values), dtype="uint8")
    return Cells(pa.chunked_array([texts]), kinds)


def _cell(value: pa.Scalar) -> Cell | str | None:
    try:
        return typed_cell(value.as_py())
    except (OverflowError, ValueError):  # a year that Python has no date for
        return Cell("impossible", Kind.NO_DATE)
