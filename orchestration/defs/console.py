"""What a user sees of a run on the terminal: one readable line for each thing it has made.

Belongs here: turning Dagster's events into words. Not here: what runs now (`stage_runs.py` says it), how both are shown
(`commands/live_line.py`), and the summary at the end (`commands/summary.py`).
"""

import logging

import dagster as dg

from orchestration.ledger.stages import STAGES
from orchestration.storage import progress

# The tables that tell a user how far a run has come; the UI shows all of them.
WORDS = {asset: words for stage in STAGES.values() for asset, words in stage.counted.items()}
WORDS["analysis_database"] = "ad hoc database replaced"


class _ProgressHandler(logging.Handler):
    """Notes materialisations and failed checks; everything else stays in the UI."""

    def emit(self, record: logging.LogRecord) -> None:
        event = (getattr(record, "dagster_meta", None) or {}).get("dagster_event")
        line = _line_of(event) if event is not None else ""
        if line:
            progress.note(line)


@dg.logger(None, description="One readable line a step, for the terminal.")
def progress_logger(_context: dg.InitLoggerContext) -> logging.Logger:
    """A logger that tells of a run's progress."""
    logger = logging.getLogger("probation_outcomes.progress")
    logger.handlers = [_ProgressHandler()]
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    return logger


def _line_of(event: dg.DagsterEvent) -> str:
    if event.event_type_value == "ASSET_MATERIALIZATION" and event.asset_key is not None:
        return _materialised(event)
    if event.event_type_value == "ASSET_CHECK_EVALUATION":
        return _checked(event)
    return ""


def _materialised(event: dg.DagsterEvent) -> str:
    words = WORDS.get(event.asset_key.to_user_string()) if event.asset_key else None
    if words is None:
        return ""
    metadata = event.step_materialization_data.materialization.metadata
    rows, is_kept = metadata.get("dagster/row_count"), metadata.get("unchanged")
    count = f"{rows.value:>9,}" if rows is not None else " " * 9
    return f"{words:<42} {count}  {'unchanged, kept' if is_kept is not None and is_kept.value else ''}".rstrip()


def _checked(event: dg.DagsterEvent) -> str:
    evaluation = event.asset_check_evaluation_data
    name = "/".join(evaluation.asset_key.path)
    if evaluation.check_name != "gate":
        return "" if evaluation.passed else f"test failed: {evaluation.check_name} on {name}"
    if evaluation.passed:
        return "  gate: passed"
    is_warning = evaluation.severity is dg.AssetCheckSeverity.WARN
    return f"  gate: {'passed, with warnings' if is_warning else 'DID NOT PASS'}"
