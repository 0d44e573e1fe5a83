"""Confidence intervals for proportions: one sample, a stratified sample, and the F1 score.

Belongs here: the arithmetic of intervals. Not here: what is counted (`quality.py`, `losses.py`).
"""

from collections.abc import Sequence
from math import nan, sqrt
from statistics import NormalDist
from typing import NamedTuple

LEVEL = 0.95


class StratifiedProportion(NamedTuple):
    """A proportion weighted back to the population, its interval, and the simple sample size it is worth."""

    value: float
    low: float
    high: float
    effective_n: float


def wilson(successes: float, n: float, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's score interval (1927) of a proportion, without continuity correction, as proportions.

    `successes` of `n` trials; neither need be a whole number, so that a weighted sample can enter with its
    effective size. (nan, nan) where nothing was tried. Raises ValueError for a count outside 0 to n.
    """
    if not 0 <= successes <= n:
        raise ValueError("successes must lie between 0 and n")
    if n == 0:
        return nan, nan
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = successes / n
    centre = share + z * z / (2 * n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)
    return (0.0 if successes == 0 else max(low, 0.0)), (1.0 if successes == n else min(high, 1.0))


def f1_score(true_links: float, false_links: float, missed_links: float) -> float:
    """The harmonic mean of precision and recall, 2t / (2t + f + m); nan where there is no link of any kind."""
    total = 2 * true_links + false_links + missed_links
    return 2 * true_links / total if total else nan


def f1_interval(true_links: int, false_links: int, missed_links: int, level: float = LEVEL) -> tuple[float, float]:
    """Interval of the F1 score from the Wilson interval of t / (t + f + m).

    F1 = 2j / (1 + j) with j = t / (t + f + m), the share of true links among all links made or owed. The
    function is increasing, so the ends of j's Wilson interval go over into the ends of F1's with the same
    coverage. (nan, nan) where there is no link of any kind.
    """
    low, high = wilson(true_links, true_links + false_links + missed_links, level)
    return 2 * low / (1 + low), 2 * high / (1 + high)


def stratified_proportion(
    successes: Sequence[float], sampled: Sequence[float], population: Sequence[float], level: float = LEVEL
) -> StratifiedProportion:
    """A proportion from a stratified random sample, weighted back to the population, with a Wilson interval.

    One entry a stratum: successes, rows sampled, rows in the population. Value: sum of N_h / N times p_h. The
    interval is Wilson's with the effective size q (1 - q) / variance (Korn and Graubard 1998; Dean and Pagano
    2015), where the variance is the sum of (N_h / N)^2 (1 - n_h / N_h) q_h (1 - q_h) / n_h (Cochran 1977, 5.4),
    q_h = (successes + 1/2) / (n_h + 1) and q their weighted mean. With p_h in the place of q_h a large stratum
    unanimous in its sample would count as known for sure: at shares such as 99.9% the interval then holds the
    truth far less often than it says (a test simulates it). Where every row was sampled there is no sampling
    error and the interval is the value itself.

    Strata without population are left out. All nan where a stratum with population was not sampled, or where
    there is no population. Raises ValueError where more was sampled than there is.
    """
    strata = [(s, n, size) for s, n, size in zip(successes, sampled, population, strict=True) if size > 0]
    if any(n > size or not 0 <= s <= n for s, n, size in strata):
        raise ValueError("successes, sample and population must be in ascending order in every stratum")
    total = sum(size for _, _, size in strata)
    if not strata or any(n == 0 for _, n, _ in strata):
        return StratifiedProportion(nan, nan, nan, nan)
    value = sum(size / total * s / n for s, n, size in strata)
    if all(n == size for _, n, size in strata):
        return StratifiedProportion(value, value, value, float(total))
    effective_n = _effective_n(strata, total)
    low, high = wilson(min(value, 1.0) * effective_n, effective_n, level)
    return StratifiedProportion(value, low, high, effective_n)


def _effective_n(strata: list[tuple[float, float, float]], total: float) -> float:
    shrunk = [(s + 0.5) / (n + 1) for s, n, _ in strata]
    variance = sum(
        (size / total) ** 2 * (1 - n / size) * q * (1 - q) / n for q, (_, n, size) in zip(shrunk, strata, strict=True)
    )
    mean = sum(size / total * q for q, (_, _, size) in zip(shrunk, strata, strict=True))
    return mean * (1 - mean) / variance
