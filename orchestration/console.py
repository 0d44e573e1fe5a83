"""What a user sees on the terminal: progress while a run lasts, one readable line a step.

Belongs here: turning Dagster's events into words. Not here: the summary at the end (`summary.py`).
"""

import logging
import sys
import time

import dagster as dg

_started = time.monotonic()


class _ProgressHandler(logging.Handler):
    """Prints materialisations, failed checks and failures; everything else stays in the UI."""

    def emit(self, record: logging.LogRecord) -> None:
        event = (getattr(record, "dagster_meta", None) or {}).get("dagster_event")
        line = _line_of(event) if event is not None else ""
        if line:
            print(f"{time.monotonic() - _started:6.1f} s  {line}", file=sys.stderr, flush=True)


@dg.logger(description="One readable line a step, for the terminal.")
def progress_logger(_context: dg.InitLoggerContext) -> logging.Logger:
    """A logger that prints progress to standard error."""
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
    metadata = event.step_materialization_data.materialization.metadata
    name = "/".join(event.asset_key.path)
    rows = metadata.get("dagster/row_count")
    is_kept = metadata.get("unchanged")
    note = "unchanged, kept" if is_kept is not None and is_kept.value else ""
    if rows is not None:
        note = f"{rows.value:>9,} rows  {note}"
    return f"{name:<40} {note}".rstrip()


def _checked(event: dg.DagsterEvent) -> str:
    evaluation = event.asset_check_evaluation_data
    if evaluation.check_name != "gate" and evaluation.passed:
        return ""
    name = "/".join(evaluation.asset_key.path)
    verdict = "passed" if evaluation.passed else "FAILED"
    return f"{name:<40} {evaluation.check_name} {verdict}"
