"""Does an association depend on the likelihood of reoffending? What the bulletin shows by level, tested.

Belongs here: the products of key question and group of likelihood beside the published models, and the raw gaps by
level with their intervals (2023/04, Figures 5 and 6: differences "across the assessed likelihood levels"). Not here:
the models.
"""

from collections.abc import Iterable, Iterator
from math import sqrt

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.layouts.layout_2023 import ITEM_BY_CODE
from orchestration.methods.layouts.outcomes import OUTCOME, cases_with_outcome
from orchestration.methods.robustness.published_fits import PublishedFit
from orchestration.methods.statistics.fitting import fit_family
from orchestration.methods.statistics.significance import likelihood_ratio, normal_quantile
from orchestration.tables.robustness import JUDGEMENT_GAPS, LIKELIHOOD_INTERACTIONS

GROUP = "ogrs_group"
ALL = "all"
NOTHING_ADDED = "the products add nothing to the model"
NO_CASES = "one of the two answers has no case"
FEWEST = 5
TOO_FEW = "too few cases with or without the outcome for an interval: fewer than five"
HIGHER_LEVELS = (("medium",), ("high", "very_high"))
KEY_QUESTIONS = ("engagement", "desistance")
CONTRASTS = {**{name: (name,) for name in KEY_QUESTIONS}, "both": KEY_QUESTIONS}
GAP_OUTCOMES = ("termination_positive", "reoffended")


def likelihood_interactions(models: Iterable[PublishedFit], cases: pd.DataFrame) -> pd.DataFrame:
    """results.likelihood_interactions: one row a key question of each key-questions model.

    `cases` is marts.cases, which the models were fitted to. The likelihood ratio of two models on the published one's
    cases and terms: with the group of likelihood (low, medium, high or very high: no smaller groups, for few cases are
    at a very high likelihood), and with its products with the key question's answer too.
    """
    rows = (
        _interaction_row(model, place, cases[GROUP])
        for model in models
        for place, term in enumerate(model.specification.judgements)
        if term.name in KEY_QUESTIONS
    )
    return frame_of(LIKELIHOOD_INTERACTIONS, rows)


def _interaction_row(model: PublishedFit, place: int, groups: pd.Series) -> Row:
    design, term = model.design, model.specification.judgements[place]
    row: Row = {"model_id": model.specification.model_id, "term": term.name, "n": design.n}
    if not model.fit.converged:
        return row | {"not_estimable_because": model.fit.failure}
    own = groups.loc[design.cases]
    levels = np.column_stack([own.isin(level).to_numpy(dtype=float) for level in HIGHER_LEVELS])
    answer = design.matrix[:, design.columns(term)]
    with_groups = np.column_stack([design.matrix, levels])
    smaller, larger = (
        fit_family(model.family, matrix, design.outcome)
        for matrix in (with_groups, np.column_stack([with_groups, answer * levels]))
    )
    test = likelihood_ratio(larger, smaller)
    why = smaller.failure or larger.failure or ("" if np.isfinite(test.p) else NOTHING_ADDED)
    return row | {"df": test.df, "lr_chi2": test.chi2, "lr_p": test.p, "not_estimable_because": why or None}


def judgement_gaps(cases: pd.DataFrame, significance_level: float = 0.05) -> pd.DataFrame:
    """results.judgement_gaps from marts.cases: each key question, and both together, in all cases and by likelihood.

    Intervals are normal, with the two shares' own variances; without one where five cases with and five without the
    outcome are not on either side.
    """
    rows = (
        row
        for outcome in GAP_OUTCOMES
        for row in _gap_rows(cases_with_outcome(cases, outcome), outcome, significance_level)
    )
    return frame_of(JUDGEMENT_GAPS, rows)


def _gap_rows(with_outcome: pd.DataFrame, outcome: str, significance_level: float) -> Iterator[Row]:
    for contrast, items in CONTRASTS.items():
        for group in (ALL, *ITEM_BY_CODE[GROUP].codes):
            own = with_outcome if group == ALL else with_outcome[with_outcome[GROUP] == group]
            sides = [own.loc[(own[list(items)] == answer).all(axis=1), OUTCOME] for answer in ("yes", "no")]
            yes, no = ((int(side.sum()), len(side)) for side in sides)
            yield {"outcome": outcome, "contrast": contrast, "likelihood": group, **_gap(yes, no, significance_level)}


def _gap(yes: tuple[int, int], no: tuple[int, int], significance_level: float) -> Row:
    row: Row = {"n_yes": yes[1], "n_no": no[1]}
    if not (yes[1] and no[1]):
        return row | {"not_estimable_because": NO_CASES}
    row |= {"percent_yes": 100 * yes[0] / yes[1], "percent_no": 100 * no[0] / no[1]}
    gap, error = difference_of_shares(yes, no)
    row["gap"] = 100 * gap
    if min(events for side in (yes, no) for events in (side[0], side[1] - side[0])) < FEWEST:
        return row | {"not_estimable_because": TOO_FEW}
    reach = normal_quantile(significance_level) * error
    return row | {"ci_low": 100 * (gap - reach), "ci_high": 100 * (gap + reach)}


def difference_of_shares(first: tuple[int, int], second: tuple[int, int]) -> tuple[float, float]:
    """The difference of two shares, each (events, cases), and its standard error (unpooled)."""
    shares = [(events / n, n) for events, n in (first, second)]
    return shares[0][0] - shares[1][0], sqrt(sum(share * (1 - share) / n for share, n in shares))
