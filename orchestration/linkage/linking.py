"""Linking: reviewers' overrides handed to the database, then the layer built.

Every case is linked anew whenever anything has changed: a link costs so little once its records are clean that keeping
some of the links would cost more thought than time (docs/decisions/linking-everything.md).

Belongs here: those two steps. Not here: how a link is made (`dbt_project/models/linkage`).
"""

from datetime import UTC, datetime

import duckdb
import pandas as pd

from orchestration.dbt.outcomes import NodeOutcome
from orchestration.engines.building import build_layer
from orchestration.ingest.overrides import LINKED_SOURCES, read_overrides, require_known
from orchestration.settings import Settings
from orchestration.storage.tables import write_table
from orchestration.storage.warehouse import has_table, open_warehouse
from orchestration.tables.linkage_overrides import OVERRIDES

LAYER = "linkage"


def checked_overrides(settings: Settings) -> pd.DataFrame:
    """The reviewers' overrides, all of them on cases and records that the extracts hold.

    Raises PipelineError where the file cannot be used; nothing has been touched by then.
    """
    overrides = read_overrides(settings.data_dir, datetime.now(UTC).date())
    if len(overrides):
        with open_warehouse(settings.warehouse, settings.limits) as connection:
            if has_table(connection, "raw.parsed_inspections"):
                connection.register("named", overrides)
                require_known(overrides, _named_cases(connection), _named_records(connection))
                connection.unregister("named")
    return overrides.drop(columns="line")


def link_cases(settings: Settings, overrides: pd.DataFrame) -> list[NodeOutcome]:
    """Build the linkage layer with these overrides."""
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        write_table(connection, OVERRIDES, overrides)
    return build_layer(settings, LAYER)


def _named_cases(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return connection.execute(
        "select case_id, case_type from raw.parsed_inspections where case_id in (select case_id from named)"
    ).df()


def _named_records(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    each = (
        f"select '{source}' as source, record_id from raw.parsed_{source} "
        f"where record_id in (select record_id from named where source = '{source}')"
        for source in LINKED_SOURCES
    )
    return connection.execute(" union all ".join(each)).df()
