"""What a user sees of a run: which step runs now, and one readable line for what it has made.

Belongs here: turning Dagster's events into words. Not here: how they are shown (`commands/live_line.py`), and the
summary at the end (`commands/summary.py`).
"""

import logging

import dagster as dg

from orchestration.storage import progress

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
# What a step does while it runs, by the name that Dagster gives the step.
STEPS = {
    "raw__parsed_inspections": "reading case assessments",
    "raw__parsed_terminations": "reading sentence terminations",
    "raw__parsed_reoffending": "reading reoffending records",
    "raw__parsed_ratings": "reading provider ratings",
    "raw__parsed_caseload": "reading eligible caseloads",
    "staging": "cleaning the extracts",
    "linkage": "linking cases to their records",
    "linkage__case_keys": "making case keys",
    "linkage__termination_outcomes_gate": "judging the links",
    "linkage_overrides": "keeping reviewers' overrides",
    "marts": "recoding cases",
    "bulletin_models": "fitting the models of Bulletin 2023/04",
    "bulletin_tables": "making the tables of Bulletin 2023/04",
    "needs_models": "fitting the models of Bulletin 2020/03",
    "needs_tables": "making the tables of Bulletin 2020/03",
    "linkage_quality": "judging the links against the truth",
    "linkage_review": "reading clerical reviews",
    "linkage_sensitivity": "linking again with other choices",
    "linkage_bias": "asking who is missing",
    "sample_design": "judging the samples",
    "results__annex_b_gate": "judging the results of Bulletin 2023/04",
    "results__annex_c_gate": "judging the results of Bulletin 2020/03",
    "splink_second_opinion": "asking Splink",
    "stepwise_stability": "selecting again from resamples",
    "published__release": "writing the release",
    "analysis_database": "writing the ad hoc database",
}


class _ProgressHandler(logging.Handler):
    """Says which step runs, and notes materialisations and failed checks; everything else stays in the UI."""

    def emit(self, record: logging.LogRecord) -> None:
        event = (getattr(record, "dagster_meta", None) or {}).get("dagster_event")
        if event is None:
            return
        if event.event_type_value == "STEP_START":
            progress.say(step_words(event.step_key))
        elif line := _line_of(event):
            progress.note(line)


def step_words(step: str) -> str:
    """What a step does, in words that "still" can stand before."""
    return STEPS.get(step, step.replace("__", " ").replace("_", " "))


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
    verdict = "passed" if evaluation.passed else "DID NOT PASS"
    return f"  gate: {verdict}"
