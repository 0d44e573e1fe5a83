"""dbt's layers and the case keys between them, as assets.

Belongs here: which layer is built when, and what the UI is told of it. Not here: SQL (`dbt_project/models`).
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets

from orchestration.dbt.layers import NodeOutcome, build_layer
from orchestration.dbt.relinking import LAYER, checked_overrides, link_cases, linking_facts
from orchestration.defs.resources import Pipeline, readable_failure
from orchestration.defs.stage_runs import stage_run, table_metadata
from orchestration.settings import Settings
from orchestration.storage.case_keys import case_keys, read_or_make_key
from orchestration.storage.tables import write_table
from orchestration.tables.case_keys import CASE_KEYS

OWNERS = ["team:research-and-analysis"]
CASES_TO_LINK = dg.AssetKey(["linkage", "cases_to_link"])


class LayerTranslator(DagsterDbtTranslator):
    """dbt nodes as assets `[schema, name]`, grouped by layer."""

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = manifest["nodes"].get(unique_id) or manifest["sources"][unique_id]
        if node["resource_type"] == "source":
            return spec
        schema = node["schema"]
        return spec.replace_attributes(
            key=dg.AssetKey([schema, node["name"]]), group_name=schema, owners=OWNERS, kinds={"dbt", "duckdb"}
        )

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["source_name"], dbt_resource_props["name"]])
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])


def layer_assets(manifest: Path, layer: str) -> dg.AssetsDefinition:
    """One multi-asset a layer, so that gates between layers stop what comes after."""

    @dbt_assets(manifest=manifest, select=f"tag:{layer}", name=layer, dagster_dbt_translator=LayerTranslator())
    def build(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[Any]:
        make = _linking(pipeline.settings) if layer == LAYER else partial(build_layer, pipeline.settings, layer)
        with stage_run(context, pipeline, layer) as run:
            outcomes = [] if run.is_done else make()
        yield from _reports(context, pipeline, outcomes, run.is_done)

    return build


def _linking(settings: Settings) -> Callable[[], list[NodeOutcome]]:
    """Linking with the overrides as they lie there now: a file that cannot be used stops the run before anything."""
    with readable_failure(LAYER):
        return partial(link_cases, settings, checked_overrides(settings))


def _reports(
    context: dg.AssetExecutionContext, pipeline: Pipeline, outcomes: list[NodeOutcome], is_kept: bool
) -> Iterator[Any]:
    keys = _upstream_first(context)
    with pipeline.warehouse(read_only=True) as connection:
        metadata = [table_metadata(connection, ".".join(key.path)) | {"unchanged": is_kept} for key in keys]
        if CASES_TO_LINK in keys:
            metadata[keys.index(CASES_TO_LINK)] |= linking_facts(connection, is_kept)
    for key, facts in zip(keys, metadata, strict=True):
        yield dg.MaterializeResult(asset_key=key, metadata=facts)
    yield from _test_reports(context, {outcome.unique_id.split(".")[2]: outcome for outcome in outcomes}, is_kept)


def _test_reports(
    context: dg.AssetExecutionContext, outcomes: dict[str, NodeOutcome], is_kept: bool
) -> Iterator[dg.AssetCheckResult]:
    """dbt's tests as checks; those of a kept layer passed when it was built, or it would not stand in the ledger."""
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


@dg.asset(
    key=["linkage", "case_keys"],
    deps=[["staging", "staged_inspections"]],
    group_name="linkage",
    kinds={"python", "duckdb"},
    owners=OWNERS,
)
def linkage_case_keys(context: dg.AssetExecutionContext, pipeline: Pipeline) -> dg.MaterializeResult:
    """One row a case: case_id and the keyed hash that stands for it wherever identifiers must not go."""
    with stage_run(context, pipeline, "case_keys") as run, pipeline.warehouse() as connection:
        if not run.is_done:
            cases = connection.execute("select case_id from raw.parsed_inspections order by case_id").df()
            keys = case_keys(cases["case_id"], read_or_make_key(pipeline.settings.key_file))
            write_table(connection, CASE_KEYS, keys)
        metadata = table_metadata(connection, "linkage.case_keys")
    return dg.MaterializeResult(metadata=metadata | {"unchanged": run.is_done})
