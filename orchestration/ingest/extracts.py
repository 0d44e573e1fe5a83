"""One source's folder, read whole: raw rows, typed rows, rejected rows, deliveries.

Belongs here: the order of the steps. Not here: any step.
"""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from orchestration.errors import PipelineError
from orchestration.ingest.columns import judge_columns
from orchestration.ingest.control import NOTHING_EXPECTED, require_as_expected
from orchestration.ingest.deliveries import (
    ORDER_UNKNOWN,
    keep_latest,
    no_deliveries,
    no_superseded,
    order_deliveries,
    unordered,
)
from orchestration.ingest.findings import Finding, findings_frame
from orchestration.ingest.headers import NO_HEADERS, MatchedTable, match_tables
from orchestration.ingest.labels import Labels, read_labels
from orchestration.ingest.landing import LandingFile, landing_files, place_of, read_file
from orchestration.ingest.parsing import PLACE_COLUMNS, is_at, no_places, parse_rows
from orchestration.ingest.readers.formats import ENDINGS, read_tables
from orchestration.ingest.readings import (
    Facts,
    KeptReadings,
    Reading,
    facts_together,
    nothing_kept,
    readings_table,
    rows_together,
)
from orchestration.ingest.stray_rows import without_stray_rows
from orchestration.settings import ROADS, IntakeLimits
from orchestration.tables.contract import OPTIONAL_CONTRACT, WHOLE_CONTRACT

WRONG_NUMBER_OF_CELLS, ABSENT_COLUMN = "wrong number of cells", "absent column"
_USUAL_LIMITS = IntakeLimits()
_NOTHING_KEPT = nothing_kept()


