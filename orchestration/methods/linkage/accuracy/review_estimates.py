"""Precision and recall of the links, estimated from a stratified clerical review.

Belongs here: estimates and intervals from counts by stratum. Not here: how verdicts become counts (`review_tables.py`),
drawing the sample (`review_sample.py`), and accuracy against a complete truth.

A case of the population is in one of three states: its link is right (`correct`); its record lies in the window but
is not the one linked (`missed`); neither. With C correct, D missed and M linked cases, precision is C / M, recall
C / (C + D) and F1 2C / (M + C + D). C and D are sums over strata of size times share.

Intervals. Each stratum's counts get exact limits for sampling without replacement (Wright, Exact Confidence Bounds
when Sampling from Small Finite Universes, 1991): a stratum reviewed whole adds no uncertainty, and one without an
error still adds some. They are joined by the method of variance estimates recovery for linear functions of
proportions (Zou, Huang and Zhang, Computational Statistics and Data Analysis 53, 2009). A ratio r is kept when the
interval of its linear form, for recall (1 - r) C - r D, holds zero (Fieller's argument); each measure is of this kind.
Simulated reviews hold the truth in 93 to 98 of 100 intervals of 95% (docs/clerical-review.md).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

MEASURES = ("precision", "recall", "f1")


@dataclass(frozen=True)
class Linear:
    """The linear form of a measure at the value r: `correct` C + `missed` D + `constant` M, zero at the estimate."""

    correct: float
    missed: float
    constant: float


FORMS: dict[str, Callable[[float], Linear]] = {
    "precision": lambda r: Linear(1.0, 0.0, -r),
    "recall": lambda r: Linear(1.0 - r, -r, 0.0),
    "f1": lambda r: Linear(2.0 - r, -r, -r),
}


@dataclass(frozen=True)
class Stratum:
    """One stratum: cases in the population and reviewed, correct and missed among these, and whether it is linked."""

    population: int
    reviewed: int
    correct: int
    missed: int
    is_linked: bool


@cache
def count_limits(positives: int, reviewed: int, population: int, confidence: float = 0.95) -> tuple[int, int]:
    """Exact limits (lowest, highest) for the number of positive cases in the population.

    `positives` of `reviewed` cases drawn without replacement from `population`. Each limit errs with probability
    at most (1 - confidence) / 2: the hypergeometric counterpart of Clopper and Pearson's limits. Without any
    reviewed case nothing is known: 0 and `population`. Raises ValueError where counts do not fit into each other.
    """
    from scipy.stats import hypergeom

    if not 0 <= positives <= reviewed <= population:
        raise ValueError("positive, reviewed and population counts do not fit into each other")
    tail = (1.0 - confidence) / 2.0
    lowest, highest = positives, population - (reviewed - positives)
    low = _first(lambda d: hypergeom.sf(positives - 1, population, d, reviewed) > tail, lowest, highest)
    high = _last(lambda d: hypergeom.cdf(positives, population, d, reviewed) > tail, lowest, highest)
    return low, high


def _first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The smallest whole number in [low, high] for which a condition holds that holds from some number on."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _last(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The largest whole number in [low, high] for which a condition holds that fails from some number on."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def point_estimate(strata: list[Stratum], measure: str) -> float:
    """The measure (0 to 1) from stratum totals; missing where a stratum has no reviewed case or the measure no base."""
    if any(s.reviewed == 0 and s.population > 0 for s in strata):
        return np.nan
    correct = sum(s.population * s.correct / s.reviewed for s in strata if s.reviewed)
    missed = sum(s.population * s.missed / s.reviewed for s in strata if s.reviewed)
    linked = sum(s.population for s in strata if s.is_linked)
    numerator, denominator = {
        "precision": (correct, linked),
        "recall": (correct, correct + missed),
        "f1": (2 * correct, linked + correct + missed),
    }[measure]
    return numerator / denominator if denominator > 0 else np.nan


def interval(strata: list[Stratum], measure: str, confidence: float = 0.95) -> tuple[float, float]:
    """Lower and upper limit (0 to 1) of a measure; see the module for the method and its papers.

    The limits are the ends of the set of values whose linear form has an interval that holds zero. Missing where the
    estimate is.
    """
    if np.isnan(point_estimate(strata, measure)):
        return np.nan, np.nan
    form = FORMS[measure]
    low = _crossing(lambda r: linear_limits(strata, form(r), confidence)[0])
    high = _crossing(lambda r: linear_limits(strata, form(r), confidence)[1])
    return low, high


def linear_limits(strata: list[Stratum], form: Linear, confidence: float = 0.95) -> tuple[float, float]:
    """Lower and upper limit of `correct` C + `missed` D + `constant` M (in cases) by variance recovery.

    Both distances of one stratum are added before they are squared, as if the two counts moved together against the
    form: within a linked stratum they nearly do, because a wrong link is often a missed one.
    """
    linked = sum(s.population for s in strata if s.is_linked)
    centre, below, above = form.constant * linked, 0.0, 0.0
    for stratum in (s for s in strata if s.reviewed):
        value, down, up = _stratum_distances(stratum, form, confidence)
        centre, below, above = centre + value, below + down**2, above + up**2
    return centre - np.sqrt(below), centre + np.sqrt(above)


def _stratum_distances(stratum: Stratum, form: Linear, confidence: float) -> tuple[float, float, float]:
    value = down = up = 0.0
    weights = ((form.correct, stratum.correct, stratum.is_linked), (form.missed, stratum.missed, True))
    for weight, positives, is_possible in weights:
        if not is_possible:
            continue
        estimate = stratum.population * positives / stratum.reviewed
        low, high = count_limits(positives, stratum.reviewed, stratum.population, confidence)
        to_low, to_high = estimate - low, high - estimate
        value += weight * estimate
        down += weight * to_low if weight >= 0 else -weight * to_high
        up += weight * to_high if weight >= 0 else -weight * to_low
    return value, down, up


def _crossing(function: Callable[[float], float]) -> float:
    """Where a falling function of [0, 1] crosses zero; the end of the range where it does not."""
    low, high = 0.0, 1.0
    if function(low) <= 0:
        return low
    if function(high) >= 0:
        return high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return (low + high) / 2
