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
    """Row count and column schema of `schema.table`, in the form the UI shows.

    The rows of a view are not counted: that would do all the work that reading it does.
    """
    schema, name = table.split(".")
    is_view = connection.execute(
        "select count(*) > 0 from duckdb_views() where schema_name = ? and view_name = ?", [schema, name]
    ).fetchall()[0][0]
    counted = {}
    if not is_view:
        rows = connection.execute(f'select count(*) from "{schema}"."{name}"').fetchall()[0][0]
        counted = {"dagster/row_count": rows}
    columns = connection.execute(
        "select column_name, data_type, comment from duckdb_columns() "
        "where schema_name = ? and table_name = ? order by column_index",
        [schema, name],
    ).fetchall()
    table_columns = [dg.TableColumn(column, kind.lower(), description=comment) for column, kind, comment in columns]
    return counted | {"dagster/column_schema": dg.TableSchema(table_columns)}
