"""Linking: everything, or only the cases a new extract can change.

Only the changed cases are linked again where the tables in the warehouse are what a finished linkage left, and
nothing but the extracts has changed since: neither rules nor code, window, overrides or packages. A linkage that
was killed or failed is not a finished one, so that the next one links everything.

Belongs here: that choice, and handing reviewers' overrides to the database. Not here: which cases an extract can
change (`dbt_project/models/linkage/cases_to_link.sql`).
"""

from datetime import UTC, datetime

import duckdb
import pandas as pd

from orchestration.dbt.graph import models_of_layer
from orchestration.dbt.layers import NodeOutcome, build_layer, manifest_path, read_manifest
from orchestration.ingest.overrides import LINKED_SOURCES, read_overrides, require_known
from orchestration.ledger.current import code_fingerprint
from orchestration.ledger.inputs import stage_inputs
from orchestration.ledger.records import finished_linkage, forget_finished_linkage, record_finished_linkage
from orchestration.ledger.stages import STAGES
from orchestration.settings import Settings
from orchestration.storage import fingerprints
from orchestration.storage.tables import write_table
from orchestration.storage.warehouse import has_table, open_warehouse
from orchestration.tables.linkage_overrides import OVERRIDES

LAYER = "linkage"
# Their rows are cleaned, compared and decided with what these stages are made of.
_MADE_WITH = ("staging", LAYER)


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
    """Build the linkage layer with these overrides: for the cases that need it, or for all."""
    basis = linking_basis(settings)
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        is_everything = finished_linkage(connection) != basis or not _has_all_tables(connection, settings)
        forget_finished_linkage(connection)
        write_table(connection, OVERRIDES, overrides)
    outcomes = build_layer(settings, LAYER, only_changes=not is_everything)
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        record_finished_linkage(connection, basis, "everything" if is_everything else "changes")
    return outcomes


def linking_basis(settings: Settings) -> str:
    """Hash of all that decides a link beside the extracts themselves: code, reference tables, window, overrides."""
    names = sorted({name for stage in _MADE_WITH for name in STAGES[stage].parameters})
    values = {name: getattr(settings.parameters, name) for name in names}
    code = [code_fingerprint(stage, settings) for stage in _MADE_WITH]
    return fingerprints.of([code, values, stage_inputs(settings, LAYER)])


def linking_facts(connection: duckdb.DuckDBPyConnection, is_kept: bool) -> dict[str, str | int]:
    """What the UI is told of the last linkage: its extent, and the cases linked in each source."""
    rows = connection.execute("select extent from linkage.finished_linkage").fetchall()
    counts = connection.execute("select source, count(*) from linkage.cases_to_link group by source").fetchall()
    linked = dict(counts)
    return {
        "linked": "nothing" if is_kept or not rows else rows[0][0],
        **{f"cases linked ({source})": 0 if is_kept else linked.get(source, 0) for source in LINKED_SOURCES},
    }


def _has_all_tables(connection: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    models = models_of_layer(read_manifest(manifest_path(settings)), LAYER)
    return all(has_table(connection, f"{LAYER}.{name}") for name in models)


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
