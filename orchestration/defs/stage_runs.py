"""Doing a stage once: look in the ledger, do it when needed, record it.

Belongs here: what every asset shares. Not here: the work of any one stage.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import dagster as dg
import duckdb

from orchestration.defs.received import received_by
from orchestration.defs.resources import Pipeline, readable_failure
from orchestration.ledger.current import expected_fingerprint
from orchestration.ledger.inputs import stage_inputs
from orchestration.ledger.records import forget_stage, record_stage, recorded_stages
from orchestration.ledger.stages import stage_named
from orchestration.storage import progress

Context = dg.AssetExecutionContext | dg.AssetCheckExecutionContext

OWNERS = ["team:research-and-analysis"]
# Where an asset says to which stage it belongs.
STAGE = "stage"


@dataclass
class StageRun:
    """One stage in one run: its fingerprint, whether it is current already, and whether its gate refused it."""

    name: str
    fingerprint: str
    is_done: bool
    is_refused: bool = False

    @property
    def data_version(self) -> dg.DataVersion:
        """What the UI compares to tell whether what was made from this stage is stale."""
        return dg.DataVersion(self.fingerprint)

    @property
    def facts(self) -> dict[str, Any]:
        """What the UI is told with every asset of the stage."""
        return {"unchanged": self.is_done}

    def refuse(self) -> None:
        """Keep the stage out of the ledger: its gate did not pass, so nothing may be built on it."""
        self.is_refused = True


@contextmanager
def stage_run(
    context: Context,
    pipeline: Pipeline,
    name: str,
    made_from: object = None,
) -> Iterator[StageRun]:
    """Around one stage's work: refuse when what it rests on is missing, forget it while it is done, record it after.

    `made_from`: what the stage reads beside its upstream stages, where the caller knows it better than
    `stage_inputs`. The body looks at `is_done` and does nothing when the stage is current. Failures become readable and
    impersonal.
    """
    progress.say(stage_named(name).words)
    with readable_failure(name if stage_named(name).is_restricted else ""):
        inputs = made_from or stage_inputs(pipeline.settings, name)
        with pipeline.warehouse() as connection:
            recorded = recorded_stages(connection)
            fingerprint = expected_fingerprint(name, recorded, pipeline.settings, inputs)
            run = StageRun(name, fingerprint, recorded.get(name) == fingerprint)
            if not run.is_done:
                forget_stage(connection, name)
        yield run
        if run.is_done or run.is_refused:
            return
        with pipeline.warehouse() as connection:
            record_stage(connection, name, fingerprint, context.run.run_id, inputs)


def asset_spec(
    name: str, key: Sequence[str], deps: Iterable[Any], kinds: Iterable[str] = ("python", "duckdb"), **facts: Any
) -> dg.AssetSpec:
    """An asset of a stage, made from `deps` and from what the stage reads; `facts`: what else `dg.AssetSpec` takes."""
    return dg.AssetSpec(
        key,
        deps=[*deps, *received_by(name)],
        group_name=stage_named(name).group,
        owners=OWNERS,
        kinds=set(kinds),
        metadata={STAGE: name},
        **facts,
    )


def table_metadata(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, Any]:
    """Row count and column schema of `schema.table`, in the form the UI shows."""
    return metadata_of_tables(connection, [table])[table]


def metadata_of_tables(connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> dict[str, dict[str, Any]]:
    """`schema.table` -> row count and column schema, in the form the UI shows.

    The rows of a view are not counted: that would do all the work that reading it does. The catalogue is read once for
    all tables: each look goes through the whole of it.
    """
    schemas = _schemas(connection, [*tables])
    views = {
        row[0] for row in connection.execute("select schema_name || '.' || view_name from duckdb_views()").fetchall()
    }
    told: dict[str, dict[str, Any]] = {}
    for table in tables:
        told[table] = {"dagster/column_schema": dg.TableSchema(schemas.get(table, []))}
        if table not in views:
            told[table]["dagster/row_count"] = connection.execute(f"select count(*) from {table}").fetchall()[0][0]
    return told


def _schemas(connection: duckdb.DuckDBPyConnection, tables: list[str]) -> dict[str, list[dg.TableColumn]]:
    rows = connection.execute(
        "select schema_name || '.' || table_name as name, column_name, data_type, comment from duckdb_columns() "
        "where list_contains(?, name) order by name, column_index",
        [tables],
    ).fetchall()
    schemas: dict[str, list[dg.TableColumn]] = {}
    for table, column, kind, comment in rows:
        schemas.setdefault(table, []).append(dg.TableColumn(column, kind.lower(), description=comment))
    return schemas
