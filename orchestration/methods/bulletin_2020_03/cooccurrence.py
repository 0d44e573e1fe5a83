"""Which needs, and which strengths, occur together (2020/03, 2.2.1).

"The strongest relationship was between drug misuse and lifestyle - both were present in a third (33%) of the cases."
The bulletin does not name its measure of strength. Ours is phi, the correlation of two yes/no answers: it does not
grow merely because both needs are common, as the share of cases with both does (thinking and behaviour, recorded in
five cases of six, would top that list with anything). Odds ratio, lift and Jaccard index stand beside it, each
with its rank, so that a reader sees which measures agree.

Belongs here: results.needs_cooccurrence. Not here: the drawing of the heat map (`publications`).
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import declared
from orchestration.methods.layouts.layout_2020 import MEASURE_BY_CODE, NEED_COLUMNS, STRENGTH_COLUMNS
from orchestration.methods.layouts.measures import cases_with_measure
from orchestration.methods.layouts.outcomes import OUTCOME
from orchestration.methods.statistics.significance import normal_quantile
from orchestration.tables.needs import NEEDS_COOCCURRENCE

STATED_MEASURE = "phi"
RANKED = (STATED_MEASURE, "odds_ratio", "lift", "jaccard", "percent_both")
COLUMNS = {"needs": NEED_COLUMNS, "strengths": STRENGTH_COLUMNS}


def needs_cooccurrence(cases: pd.DataFrame, significance_level: float = 0.05) -> pd.DataFrame:
    """Every pair of needs (28) and of strengths (10): how often together, and how strongly related.

    `cases`: marts.cases; a missing answer counts as not identified, as in Tables C1 and C2. Percentages are of all
    cases, of those with the first, and of those with the second; the interval is the odds ratio's (Woolf's, on the
    logarithm). A measure that cannot be had (a need that nobody or everybody has; for the odds ratio an empty cell)
    is missing and has no rank. Ranks run within needs and within strengths, 1 the strongest, ties alike.
    """
    kinds = [_ranked(pd.DataFrame(_pairs(cases, kind, significance_level))) for kind in COLUMNS]
    return declared(NEEDS_COOCCURRENCE, pd.concat(kinds, ignore_index=True))


def _pairs(cases: pd.DataFrame, kind: str, significance_level: float) -> Iterator[dict[str, object]]:
    present = {column: _is_present(cases, column) for column in COLUMNS[kind]}
    for first, second in combinations(COLUMNS[kind], 2):
        table = _two_by_two(present[first], present[second])
        yield {"kind": kind, "first": first, "second": second, **pair_measures(table, significance_level)}


def _is_present(cases: pd.DataFrame, column: str) -> np.ndarray:
    return cases_with_measure(cases, MEASURE_BY_CODE[column])[OUTCOME].to_numpy(dtype=bool)


def _two_by_two(first: np.ndarray, second: np.ndarray) -> tuple[int, int, int, int]:
    return (
        int((first & second).sum()),
        int((first & ~second).sum()),
        int((~first & second).sum()),
        int((~first & ~second).sum()),
    )


def pair_measures(table: Sequence[int], significance_level: float = 0.05) -> dict[str, float]:
    """Counts and measures of one two-by-two table: (both, first alone, second alone, neither)."""
    both, first_alone, second_alone, neither = table
    n, n_first, n_second = sum(table), both + first_alone, both + second_alone
    margins = float(n_first) * (n - n_first) * n_second * (n - n_second)
    odds_ratio, ci_low, ci_high = _odds_ratio(table, significance_level)
    return {
        "n": n,
        "n_first": n_first,
        "n_second": n_second,
        "n_both": both,
        "percent_both": _quotient(100 * both, n),
        "percent_of_first": _quotient(100 * both, n_first),
        "percent_of_second": _quotient(100 * both, n_second),
        "phi": _quotient(both * neither - first_alone * second_alone, margins**0.5),
        "odds_ratio": odds_ratio,
        "ci_low": ci_low,
        "ci_high": ci_high,
        "lift": _quotient(both * n, n_first * n_second),
        "jaccard": _quotient(both, n - neither),
    }


def _odds_ratio(table: Sequence[int], significance_level: float) -> tuple[float, float, float]:
    if min(table) == 0:
        return (float("nan"),) * 3
    both, first_alone, second_alone, neither = table
    estimate = (both * neither) / (first_alone * second_alone)
    reach = normal_quantile(significance_level) * sum(1 / cell for cell in table) ** 0.5
    return estimate, float(estimate * np.exp(-reach)), float(estimate * np.exp(reach))


def _quotient(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _ranked(pairs: pd.DataFrame) -> pd.DataFrame:
    ranks = {f"rank_{measure}": pairs[measure].rank(method="min", ascending=False) for measure in RANKED}
    return pairs.assign(**{name: rank.astype("Int64") for name, rank in ranks.items()})
