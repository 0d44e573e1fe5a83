"""Dagster's log of events, in the files in which Dagster keeps it, with their connections kept.

Belongs here: how those files are opened. Not here: what is told of a run (`stage_runs.py`), and where the files lie
(`instance.py`).
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as db
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData

INDEX = "index"
BUSY_SECONDS = 60  # how long one process waits for what another one writes


def _write_on(connection: sqlite3.Connection, _record: object) -> None:
    """Wait for the disk now and then, not at each event: the log stays whole, a loss of power costs its end."""
    connection.execute("pragma synchronous = normal")


class EventLog(SqliteEventLogStorage):
    """Dagster's own event log, which it opens at every event and compiles every statement for anew.

    A run has some nine hundred events of three statements: opening and compiling took half of the time that Dagster
    adds to a run. The index of all runs and the log of the run last asked for are kept open instead.
    `dagster.yaml` names this class.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, db.Engine] = {}
        self._one_at_a_time = Lock()
        super().__init__(base_dir=base_dir, inst_data=inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Nothing to configure: the files lie where Dagster puts them."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> "EventLog":
        """Called by Dagster, which has been told its home."""
        return cls(base_dir=str(Path(os.environ["DAGSTER_HOME"]) / "history" / "runs"), inst_data=inst_data)

    def run_connection(self, run_id: str | None = None) -> AbstractContextManager[db.Connection]:
        """A connection to the log of one run, which commits at its end."""
        assert run_id is not None, "each run has a file of its own"
        return self._connection(run_id)

    def index_connection(self) -> AbstractContextManager[db.Connection]:
        """A connection to the index of all runs, which commits at its end."""
        return self._connection(INDEX)

    @contextmanager
    def _connection(self, shard: str) -> Iterator[db.Connection]:
        with self._one_at_a_time, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> db.Engine:
        if shard not in self._engines:
            with super().run_connection(shard):  # where there is no such file yet, Dagster makes it
                pass
            for other in self._engines.keys() - {INDEX, shard}:
                self._engines.pop(other).dispose()
            waiting = {"timeout": BUSY_SECONDS}
            engine = db.create_engine(self.conn_string_for_shard(shard), connect_args=waiting)
            db.event.listen(engine, "connect", _write_on)
            self._engines[shard] = engine
        return self._engines[shard]

    def dispose(self) -> None:
        """Close what is kept, then what Dagster holds."""
        with self._one_at_a_time:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()
        super().dispose()
