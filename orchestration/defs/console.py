"""What a user sees on the terminal: progress while a run lasts, one readable line a step.

Belongs here: turning Dagster's events into words. Not here: the summary at the end (`summary.py`).
"""

import logging
import sys
import time

import dagster as dg

# The tables that tell a user how far a run has come; the UI shows all of them.
WORDS = {
    "raw/parsed_inspections": "case assessments read",
    "raw/parsed_terminations": "sentence terminations read",
    "raw/parsed_reoffending": "reoffending records read",
    "raw/parsed_ratings": "provider ratings read (optional)",
    "raw/parsed_caseload": "caseload cases read (optional)",
    "linkage/match_records": "records that can meet a case",
    "linkage/candidate_pairs": "candidate pairs compared",
    "linkage/termination_matches": "cases matched to a termination",
    "linkage/reoffending_matches": "cases matched to reoffending records",
    "marts/cases": "cases recoded",
    "results/model_coefficients": "model coefficients estimated",
    "results/annex_b": "cells of Annex B",
    "results/stepwise_terms": "verdicts of stepwise selections",
    "results/annex_c": "cells of Annex C",
    "results/linkage_quality": "measures of how good the links are",
    "results/match_bias": "comparisons of matched and unmatched cases",
    "results/sensitivity_ratios": "ratios under other linkage choices",
    "results/sample_design": "providers' sample sizes",
    "results/second_opinion": "comparisons with Splink's links",
    "results/stepwise_inclusion": "bootstrap inclusion frequencies",
    "published/release": "release published",
    "analysis_database": "ad hoc database replaced",
}
_started = time.monotonic()


class _ProgressHandler(logging.Handler):
    """Prints materialisations, failed checks and failures; everything else stays in the UI."""

    def emit(self, record: logging.LogRecord) -> None:
        event = (getattr(record, "dagster_meta", None) or {}).get("dagster_event")
        line = _line_of(event) if event is not None else ""
        if line:
            print(f"{time.monotonic() - _started:6.1f} s  {line}", file=sys.stderr, flush=True)


@dg.logger(None, description="One readable line a step, for the terminal.")
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
    verdict = "passed" if evaluation.passed else "DID NOT PASS"
    return f"  gate: {verdict}"
