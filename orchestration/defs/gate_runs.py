"""A gate's outcome kept and told.

Belongs here: what every gate shares. Not here: any one gate (`assets/`) and what it asks (`expectations/`).
"""

import dagster as dg
import duckdb

from expectations.runner import GateResult
from orchestration.defs.resources import Pipeline
from orchestration.defs.stage_runs import StageRun
from orchestration.ledger.records import gate_results, record_gate, write_quality_files


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
        passed=failed.empty,
        severity=dg.AssetCheckSeverity.WARN if errors.empty else dg.AssetCheckSeverity.ERROR,  # a warning stops nothing
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
