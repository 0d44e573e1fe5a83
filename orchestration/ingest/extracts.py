"""One source's folder, read whole: raw rows, typed rows, rejected rows, deliveries.

Belongs here: the order of the steps. Not here: any step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pandas as pd

from orchestration.errors import PipelineError
from orchestration.ingest.control import NOTHING_EXPECTED, require_as_expected
from orchestration.ingest.counting import no_counts
from orchestration.ingest.deliveries import (
    ORDER_UNKNOWN,
    keep_latest,
    no_deliveries,
    no_superseded,
    order_deliveries,
    unordered,
)
from orchestration.ingest.file_reading import garbage_collection_off, read_delivery
from orchestration.ingest.findings import Finding, findings_frame
from orchestration.ingest.keeping import KeptReadings, no_rows, nothing_kept
from orchestration.ingest.labels import Labels, read_labels
from orchestration.ingest.landed_files import LandingFile, landing_files, place_of, read_file
from orchestration.ingest.parsing import is_at, no_places, parse_rows
from orchestration.ingest.readers.formats import ENDINGS
from orchestration.ingest.readings import Facts, facts_together, readings_table
from orchestration.settings import ROADS, IntakeLimits
from orchestration.tables.contract import OPTIONAL_CONTRACT, WHOLE_CONTRACT

_USUAL_LIMITS = IntakeLimits()


@dataclass(frozen=True)
class SourceExtract:
    """Everything one source delivered.

    `changed_from`: the place in the order before which deliveries are as an earlier run kept them (1: none is). `rows`:
    every row of the distinct files from there on, and of those before it the rows whose id no later one of them has:
    text under the contract's names, with file, file_sha256, line, delivery_order and next_delivery (the next that has
    the id, if any). `parsed`: one typed row an id (text str, dates datetime64, whole numbers Int64),
    with file and line. `rejected` and `notes` (what was set to missing or passed over): source, file,
    line, column, value_class, reason. `superseded`: rows that a later delivery replaced, content as JSON
    (restricted). `deliveries`: one row a file, with its name, its rows and `repeated` (those that came
    again unchanged). `findings`: what was found in its columns (see `findings_frame`). `counts`: what each holds (see
    `count_values`). `readings`: one row a distinct file, by which the next run knows it again (see `KeptReadings`).

    In all but `deliveries`, `file` is the delivery (`delivery 2 (3f2a91bc)`), for what somebody typed as a name may
    name a person; `deliveries` has both.
    """

    source: str
    changed_from: int
    rows: pd.DataFrame
    parsed: pd.DataFrame
    rejected: pd.DataFrame
    superseded: pd.DataFrame
    deliveries: pd.DataFrame
    notes: pd.DataFrame
    findings: pd.DataFrame
    counts: pd.DataFrame
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
    kept: KeptReadings | None = None,
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
    kept: KeptReadings | None = None,
) -> SourceExtract:
    """Read and parse these files, one at least, as the deliveries of a source; see `read_source`."""
    labels, kept = read_labels(codes_dir), kept or nothing_kept(source)
    deliveries = order_deliveries(files, known_deliveries)
    distinct = deliveries[deliveries["duplicate_of"].isna()]
    by_name = {file.name: file for file in files}
    named = {str(row.delivery): by_name[str(row.file)] for row in distinct.itertuples()}
    before = kept.before(kept.changed_from(distinct, list(named.values()), limits))
    changed = dict(islice(named.items(), len(before.facts), None))
    read, facts_read = _rows_and_facts(source, changed, labels, limits, kept)
    facts = [*before.facts, *facts_read]
    told = facts_together(dict(zip(named, facts, strict=True)))
    rows = _in_order([before.rows, *read], distinct)
    _require_as_expected(source, changed, rows)
    _require_copies_as_expected(source, deliveries, by_name, labels, limits)
    latest = keep_latest(source, rows, labels)
    current = latest.current[~is_at(latest.current, told["ragged"])]
    rows["next_delivery"] = latest.next_delivery.reindex(rows.index)
    superseded = _all_superseded(before.superseded, latest.superseded, deliveries)
    parsed = parse_rows(source, current, labels)
    return SourceExtract(
        source=source,
        changed_from=before.place,
        rows=rows,
        parsed=parsed.rows,
        rejected=_stack([told["ragged"], latest.rejected, parsed.rejected]),
        superseded=superseded,
        deliveries=_with_numbers(deliveries, told["counts"], before.followed, rows, superseded),
        notes=_stack([told["notes"], parsed.notes]),
        findings=pd.concat([told["findings"], _order_findings(superseded, deliveries)], ignore_index=True),
        counts=told["counts"],
        readings=readings_table(distinct, list(named.values()), facts, limits, kept.version),
    )


def _all_superseded(before: pd.DataFrame, now: pd.DataFrame, deliveries: pd.DataFrame) -> pd.DataFrame:
    """Rows superseded before (under names of files) and now, by delivery and line."""
    names = dict(zip(deliveries["file"], deliveries["delivery"], strict=True))
    renamed = {name: before[name].map(names).astype("str") for name in ("file", "superseded_by_file")}
    return pd.concat([before.assign(**renamed), now]).sort_values(["file", "line"], ignore_index=True)


def _order_findings(superseded: pd.DataFrame, deliveries: pd.DataFrame) -> pd.DataFrame:
    rows = unordered(superseded, deliveries)
    found = [
        findings_frame(str(delivery), [Finding(ORDER_UNKNOWN, "", lines.to_numpy())])
        for delivery, lines in rows.groupby("file", sort=False)["line"]
    ]
    return pd.concat(found, ignore_index=True) if found else findings_frame("", [])


def _nothing_delivered(source: str, labels: Labels) -> SourceExtract:
    """No row, with the columns and types that rows would have."""
    rows = no_rows(source)
    return SourceExtract(
        source=source,
        changed_from=1,
        rows=rows.assign(next_delivery=pd.Series(dtype="Int64")),
        parsed=parse_rows(source, rows, labels).rows,
        rejected=no_places(),
        superseded=no_superseded(),
        deliveries=no_deliveries(),
        notes=no_places(),
        findings=findings_frame("", []),
        counts=no_counts(),
        readings=readings_table(no_deliveries(), [], [], _USUAL_LIMITS, ""),
    )


def _rows_and_facts(
    source: str, named: Mapping[str, LandingFile], labels: Labels, limits: IntakeLimits, kept: KeptReadings
) -> tuple[list[pd.DataFrame], list[Facts]]:
    """The rows of files (delivery -> file), and what else each gave; only those that are not known are read."""
    facts: list[Facts] = []
    known: list[str] = []
    read: list[pd.DataFrame] = []
    with garbage_collection_off():
        for delivery, file in named.items():
            if found := kept.facts_of(file, limits):
                known.append(file.sha256)
                facts.append(found)
            else:
                reading = read_delivery(source, file, delivery, labels, limits)
                read.append(reading.rows)
                facts.append(reading.facts(delivery))
    return [kept.rows_of(known), *read], facts


def _in_order(frames: Sequence[pd.DataFrame], deliveries: pd.DataFrame) -> pd.DataFrame:
    """All rows in the order of the deliveries, under the names and places that these have now."""
    rows = pd.concat(frames, ignore_index=True)
    now = deliveries.set_index("file_sha256")
    rows["file"] = rows["file_sha256"].map(now["delivery"]).astype("str")
    rows["delivery_order"] = rows["file_sha256"].map(now["delivery_order"]).astype("int64")
    if rows["delivery_order"].is_monotonic_increasing:
        return rows
    return rows.sort_values("delivery_order", kind="stable", ignore_index=True)


def _require_as_expected(source: str, named: Mapping[str, LandingFile], rows: pd.DataFrame) -> None:
    """Hold each of these deliveries that has a control file against it."""
    for delivery, file in named.items():
        if file.expected != NOTHING_EXPECTED:
            own = rows.loc[rows["file"] == delivery, WHOLE_CONTRACT[source].names]
            require_as_expected(f"{source}, {delivery}", file.expected, file.sha256, own)


def _require_copies_as_expected(
    source: str, deliveries: pd.DataFrame, files: Mapping[str, LandingFile], labels: Labels, limits: IntakeLimits
) -> None:
    """Hold files that are not read, being copies of others, against what their own control files say."""
    for name, first, delivery in deliveries.loc[
        deliveries["duplicate_of"].notna(), ["file", "duplicate_of", "delivery"]
    ].itertuples(index=False):
        file = files[name]
        if file.expected not in (NOTHING_EXPECTED, files[first].expected):
            rows = read_delivery(source, file, delivery, labels, limits).rows[WHOLE_CONTRACT[source].names]
            require_as_expected(f"{source}, {delivery}", file.expected, file.sha256, rows)


def _with_numbers(
    deliveries: pd.DataFrame, counts: pd.DataFrame, followed: pd.Series, rows: pd.DataFrame, superseded: pd.DataFrame
) -> pd.DataFrame:
    """Deliveries with their rows, and how many of those came again and were not superseded: `repeated`."""
    n_rows = counts.drop_duplicates("file").set_index("file")["rows"]
    followed_now = rows.loc[rows["next_delivery"].notna(), "file_sha256"].value_counts()
    names, contents = deliveries["delivery"], deliveries["file_sha256"].where(deliveries["duplicate_of"].isna())
    came_again = contents.map(followed).fillna(0) + contents.map(followed_now).fillna(0)
    return deliveries.assign(
        rows=names.map(n_rows).fillna(0).astype("int64"),
        repeated=(came_again - names.map(superseded["file"].value_counts()).fillna(0)).astype("int64"),
    )


def _stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else no_places()
