"""What earlier runs have left of a source in the warehouse, and what a run adds to it.

A run looks at the deliveries from the first one on that is not as it was kept; of those before it only at the rows that
count among them, so that a week costs what that week brings, however many came before.

Belongs here: the tables of rows as received, read and written. Not here: what becomes of the rows (`extracts.py`), and
which code may trust what was kept: `version` says that.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import takewhile

import duckdb
import pandas as pd

from orchestration.ingest.deliveries import no_superseded
from orchestration.ingest.frames import empty_frame, empty_rows
from orchestration.ingest.landed_files import LandingFile
from orchestration.ingest.readings import FACTS, Facts, reading_key
from orchestration.settings import IntakeLimits, Settings
from orchestration.storage.tables import append_rows, write_table
from orchestration.storage.warehouse import column_names, has_table, open_warehouse
from orchestration.tables.contract import WHOLE_CONTRACT
from orchestration.tables.extracts import READINGS, RECEIVED, SUPERSEDED_ROWS
from orchestration.tables.table import Table

_LATEST_BEFORE = "delivery_order < $place and coalesce(next_delivery, $place) >= $place"
Connect = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]


@dataclass(frozen=True)
class Before:
    """What the deliveries before a place in their order came to; before the first place there is nothing.

    `facts`: of each, in order. `rows`: those whose id no later one of these deliveries has; `superseded`: see the
    warehouse table; both under the names of files. `followed`: SHA-256 of a file -> how many of its rows came again in
    a later one of them.
    """

    place: int
    facts: tuple[Facts, ...]
    rows: pd.DataFrame
    superseded: pd.DataFrame
    followed: pd.Series


@dataclass(frozen=True)
class KeptReadings:
    """The readings of an earlier run: `table`, one row a file in delivery order (`raw.readings`), and `connect`, which
    opens the warehouse where their rows stand.

    `version`: of the code that reads now; what other code has read is not looked at.
    """

    source: str
    version: str
    table: pd.DataFrame
    connect: Connect

    def facts_of(self, file: LandingFile, limits: IntakeLimits) -> Facts | None:
        """What the file gave beside rows; None where it was not read so before."""
        return self._by_reading.get(reading_key(file, limits, self.version)) if self.version else None

    def changed_from(self, deliveries: pd.DataFrame, files: Sequence[LandingFile], limits: IntakeLimits) -> int:
        """The place in the order before which all deliveries (with their files) are as they were kept."""
        if not self.version:
            return 1
        readings = [reading_key(file, limits, self.version) for file in files]
        now = zip(deliveries["delivery_order"], deliveries["file"], readings, strict=True)
        kept = zip(*(self.table[name] for name in ("delivery_order", "file", "reading")), strict=True)
        alike = list(takewhile(lambda pair: pair[0] == pair[1], zip(now, kept, strict=False)))
        return int(alike[-1][0][0]) + 1 if alike else 1

    def rows_of(self, contents: Sequence[str]) -> pd.DataFrame:
        """The rows of files by their SHA-256, as they were received."""
        if not contents:
            return no_rows(self.source)
        with self.connect() as connection:
            found = {"contents": list(contents)}
            return _received_rows(connection, self.source, "list_contains($contents, file_sha256)", found)

    def before(self, place: int) -> Before:
        """What the deliveries before this place in the order came to."""
        if place == 1:
            return Before(1, (), no_rows(self.source), no_superseded(), pd.Series(dtype="int64"))
        followed = f"select file_sha256, count(*) from raw.{self.source} where next_delivery < ? group by all"
        superseded = (
            "select * from raw.superseded_rows where source = ? and superseded_by_file in "
            "(select file from raw.readings where source = ? and delivery_order < ?)"
        )
        types = no_superseded().dtypes.to_dict()
        with self.connect() as connection:
            return Before(
                place=place,
                facts=_facts_of(self.table[self.table["delivery_order"] < place]),
                rows=_received_rows(connection, self.source, _LATEST_BEFORE, {"place": place}),
                superseded=connection.execute(superseded, [self.source, self.source, place]).df().astype(types),
                followed=pd.Series(dict(connection.execute(followed, [place]).fetchall()), dtype="int64"),
            )

    @cached_property
    def _by_reading(self) -> dict[str, Facts]:
        return dict(zip(self.table["reading"], _facts_of(self.table), strict=True))


def _facts_of(table: pd.DataFrame) -> tuple[Facts, ...]:
    return tuple(zip(*(table[name] for name in FACTS), strict=True))


def kept_readings(settings: Settings, source: str, version: str) -> KeptReadings:
    """What an earlier run has read of the source's files, for code of this version."""
    connect = partial(open_warehouse, settings.warehouse, settings.limits)
    tables = (READINGS, RECEIVED[source], SUPERSEDED_ROWS)
    with connect() as connection:
        if not all(_is_as_declared(connection, table) for table in tables):
            return nothing_kept(source, version)
        query = "select * from raw.readings where source = ? order by delivery_order"
        return KeptReadings(source, version, connection.execute(query, [source]).df(), connect)


def nothing_kept(source: str, version: str = "") -> KeptReadings:
    """No reading. Without a version what is read now is of no use later."""
    return KeptReadings(source, version, empty_frame(READINGS.dtypes), duckdb.connect)


def no_rows(source: str) -> pd.DataFrame:
    """No row as received, with the columns and types that rows have when they are read."""
    numbers = ("line", "delivery_order")
    return empty_rows((*WHOLE_CONTRACT[source].names, "file", "file_sha256", *numbers), *numbers)


def write_received(connection: duckdb.DuckDBPyConnection, source: str, rows: pd.DataFrame, changed_from: int) -> None:
    """Write rows as received, with the names of files: all from this place of the deliveries' order on, in place of
    those that stood there; of those before it only which delivery has their id next."""
    table = RECEIVED[source]
    if changed_from == 1:
        write_table(connection, table, rows)
        return
    is_before = rows["delivery_order"] < changed_from
    connection.execute(f"delete from {table.full_name} where delivery_order >= ?", [changed_from])
    _write_next(connection, table, rows.loc[is_before, ["file_sha256", "line", "next_delivery"]], changed_from)
    append_rows(connection, table, rows[~is_before])


def _write_next(connection: duckdb.DuckDBPyConnection, table: Table, rows: pd.DataFrame, place: int) -> None:
    """Write `next_delivery` of rows (file_sha256, line) that came before this place."""
    connection.register("found", rows.rename(columns=lambda name: f"found_{name}"))
    connection.execute(
        f"update {table.full_name} set next_delivery = found_next_delivery from found "
        f"where file_sha256 = found_file_sha256 and line = found_line and {_LATEST_BEFORE}",
        {"place": place},
    )
    connection.unregister("found")


def _received_rows(
    connection: duckdb.DuckDBPyConnection, source: str, condition: str, values: Mapping[str, object]
) -> pd.DataFrame:
    query = f"select * exclude (next_delivery) from raw.{source} where {condition}"
    return connection.execute(query, dict(values)).df().astype(no_rows(source).dtypes.to_dict())


def _is_as_declared(connection: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Whether the table is there, written by code that declares it as today's does."""
    return has_table(connection, table.full_name) and column_names(connection, table.full_name) == table.names
