"""The second opinion of one warehouse, from end to end.

Belongs here: the order of the steps, source by source. Not here: any one step, and writing (`assets/`).
"""

from pathlib import Path

import pandas as pd

from orchestration.linkage.probabilistic.model import REVIEW_THRESHOLD, THRESHOLDS
from orchestration.linkage.probabilistic.scoring import Scores, score_pairs
from orchestration.linkage.probabilistic.workspace import compared_rows, splink_workspace
from orchestration.linkage.second_opinion.agreement import agreement_measures, agreement_table, answers
from orchestration.linkage.second_opinion.disagreements import disagreements, with_fields
from orchestration.tables.contract import CONTRACT

LINKED_SOURCES = ("terminations", "reoffending")
# Pairs that Splink holds likely, and our own links whatever their score.
DATED_PAIRS = """
    select
        scored.unique_id_l as case_id,
        scored.unique_id_r as record_id,
        scored.match_weight,
        scored.match_probability,
        try_cast(record_dates.record_date - case_dates.start_date as integer) as date_difference_days
    from {scored} as scored
    inner join case_dates on scored.unique_id_l = case_dates.case_id
    inner join record_dates on scored.unique_id_r = record_dates.record_id
    left join our_answers
        on scored.unique_id_l = our_answers.case_id and scored.unique_id_r = our_answers.our_record_id
    where scored.match_probability >= ? or our_answers.case_id is not null
    order by all
"""


def second_opinion(warehouse: Path, window_days: int) -> dict[str, pd.DataFrame]:
    """The tables of the second opinion, by name, each with the column `source` first.

    `second_opinion`, `second_opinion_agreement`, `second_opinion_parameters` hold counts and parameters;
    `second_opinion_disagreements` holds rows and is restricted. Raises PipelineError without splink, or where
    the warehouse is not linked.
    """
    parts: dict[str, list[pd.DataFrame]] = {}
    for source in LINKED_SOURCES:
        for name, frame in source_opinion(warehouse, source, window_days).items():
            parts.setdefault(name, []).append(frame)
    return {name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()}


def source_opinion(warehouse: Path, source: str, window_days: int) -> dict[str, pd.DataFrame]:
    """The same tables for one source, `terminations` or `reoffending`: a model of its own for each."""
    with splink_workspace(warehouse, opinion_tables(source)) as connection:
        scores = score_pairs(connection)
        pairs = dated_pairs(scores)
        ours = connection.execute("select * from our_answers order by case_id").df()
        found = {threshold: answers(ours, pairs, threshold, window_days) for threshold in THRESHOLDS}
        prior = float(scores.parameters["m"].iloc[0])
        ranked = disagreements(found[REVIEW_THRESHOLD], REVIEW_THRESHOLD, prior)
        listed = with_fields(connection, ranked)
    tables = {
        "second_opinion": agreement_table(found),
        "second_opinion_agreement": agreement_measures(found),
        "second_opinion_parameters": scores.parameters,
        "second_opinion_disagreements": listed,
    }
    return {name: _of_source(frame, source) for name, frame in tables.items()}


def dated_pairs(scores: Scores) -> pd.DataFrame:
    """Pairs at the lowest threshold or above, and those of our own links whatever their score.

    case_id, record_id, match_weight (log2 of the odds), match_probability, date_difference_days.
    """
    return scores.connection.execute(DATED_PAIRS.format(scored=scores.scored), [min(THRESHOLDS)]).df()


def opinion_tables(source: str) -> dict[str, str]:
    """What the opinion on one source reads of the warehouse, as `splink_workspace` takes it."""
    cases = f"(select * from warehouse.linkage.eligible_cases where source = '{source}')"
    return {
        **compared_rows(source, cases),
        "our_answers": "select decisions.case_id, decisions.status as our_status, decided.record_id as our_record_id, "
        "decided.rule as our_rule from warehouse.linkage.decisions as decisions "
        "left join warehouse.linkage.decided_records as decided on decisions.source = decided.source "
        "and decisions.case_id = decided.case_id and decided.record_order = 1 "
        f"where decisions.source = '{source}' order by decisions.case_id",
        "case_dates": f"select case_id, start_date from {cases}",
        "record_dates": f"select record_id, {CONTRACT[source].date_column} as record_date "
        f"from warehouse.raw.parsed_{source}",
    }


def _of_source(frame: pd.DataFrame, source: str) -> pd.DataFrame:
    return pd.concat([pd.Series(source, index=frame.index, name="source"), frame], axis=1)
