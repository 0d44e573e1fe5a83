"""What people reoffended with, and how severely, by the answers to the key questions.

Belongs here: counts and means with their intervals, not adjusted for anything. Not here: models (`reoffence_models`),
what counts as a reoffence (dbt, `models/staging/offences`).
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.stats import t

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.layouts.outcomes import numbers
from orchestration.methods.layouts.specification import JUDGEMENTS
from orchestration.methods.statistics.intervals import wilson
from orchestration.tables.reoffence_types import REOFFENCE_SEVERITY, REOFFENCE_TYPES

ALL = "all"
NO_CASES = "no case has this answer"
TOO_FEW = "fewer than two cases with this answer reoffended"


def type_table(cases: pd.DataFrame, significance_level: float = 0.05) -> pd.DataFrame:
    """results.reoffence_types; `cases`: marts.cases with the columns of marts.reoffence_types, matched cases alone."""
    groups = cases["offence_groups"].fillna("").str.split()
    names = sorted({name for own in groups for name in own})
    rows = (
        _type_row(own, name, significance_level) | {"judgement": judgement, "answer": answer}
        for name in names
        for judgement, answer, own in _by_answer(cases)
    )
    return frame_of(REOFFENCE_TYPES, rows)


def _type_row(own: pd.DataFrame, group: str, significance_level: float) -> Row:
    n = len(own)
    if not n:
        return {"offence_group": group, "n": 0, "not_estimable_because": NO_CASES}
    reoffended = int(own["offence_groups"].fillna("").str.split().map(lambda names: group in names).sum())
    low, high = wilson(reoffended, n, 1 - significance_level)
    return {
        "offence_group": group,
        "n": n,
        "n_reoffended": reoffended,
        "percent": 100 * reoffended / n,
        "ci_low": 100 * low,
        "ci_high": 100 * high,
        "n_most_severe": int(own["most_severe_group"].eq(group).fillna(False).sum()),
    }


def severity_table(cases: pd.DataFrame, significance_level: float = 0.05) -> pd.DataFrame:
    """results.reoffence_severity, of those who reoffended; `cases` as in `type_table`."""
    reoffended = cases[numbers(cases["reoffended"]).eq(1)]
    rows = (
        _severity_row(own, significance_level) | {"judgement": judgement, "answer": answer}
        for judgement, answer, own in (_by_answer(reoffended) if len(cases) else ())
    )
    return frame_of(REOFFENCE_SEVERITY, rows)


def _severity_row(own: pd.DataFrame, significance_level: float) -> Row:
    row: Row = {"n": len(own)}
    if len(own) < 2:
        return row | {"not_estimable_because": TOO_FEW}
    for name in ("total", "highest"):
        values = numbers(own[f"severity_{name}"]).to_numpy()
        reach = float(t.isf(significance_level / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
        mean = float(values.mean())
        row |= {f"mean_{name}": mean, f"{name}_low": mean - reach, f"{name}_high": mean + reach}
    return row


def _by_answer(cases: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """All cases, then those of each answer to each key question, the good one first."""
    yield ALL, ALL, cases
    for term in JUDGEMENTS["key_questions"]:
        for answer in reversed(term.levels):
            yield term.name, answer, cases[cases[term.name].eq(answer).fillna(False)]
