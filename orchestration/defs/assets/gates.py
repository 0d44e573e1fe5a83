"""Gates between stages, as asset checks: judge what the warehouse holds.

Belongs here: handing tables to a gate. Not here: what a gate asks (`expectations/`), what becomes of its outcome
(`defs/gate_runs.py`), and the gates of the extracts, which judge rows before they are written (`extracts.py`).
"""

import dagster as dg

from orchestration.defs.assets.results import rows_of_bulletin
from orchestration.defs.gate_runs import check_result, keep_gate
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import stage_run
from orchestration.storage.warehouse import read_table
from orchestration.tables.bulletins import BULLETIN_2020, BULLETIN_2023

LINKAGE_GATE_ON = dg.AssetKey(["linkage", "termination_outcomes"])
PUBLICATION_GATE_ON = dg.AssetKey(["results", "annex_b"])
NEEDS_GATE_ON = dg.AssetKey(["results", "annex_c"])


@dg.asset_check(
    asset=LINKAGE_GATE_ON,
    name="gate",
    blocking=True,
    additional_deps=[
        ["linkage", "termination_matches"], ["linkage", "reoffending_outcomes"], ["linkage", "reoffending_matches"],
        ["linkage", "overrides_outcomes"],
    ],
    description="Great Expectations suite expectations/linkage.py: statuses add up, window kept, match rates in band.",
)  # fmt: skip
def linkage_gate(context: dg.AssetCheckExecutionContext, pipeline: Pipeline) -> dg.AssetCheckResult:
    """Judge the links before anything is built on them."""
    with stage_run(context, pipeline, "linkage_gate") as run, pipeline.warehouse() as connection:
        if not run.is_done:
            from expectations.linkage import LinkedTables, run_linkage_gate

            tables = LinkedTables(
                cases=connection.execute("select case_id, case_type from raw.parsed_inspections").df(),
                **{
                    name: read_table(connection, f"linkage.{name}")
                    for name in (
                        "termination_outcomes",
                        "termination_matches",
                        "reoffending_outcomes",
                        "reoffending_matches",
                        "overrides_outcomes",
                    )
                },
            )
            result = run_linkage_gate(tables, pipeline.settings.parameters)
            keep_gate(connection, pipeline, context.run.run_id, run, result)
        return check_result(connection, run, LINKAGE_GATE_ON, "gate")


@dg.asset_check(
    asset=PUBLICATION_GATE_ON,
    name="gate",
    blocking=True,
    additional_deps=[["results", "match_rates"], ["results", "models"], ["results", "model_terms"]],
    description="Great Expectations suite expectations/publication.py: rows reconcile, cells add up, models converged.",
)
def publication_gate(context: dg.AssetCheckExecutionContext, pipeline: Pipeline) -> dg.AssetCheckResult:
    """Judge the results before they are published."""
    with stage_run(context, pipeline, "publication_gate") as run, pipeline.warehouse() as connection:
        if not run.is_done:
            from expectations.publication import PublicationTables, run_publication_gate
            from orchestration.releases.row_counts import row_counts

            tables = PublicationTables(
                row_counts=row_counts(connection),
                cases=read_table(connection, "marts.cases"),
                annex_b=read_table(connection, "results.annex_b"),
                match_rates=read_table(connection, "results.match_rates"),
                **{
                    name: rows_of_bulletin(connection, name, BULLETIN_2023)
                    for name in ("models", "model_terms", "model_coefficients")
                },
            )
            result = run_publication_gate(tables, pipeline.settings.parameters)
            keep_gate(connection, pipeline, context.run.run_id, run, result)
        return check_result(connection, run, PUBLICATION_GATE_ON, "gate")


@dg.asset_check(
    asset=NEEDS_GATE_ON,
    name="gate",
    blocking=True,
    additional_deps=[["results", name] for name in ("needs_counts", "needs_cooccurrence", "stepwise_terms")],
    description="Great Expectations suite expectations/needs.py: cells add up, verdicts are the models', converged.",
)
def needs_gate(context: dg.AssetCheckExecutionContext, pipeline: Pipeline) -> dg.AssetCheckResult:
    """Judge the results of the bulletin before they are published."""
    with stage_run(context, pipeline, "needs_gate") as run, pipeline.warehouse() as connection:
        if not run.is_done:
            from expectations.needs import NeedsTables, run_needs_gate

            tables = NeedsTables(
                cases=read_table(connection, "marts.cases"),
                **{
                    name: read_table(connection, f"results.{name}")
                    for name in ("annex_c", "needs_counts", "needs_cooccurrence", "stepwise_terms")
                },
                **{
                    name: rows_of_bulletin(connection, name, BULLETIN_2020)
                    for name in ("models", "model_terms", "model_coefficients", "headlines")
                },
            )
            keep_gate(connection, pipeline, context.run.run_id, run, run_needs_gate(tables))
        return check_result(connection, run, NEEDS_GATE_ON, "gate")