@dataclass(frozen=True)
class SourceExtract:
    """Everything one source delivered.

    `rows`: every row of every distinct file as text under the contract's names, with file, file_sha256, line
    and delivery_order. `parsed`: one typed row an id (text str, dates datetime64, whole numbers Int64),
    with file and line. `rejected` and `notes` (what was set to missing or passed over): source, file,
    line, column, value_class, reason. `superseded`: rows that a later delivery replaced, content as JSON
    (restricted). `deliveries`: one row a file, with its name, its rows and `repeated` (those that came
    again unchanged). `findings`: what was found in its columns (see `findings_frame`). `readings`: one row a distinct
    file, by which the next run knows it again (see `KeptReadings`).

    In all but `deliveries`, `file` is the delivery (`delivery 2 (3f2a91bc)`), for what somebody typed as a name may
    name a person; `deliveries` has both.
    """

    source: str
    rows: pd.DataFrame
    parsed: pd.DataFrame
    rejected: pd.DataFrame
    superseded: pd.DataFrame
    deliveries: pd.DataFrame
    notes: pd.DataFrame
    findings: pd.DataFrame
    readings: pd.DataFrame

    def with_file_names(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows with the names of files in place of the deliveries: for the restricted tables `raw` alone."""
        names = dict(zip(self.deliveries["delivery"], self.deliveries["file"], strict=True))
        columns = [name for name in ("file", "superseded_by_file") if name in frame]
        return frame.assign(**{name: frame[name].map(names).astype("str") for name in columns})


def read_source(
    source: str,
    folder: Path,
    known_deliveries: pd.DataFrame | None,
    codes_dir: Path,
    limits: IntakeLimits = _USUAL_LIMITS,
    kept: KeptReadings = _NOTHING_KEPT,
) -> SourceExtract:
    """Read and parse every delivery of a source (data contract, sections 1 and 2); what `kept` knows is not read.

    An optional source of which nothing lies there has no rows, nor has one whose place another took (`check_landing`
    judges that); nor need its folder be there.
    Raises PipelineError, naming the file, for anything that stops a whole file from being read.
    """
    paths = landing_files(folder)
    files = [read_file(source, path, limits, place_of(path, paths)) for path in paths]
    if not files and source in (*OPTIONAL_CONTRACT, *ROADS):
        return _nothing_delivered(source, read_labels(codes_dir))
    if not files:
        raise PipelineError(
            problem="The folder holds no extract.",
            remedy=f"Put the {source} extract into it as {', '.join(ENDINGS)}.",
            where=f"landing/{source}",
        )
    return read_files(source, files, known_deliveries, codes_dir, limits, kept)


def read_files(
    source: str,
    files: Sequence[LandingFile],
    known_deliveries: pd.DataFrame | None,
    codes_dir: Path,
    limits: IntakeLimits = _USUAL_LIMITS,
    kept: KeptReadings = _NOTHING_KEPT,
) -> SourceExtract:
    """Read and parse these files, one at least, as the deliveries of a source; see `read_source`."""
    labels = read_labels(codes_dir)
    deliveries = order_deliveries(files, known_deliveries)
    by_name = {file.name: file for file in files}
    distinct = deliveries[deliveries["duplicate_of"].isna()]
    distinct_files = [by_name[name] for name in distinct["file"]]
    named = dict(zip(distinct["delivery"], distinct_files, strict=True))
    rows, facts = _rows_and_facts(source, named, distinct, labels, limits, kept)
    _require_as_expected(source, named, rows)
    told = facts_together(facts)
    ragged = told["ragged"]
    latest = keep_latest(source, rows[~is_at(rows, ragged)], labels)
    parsed = parse_rows(source, latest.current, labels)
    return SourceExtract(
        source=source,
        rows=rows,
        parsed=parsed.rows,
        rejected=_stack([ragged, latest.rejected, parsed.rejected]),
        superseded=latest.superseded,
        deliveries=_with_counts(deliveries, rows, latest.repeated),
        notes=_stack([told["notes"], parsed.notes]),
        findings=pd.concat(
            [told["findings"], _order_findings(latest.superseded, deliveries)],
            ignore_index=True,
        ),
        readings=readings_table(distinct_files, list(facts.values()), limits, kept.version),
    )


def _order_findings(superseded: pd.DataFrame, deliveries: pd.DataFrame) -> pd.DataFrame:
    rows = unordered(superseded, deliveries)
    found = [
        findings_frame(str(delivery), [Finding(ORDER_UNKNOWN, "", lines.to_numpy())])
        for delivery, lines in rows.groupby("file", sort=False)["line"]
    ]
    return pd.concat(found, ignore_index=True) if found else findings_frame("", [])


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
        findings=findings_frame("", []),
        readings=readings_table([], [], _USUAL_LIMITS, ""),
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


def _rows_and_facts(
    source: str,
    named: Mapping[str, LandingFile],
    deliveries: pd.DataFrame,
    labels: Labels,
    limits: IntakeLimits,
    kept: KeptReadings,
) -> tuple[pd.DataFrame, dict[str, Facts]]:
    """The rows of all files (delivery -> file), and what else each gave; only those that are not known are read."""
    facts: dict[str, Facts] = {}
    known: list[str] = []
    read: list[pd.DataFrame] = []
    with _garbage_collection_off():
        for delivery, file in named.items():
            if found := kept.facts_of(file, limits):
                known.append(file.sha256)
                facts[delivery] = found
            else:
                reading = _read(source, file, delivery, labels, limits)
                read.append(reading.rows)
                facts[delivery] = reading.facts(delivery)
    return rows_together(kept.rows_of(known), read, deliveries), facts


def _require_as_expected(source: str, named: Mapping[str, LandingFile], rows: pd.DataFrame) -> None:
    """Hold every delivery with a control file against it: one may come, or change, after the file was read."""
    for delivery, file in named.items():
        if file.expected != NOTHING_EXPECTED:
            own = rows[rows["file"] == delivery]
            require_as_expected(f"{source}, {delivery}", file.expected, file.sha256, own)


def _read(source: str, file: LandingFile, delivery: str, labels: Labels, limits: IntakeLimits) -> Reading:
    contract, where = WHOLE_CONTRACT[source], f"{source}, {delivery}"
    found = match_tables(
        where, read_tables(where, file.form, file.data, limits), contract, labels.headers.get(source, NO_HEADERS)
    )
    matched, stray = without_stray_rows(contract, found)
    judged = judge_columns(contract, matched, labels)
    table = matched.table
    n_rows = len(table.lines)
    frame = pd.DataFrame({name: pd.Series(judged.texts[name], dtype="str") for name in contract.names})
    for name, text in (("file", delivery), ("file_sha256", file.sha256)):
        frame[name] = pd.Series(pa.repeat(text, n_rows), dtype="str")
    frame["line"], frame["delivery_order"] = table.lines, 0
    return Reading(
        rows=frame,
        ragged=_ragged_places(source, frame.iloc[table.ragged], len(table.header)),
        notes=_file_notes(source, delivery, matched),
        findings=findings_frame(delivery, stray + judged.findings),
    )


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


def _file_notes(source: str, delivery: str, matched: MatchedTable) -> pd.DataFrame:
    found = [
        ("unknown column", f"file column {number}", "the data contract has no such column; it is not read")
        for number in matched.unknown
    ]
    found += [
        (ABSENT_COLUMN, name, "the file lacks this optional column; it counts as missing") for name in matched.absent
    ]
    found += [
        ("hidden sheet" if table.is_hidden else "other sheet", "", f"{table.where} is not read")
        for table in matched.ignored
    ]
    line = matched.table.header_line or 0
    places = [(source, delivery, line, column, kind, reason) for kind, column, reason in found]
    return pd.DataFrame(places, columns=PLACE_COLUMNS) if places else no_places()


def _with_counts(deliveries: pd.DataFrame, rows: pd.DataFrame, repeated: pd.Series) -> pd.DataFrame:
    n_rows = rows.groupby("file").size()
    return deliveries.assign(
        rows=deliveries["delivery"].map(n_rows).fillna(0).astype("int64"),
        repeated=deliveries["delivery"].map(repeated).fillna(0).astype("int64"),
    )


def _stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else no_places()
