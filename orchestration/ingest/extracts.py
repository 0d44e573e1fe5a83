"""One source's folder, read whole: raw rows, typed rows, rejected rows, deliveries.

Belongs here: the order of the steps. Not here: any step.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from orchestration.errors import PipelineError
from orchestration.ingest.deliveries import keep_latest, no_deliveries, no_superseded, order_deliveries
from orchestration.ingest.headers import MatchedTable, match_tables
from orchestration.ingest.labels import Labels, read_labels
from orchestration.ingest.landing import LandingFile, landing_files, read_file
from orchestration.ingest.parsing import PLACE_COLUMNS, is_at, no_places, parse_rows
from orchestration.ingest.readers.csv_files import read_csv
from orchestration.ingest.readers.excel_files import read_excel
from orchestration.ingest.readers.parquet_files import read_parquet
from orchestration.ingest.readers.spss_files import read_spss
from orchestration.ingest.readers.tables import FileTable
from orchestration.tables.contract import OPTIONAL_CONTRACT, WHOLE_CONTRACT
from orchestration.tables.source import Source

READERS: dict[str, Callable[[str, bytes], list[FileTable]]] = {
    ".csv": read_csv,
    ".parquet": read_parquet,
    ".xlsx": read_excel,
    ".sav": read_spss,
}
WRONG_NUMBER_OF_CELLS = "wrong number of cells"


@dataclass(frozen=True)
class SourceExtract:
    """Everything one source delivered.

    `rows`: every row of every distinct file as text under the contract's names, with file, file_sha256, line
    and delivery_order. `parsed`: one typed row an id (text str, dates datetime64, whole numbers Int64),
    with file and line. `rejected` and `notes` (what was set to missing or passed over): source, file,
    line, column, value_class, reason. `superseded`: rows that a later delivery replaced, content as JSON
    (restricted). `deliveries`: one row a file, with its rows and `repeated` (those that came
    again unchanged).
    """

    source: str
    rows: pd.DataFrame
    parsed: pd.DataFrame
    rejected: pd.DataFrame
    superseded: pd.DataFrame
    deliveries: pd.DataFrame
    notes: pd.DataFrame


def read_source(source: str, folder: Path, known_deliveries: pd.DataFrame | None, codes_dir: Path) -> SourceExtract:
    """Read and parse every delivery of a source (data contract, sections 1 and 2).

    An optional source of which nothing lies there has no rows; nor need its folder be there.
    Raises PipelineError, naming the file, for anything that stops a whole file from being read.
    """
    files = [read_file(source, path) for path in landing_files(folder)]
    if not files and source in OPTIONAL_CONTRACT:
        return _nothing_delivered(source, read_labels(codes_dir))
    if not files:
        raise PipelineError(
            problem="The folder holds no extract.",
            remedy=f"Put the {source} extract into it as .csv, .parquet, .xlsx or .sav.",
            where=f"landing/{source}",
        )
    return read_files(source, files, known_deliveries, codes_dir)


def read_files(
    source: str, files: Sequence[LandingFile], known_deliveries: pd.DataFrame | None, codes_dir: Path
) -> SourceExtract:
    """Read and parse these files, one at least, as the deliveries of a source; see `read_source`."""
    labels = read_labels(codes_dir)
    deliveries = order_deliveries(files, known_deliveries)
    by_name = {file.name: file for file in files}
    distinct = deliveries[deliveries["duplicate_of"].isna()]
    with _garbage_collection_off():
        landed = [
            _land(by_name[name], order, WHOLE_CONTRACT[source])
            for name, order in zip(distinct["file"], distinct["delivery_order"], strict=True)
        ]
    rows = pd.concat([frame for frame, _, _ in landed], ignore_index=True)
    ragged = pd.concat([frame for _, frame, _ in landed], ignore_index=True)
    notes = [notes for _, _, notes in landed]
    latest = keep_latest(source, rows[~is_at(rows, ragged)], labels)
    parsed = parse_rows(source, latest.current, labels)
    return SourceExtract(
        source=source,
        rows=rows,
        parsed=parsed.rows,
        rejected=_stack([ragged, latest.rejected, parsed.rejected]),
        superseded=latest.superseded,
        deliveries=_with_counts(deliveries, rows, latest.repeated),
        notes=_stack([*notes, parsed.notes]),
    )


def _nothing_delivered(source: str, labels: Labels) -> SourceExtract:
    """No row, with the columns and types that rows would have."""
    kinds = {name: "str" for name in (*WHOLE_CONTRACT[source].names, "file", "file_sha256")}
    kinds |= {"line": "int64", "delivery_order": "int64"}
    rows = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
    return SourceExtract(
        source=source,
        rows=rows,
        parsed=parse_rows(source, rows, labels).rows,
        rejected=no_places(),
        superseded=no_superseded(),
        deliveries=no_deliveries(),
        notes=no_places(),
    )


@contextmanager
def _garbage_collection_off() -> Iterator[None]:
    """Rows as lists by the ten thousand make the collector double the time of reading."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _land(file: LandingFile, order: int, source: Source) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """A file's rows as received, the places of its ragged rows, and what was passed over."""
    tables = READERS[file.path.suffix.lower()](file.where, file.data)
    matched = match_tables(file.where, tables, source)
    table = matched.table
    n_rows = len(table.lines)
    frame = pd.DataFrame({name: _text_series(table, matched.positions.get(name)) for name in source.names})
    frame["file"], frame["file_sha256"] = _repeated(file.name, n_rows), _repeated(file.sha256, n_rows)
    frame["line"], frame["delivery_order"] = table.lines, order
    ragged = _ragged_places(source.name, frame.iloc[table.ragged], len(table.header))
    return frame, ragged, _file_notes(file, matched)


def _text_series(table: FileTable, position: int | None) -> pd.Series:
    if position is None:
        return pd.Series(pa.nulls(len(table.lines), pa.string()), dtype="str")
    return pd.Series(table.columns[position], dtype="str")


def _repeated(text: str, n_rows: int) -> pd.Series:
    return pd.Series(pa.repeat(text, n_rows), dtype="str")


def _ragged_places(source: str, rows: pd.DataFrame, width: int) -> pd.DataFrame:
    if rows.empty:
        return no_places()
    places = rows[["file", "line"]].assign(
        source=source,
        column="whole row",
        value_class=WRONG_NUMBER_OF_CELLS,
        reason=f"the row does not have the header's {width} cells (texts with commas need quotation marks)",
    )
    return places[PLACE_COLUMNS]


def _file_notes(file: LandingFile, matched: MatchedTable) -> pd.DataFrame:
    found = [
        ("unknown column", name, "the data contract has no such column; it is not read") for name in matched.unknown
    ]
    found += [
        ("absent column", name, "the file lacks this optional column; it counts as missing") for name in matched.absent
    ]
    found += [
        ("other sheet", "", f"{where} does not hold the source's columns; it is not read") for where in matched.ignored
    ]
    line = matched.table.header_line or 0
    places = [(file.source, file.name, line, column, kind, reason) for kind, column, reason in found]
    return pd.DataFrame(places, columns=PLACE_COLUMNS) if places else no_places()


def _with_counts(deliveries: pd.DataFrame, rows: pd.DataFrame, repeated: pd.Series) -> pd.DataFrame:
    n_rows = rows.groupby("file").size()
    return deliveries.assign(
        rows=deliveries["file"].map(n_rows).fillna(0).astype("int64"),
        repeated=deliveries["file"].map(repeated).fillna(0).astype("int64"),
    )


def _stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else no_places()
