"""dbt's layers as assets.

Belongs here: which layer is built when, and what the UI is told of it. Not here: SQL (`dbt_project/models`).
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, dbt_assets

from orchestration.dbt.column_lineage import column_lineage, compiled_sql, known_columns, warehouse_name
from orchestration.dbt.graph import LAYERS
from orchestration.dbt.outcomes import NodeOutcome
from orchestration.defs.received import received_by
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import OWNERS, STAGE, metadata_of_tables, stage_run
from orchestration.engines.building import build_layer
from orchestration.settings import Settings

Maker = Callable[[], list[NodeOutcome]]
# Where analysts ask what a column is made from.
MARTS = "marts"


class LayerTranslator(DagsterDbtTranslator):
    """dbt nodes as assets `[schema, name]`, grouped by schema, each of the stage that builds its layer."""

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = manifest["nodes"].get(unique_id) or manifest["sources"][unique_id]
        if node["resource_type"] == "source":
            return spec
        schema = node["schema"]
        stage = next(layer for layer in LAYERS if layer in node["tags"])
        return spec.replace_attributes(
            key=dg.AssetKey([schema, node["name"]]),
            group_name=schema,
            owners=OWNERS,
            kinds={"dbt", "duckdb"},
            metadata={**spec.metadata, STAGE: stage},
            deps=[*spec.deps, *received_by(stage)],
        )

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["source_name"], dbt_resource_props["name"]])
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])


def plain_layer(manifest: Path, layer: str) -> dg.AssetsDefinition:
    """A layer that is built as a whole."""
    return layer_assets(manifest, layer, lambda settings: partial(build_layer, settings, layer))


def layer_assets(
    manifest: Path,
    layer: str,
    maker: Callable[[Settings], Maker],
) -> dg.AssetsDefinition:
    """One multi-asset a layer, so that gates between layers stop what comes after.

    `maker`: gives what builds the layer; asked in every run, so that what it reads is checked in every run.
    """

    @dbt_assets(manifest=manifest, select=f"tag:{layer}", name=layer, dagster_dbt_translator=LayerTranslator())
    def build(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[Any]:
        make = maker(pipeline.settings)
        with stage_run(context, pipeline, layer) as run:
            outcomes = [] if run.is_done else make()
        keys = _upstream_first(context)
        with pipeline.warehouse(read_only=True) as connection:
            told = metadata_of_tables(connection, [".".join(key.path) for key in keys])
            facts = {key: told[".".join(key.path)] | run.facts for key in keys}
            if layer == MARTS:
                lineage = _column_lineage(pipeline.settings, connection, keys)
                facts = {key: facts[key] | lineage.get(key, {}) for key in keys}
        for key in keys:
            yield dg.MaterializeResult(asset_key=key, metadata=facts[key], data_version=run.data_version)
        by_name = {outcome.unique_id.split(".")[2]: outcome for outcome in outcomes}
        yield from _test_reports(context, by_name, run.is_done)

    return build


def _column_lineage(
    settings: Settings, connection: duckdb.DuckDBPyConnection, keys: list[dg.AssetKey]
) -> dict[dg.AssetKey, dict[str, Any]]:
    """What each column of a mart is made from, as the UI shows it."""
    columns, database = known_columns(connection), warehouse_name(settings.warehouse)
    told = {}
    for key in keys:
        if sql := compiled_sql(settings, MARTS, key.path[-1]):
            deps = {
                column: [dg.TableColumnDep(dg.AssetKey([schema, table]), source) for schema, table, source in sources]
                for column, sources in column_lineage(sql, columns, database).items()
            }
            told[key] = {"dagster/column_lineage": dg.TableColumnLineage(deps)}
    return told


def _test_reports(
    context: dg.AssetExecutionContext, outcomes: dict[str, NodeOutcome], is_kept: bool
) -> Iterator[dg.AssetCheckResult]:
    """dbt's tests as checks; those of a kept layer passed when it was built, or it would not be in the ledger."""
    for check in sorted(context.selected_asset_check_keys, key=lambda check: check.name):
        outcome = outcomes.get(check.name)
        if outcome is None and not is_kept:
            continue
        is_warning = outcome is not None and outcome.status == "warn"
        yield dg.AssetCheckResult(
            asset_key=check.asset_key,
            check_name=check.name,
            passed=not is_warning,
            severity=dg.AssetCheckSeverity.WARN if is_warning else dg.AssetCheckSeverity.ERROR,
            metadata={"failing_rows": outcome.failures if outcome else 0, "unchanged": is_kept},
        )


def _upstream_first(context: dg.AssetExecutionContext) -> list[dg.AssetKey]:
    """The step's assets in an order in which each comes after what it is made from, as Dagster demands."""
    selected = context.selected_asset_keys
    parents = {key: context.assets_def.asset_deps[key] & selected for key in sorted(selected)}
    return list(TopologicalSorter(parents).static_order())
