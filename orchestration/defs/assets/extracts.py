"""The extracts and the optional inputs: read, judge, write.

Belongs here: thin read -> call -> write. Not here: parsing (`ingest/`) and rules (`expectations/`).
"""

import dagster as dg
import duckdb
import pandas as pd

from orchestration.defs.gate_runs import check_result, keep_gate
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import StageRun, asset_spec, stage_run, table_metadata
from orchestration.ingest.landed_files import contents_of
from orchestration.ingest.landing import check_landing
from orchestration.ledger.current import code_fingerprint
from orchestration.ledger.records import write_quality_files
from orchestration.settings import ALL_SOURCES, CODES_DIR
from orchestration.storage.tables import replace_rows, write_table
from orchestration.storage.warehouse import has_table, read_table, transaction
from orchestration.tables.contract import WHOLE_CONTRACT
from orchestration.tables.extracts import ACCEPTED, DELIVERIES, DELIVERY_PROFILE, READINGS, SUPERSEDED_ROWS
from orchestration.tables.ledger import REJECTED_ROWS


def extract_asset(source: str) -> dg.AssetsDefinition:
    """The asset of one source, with its gate as a blocking check."""
    key = dg.AssetKey(["raw", f"parsed_{source}"])
    suite = f"Great Expectations suite of {source} (expectations/): columns, codes, ranges, dates, rules across fields."

    # the gates of the others ask whether they cover what was inspected, and nothing else
    inspected = [] if source == "inspections" else [dg.AssetKey(["raw", "parsed_inspections"])]
    spec = asset_spec(source, key.path, deps=inspected, description=ACCEPTED[source].description)

    @dg.multi_asset(
        specs=[spec],
        name=f"raw__parsed_{source}",
        check_specs=[dg.AssetCheckSpec("gate", asset=key, blocking=True, description=suite)],
    )
    def extract(context: dg.AssetExecutionContext, pipeline: Pipeline) -> dg.MaterializeResult:
        with stage_run(context, pipeline, source) as run:
            for seen in ALL_SOURCES if source == "inspections" else [source]:  # the others wait for its gate
                _keep_order(pipeline, seen)
            if not run.is_done:
                _ingest(pipeline, source, context.run.run_id, run)
            with pipeline.warehouse() as connection:
                metadata = table_metadata(connection, f"raw.parsed_{source}") | _counts(connection, source)
                check = check_result(connection, run, key, "gate")
        return dg.MaterializeResult(metadata=metadata | run.facts, check_results=[check], data_version=run.data_version)

    return extract


def _ingest(pipeline: Pipeline, source: str, run_id: str, run: StageRun) -> None:
    from expectations.deliveries import delivery_profile
    from expectations.sources import assess_source, source_context
    from orchestration.ingest.extracts import read_source
    from orchestration.ingest.first_seen import read_first_seen
    from orchestration.ingest.keeping import kept_readings, write_received

    with pipeline.warehouse() as connection:
        profiled = _rows_of(connection, DELIVERY_PROFILE.full_name, source)
        inspections = None if source == "inspections" else read_table(connection, "raw.parsed_inspections")
    is_synthetic = check_landing(pipeline.settings.landing_dir).is_synthetic
    settings = pipeline.settings
    known = read_first_seen(settings.first_seen_file, source)
    readings = kept_readings(settings, source, code_fingerprint(source, settings))
    extract = read_source(source, settings.landing_dir / source, known, CODES_DIR, settings.intake, readings)
    judged = source_context(CODES_DIR, inspections, profiled)
    accepted, gate = assess_source(source, extract, pipeline.settings.parameters, judged)
    write_quality_files(pipeline.settings.quality_dir / run_id, "rejected_rows", gate.rejected)
    with pipeline.warehouse() as connection, transaction(connection):
        write_received(connection, source, extract.with_file_names(extract.rows), extract.changed_from)
        write_table(connection, ACCEPTED[source], extract.with_file_names(accepted))
        replace_rows(connection, SUPERSEDED_ROWS, "source", source, extract.with_file_names(extract.superseded))
        deliveries = extract.deliveries.assign(is_synthetic=is_synthetic)
        replace_rows(connection, DELIVERIES, "source", source, deliveries)
        replace_rows(connection, REJECTED_ROWS, "source", source, gate.rejected)
        replace_rows(connection, READINGS, "source", source, extract.readings)
        if gate.success:  # what was refused is no measure for the next delivery
            profile = delivery_profile(WHOLE_CONTRACT[source], extract, gate.rejected)
            replace_rows(connection, DELIVERY_PROFILE, "source", source, profile)
        keep_gate(connection, pipeline, run_id, run, gate)


def _keep_order(pipeline: Pipeline, source: str) -> None:
    """Keep that what lies in the folder has been seen, whatever becomes of it.

    An earlier version, or a lost file, may have left the order of what came before in the warehouse alone.
    """
    from orchestration.ingest.deliveries import first_seen
    from orchestration.ingest.first_seen import keep_first_seen, read_first_seen

    settings = pipeline.settings
    known = read_first_seen(settings.first_seen_file, source)
    if known is None:
        with pipeline.warehouse() as connection:
            known = _rows_of(connection, DELIVERIES.full_name, source)
    contents = contents_of(settings.landing_dir / source)
    keep_first_seen(settings.first_seen_file, source, first_seen(source, contents, known))


def _rows_of(connection: duckdb.DuckDBPyConnection, table: str, source: str) -> pd.DataFrame | None:
    if not has_table(connection, table):
        return None
    return connection.execute(f"select * from {table} where source = ?", [source]).df()


def _counts(connection: duckdb.DuckDBPyConnection, source: str) -> dict[str, int | float]:
    rejected = connection.execute(
        "select count(distinct (file, line)) from quality.rejected_rows where source = ?", [source]
    ).fetchall()[0][0]
    received = connection.execute(f"select count(*) from raw.{source}").fetchall()[0][0]
    return {"rows_received": received, "rows_rejected": rejected} | _latest_delivery(connection, source)


def _latest_delivery(connection: duckdb.DuckDBPyConnection, source: str) -> dict[str, int | float]:
    """Numbers of the latest delivery, which the UI plots from run to run: rows, and percent missing by column."""
    profile = _rows_of(connection, DELIVERY_PROFILE.full_name, source)
    if profile is None or profile.empty:
        return {}
    latest = profile[profile["delivery_order"] == profile["delivery_order"].max()]
    percent = 100 * latest["missing"] / latest["rows"].clip(lower=1)
    missing = zip(latest["column"], percent.round(2).tolist(), strict=True)
    return {"latest_delivery_rows": int(latest["rows"].iloc[0])} | {f"missing_percent_{n}": p for n, p in missing if p}
