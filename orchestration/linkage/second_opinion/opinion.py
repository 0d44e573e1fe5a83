"""The second opinion of one warehouse, from end to end.

Belongs here: the order of the steps, source by source. Not here: any one step, and writing (`assets/`).
"""

from pathlib import Path

import pandas as pd

from orchestration.linkage.second_opinion.agreement import agreement_measures, agreement_table, answers
from orchestration.linkage.second_opinion.disagreements import disagreements, with_fields
from orchestration.linkage.second_opinion.model import REVIEW_THRESHOLD, THRESHOLDS
from orchestration.linkage.second_opinion.scoring import score_pairs
from orchestration.linkage.second_opinion.workspace import splink_workspace

LINKED_SOURCES = ("terminations", "reoffending")


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
    with splink_workspace(warehouse, source) as connection:
        scores = score_pairs(connection)
        ours = connection.execute("select * from our_answers order by case_id").df()
        found = {threshold: answers(ours, scores.pairs, threshold, window_days) for threshold in THRESHOLDS}
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


def _of_source(frame: pd.DataFrame, source: str) -> pd.DataFrame:
    return pd.concat([pd.Series(source, index=frame.index, name="source"), frame], axis=1)
