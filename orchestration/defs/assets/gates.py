"""Gates as asset checks: judge, record, tell.

Belongs here: running a gate on what the warehouse holds and handing its outcome to Dagster. Not here: what a
gate asks (`expectations/`).
"""

import dagster as dg
import duckdb

from expectations.runner import GateResult
from orchestration.defs.assets.results import rows_of_bulletin
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import StageRun, stage_run
from orchestration.ledger.records import gate_results, record_gate, write_quality_files
from orchestration.publications.bulletin_2023_04.contents import BULLETIN_2023_04
from orchestration.settings import OPTIONAL_SOURCES, SOURCES
from orchestration.storage.warehouse import has_table, read_table


def keep_gate(
    connection: duckdb.DuckDBPyConnection, pipeline: Pipeline, run_id: str, run: StageRun, result: GateResult
) -> None:
    """Record a gate's outcomes in the warehouse and the run's quality folder; a failed gate leaves its stage undone."""
    judged = record_gate(connection, result.frame(), run_id, run.fingerprint, pipeline.settings.parameters)
    write_quality_files(pipeline.settings.quality_dir / run_id, "gate_results", judged)
    if not result.success:
        run.refuse()


def check_result(
    connection: duckdb.DuckDBPyConnection, run: StageRun, key: dg.AssetKey, name: str
) -> dg.AssetCheckResult:
    """The stage's gate as the UI shows it, from the outcomes recorded in the warehouse."""
    outcomes = gate_results(connection, run.name, run.fingerprint)
    failed = outcomes[~outcomes["success"].astype(bool)]
    errors = failed[failed["severity"] == "error"]
    table = outcomes[["expectation", "subject", "success", "severity", "observed"]].astype(str)
    return dg.AssetCheckResult(
        passed=errors.empty,
        asset_key=key,
        check_name=name,
        # what stops the run must not drown in what does not; the table of outcomes has both
        description="\n".join((failed if errors.empty else errors)["message"]) or f"{len(outcomes)} expectations met.",
        metadata={
            "expectations": len(outcomes),
            "failed": len(errors),
            "warnings": len(failed) - len(errors),
            "outcomes": dg.MetadataValue.md(table.to_markdown(index=False)),
        },
    )


LINKAGE_GATE_ON = dg.AssetKey(["linkage", "termination_outcomes"])
PUBLICATION_GATE_ON = dg.AssetKey(["results", "annex_b"])


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

            tables = PublicationTables(
                row_counts=row_counts(connection),
                cases=read_table(connection, "marts.cases"),
                annex_b=read_table(connection, "results.annex_b"),
                match_rates=read_table(connection, "results.match_rates"),
                **{
                    name: rows_of_bulletin(connection, name, BULLETIN_2023_04.bulletin)
                    for name in ("models", "model_terms", "model_coefficients")
                },
            )
            result = run_publication_gate(tables, pipeline.settings.parameters)
            keep_gate(connection, pipeline, context.run.run_id, run, result)
        return check_result(connection, run, PUBLICATION_GATE_ON, "gate")


def row_counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows at every stage, from files to mart: what the publication gate reconciles and the manifest records."""
    counts: dict[str, int] = {}
    optional = [source for source in OPTIONAL_SOURCES if has_table(connection, f"raw.{source}")]
    for source in (*SOURCES, *optional):
        queries = {
            "received": f"select count(*) from raw.{source}",
            "rejected": f"select count(distinct (file, line)) from quality.rejected_rows where source = '{source}'",
            "superseded": f"select count(*) from raw.superseded_rows where source = '{source}'",
            "repeated": f"select coalesce(sum(repeated), 0) from raw.deliveries where source = '{source}'",
            "accepted": f"select count(*) from raw.parsed_{source}",
        }
        counts |= {f"{name}.{source}": _count(connection, query) for name, query in queries.items()}
    counts["matches.terminations"] = _count(connection, "select count(*) from linkage.termination_matches")
    counts["matches.reoffending"] = _count(connection, "select count(*) from linkage.reoffending_matches")
    counts["cases"] = _count(connection, "select count(*) from marts.cases")
    return counts


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])
