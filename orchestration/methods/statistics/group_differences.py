"""Two groups compared on one item: standardised differences, tests, effect sizes with intervals.

Belongs here: the formulas for one item. Not here: which groups and items (`linkage/bias`, `sampling`).
"""

from dataclasses import dataclass

import numpy as np

from orchestration.methods.statistics.discrimination import roc_area
from orchestration.methods.statistics.maximum_likelihood import Vector
from orchestration.methods.statistics.significance import NamedTest, normal_quantile, pearson

# Cochran's rule: the chi-square approximation holds where no expected count is below 1 and at most a fifth below 5.
LEAST_EXPECTED, SMALL_EXPECTED, LARGEST_SMALL_SHARE = 1.0, 5.0, 0.2
MONTE_CARLO_TABLES = 99_999
_MONTE_CARLO_SEED = 20230401
_ROUNDING = 1 - 1e-9


@dataclass(frozen=True)
class Effect:
    """An effect size and its interval; `measure` is "" and the rest NaN where there is none."""

    measure: str = ""
    size: float = np.nan
    ci_low: float = np.nan
    ci_high: float = np.nan


def share_difference(first: float, second: float) -> float:
    """Austin's (2009) standardised difference of two shares (0-1), signed; NaN where a spread is nought."""
    return _over_spread(first - second, first * (1 - first), second * (1 - second))


def mean_difference(first: float, second: float, first_variance: float, second_variance: float) -> float:
    """Austin's (2009) standardised difference of two means: over the root of the mean variance, signed."""
    return _over_spread(first - second, first_variance, second_variance)


def _over_spread(difference: float, first_variance: float, second_variance: float) -> float:
    spread = np.sqrt((first_variance + second_variance) / 2)
    if spread > 0:
        return float(difference / spread)
    return 0.0 if difference == 0 else np.nan


def multinomial_difference(first: Vector, second: Vector) -> float:
    """Yang and Dalton's (2012) standardised difference of two sets of shares over categories, never negative.

    Both sum to 1. Categories without a case in either are left out; with two categories it is the absolute
    value of Austin's. NaN where the shares are unknown or the two groups share no category.
    """
    present = (first + second) > 0
    one, two = first[present][1:], second[present][1:]
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return np.nan
    gap = one - two
    if not gap.any():
        return 0.0
    covariance = (np.diag(one) - np.outer(one, one) + np.diag(two) - np.outer(two, two)) / 2
    if np.linalg.cond(covariance) > 1 / np.finfo(float).eps:
        return np.nan
    return float(np.sqrt(gap @ np.linalg.solve(covariance, gap)))


def compare_counts(first: np.ndarray, second: np.ndarray) -> NamedTest:
    """Whether two groups' counts over categories differ: Pearson's chi-square, exact where counts are small.

    By Cochran's rule: Fisher's exact test of two categories (two-sided by probability, no statistic), else the
    chi-square's own distribution given both margins, from 99,999 random tables of a fixed seed.
    """
    total = first + second
    kept = total > 0
    plain = pearson(first[kept], total[kept])
    if not np.isfinite(plain.chi2):
        return NamedTest()
    expected = np.outer([first.sum(), second.sum()], total[kept]) / total.sum()
    if expected.min() >= LEAST_EXPECTED and (expected < SMALL_EXPECTED).mean() <= LARGEST_SMALL_SHARE:
        return NamedTest("pearson", plain.chi2, plain.df, plain.p)
    if kept.sum() == 2:
        return _fisher(first[kept], second[kept])
    return NamedTest("pearson_monte_carlo", plain.chi2, np.nan, _monte_carlo_p(first[kept], total[kept], plain.chi2))


def _fisher(first: np.ndarray, second: np.ndarray) -> NamedTest:
    from scipy.stats import fisher_exact

    return NamedTest("fisher_exact", np.nan, np.nan, float(fisher_exact(np.array([first, second])).pvalue))


def _monte_carlo_p(first: np.ndarray, total: np.ndarray, observed: float) -> float:
    """The share of tables with these margins whose chi-square is at least the observed, itself counted."""
    n_first, n = int(first.sum()), int(total.sum())
    draws = np.random.default_rng(_MONTE_CARLO_SEED).multivariate_hypergeometric(
        total.astype(int), n_first, size=MONTE_CARLO_TABLES, method="marginals"
    )
    expected = n_first * total / n
    # Both rows of the table deviate alike, so the whole statistic is this row's times n / n_second.
    statistics = ((draws - expected) ** 2 / expected).sum(axis=1) * n / (n - n_first)
    return float(((statistics >= observed * _ROUNDING).sum() + 1) / (MONTE_CARLO_TABLES + 1))


def cramers_v(first: np.ndarray, second: np.ndarray, significance_level: float) -> Effect:
    """Cramer's V of two groups over categories; the interval from the noncentral chi-square (Steiger 2004).

    Two groups, so V is the root of chi-square over n. The interval is that of the population's V: it starts at
    0 where the test is not significant at half the level.
    """
    plain = pearson(first, first + second)
    if not np.isfinite(plain.chi2):
        return Effect()
    n = float(first.sum() + second.sum())
    low = _noncentrality(plain.chi2, plain.df, 1 - significance_level / 2)
    high = _noncentrality(plain.chi2, plain.df, significance_level / 2)
    limits = [min(float(np.sqrt(limit / n)), 1.0) for limit in (low, high)]
    return Effect("cramers_v", float(np.sqrt(plain.chi2 / n)), limits[0], limits[1])


def _noncentrality(chi2: float, df: int, below: float) -> float:
    """The noncentrality at which a share `below` of the distribution lies below chi2; 0 where there is none."""
    from scipy.optimize import brentq
    from scipy.special import chndtr

    if chndtr(chi2, df, 0.0) <= below:
        return 0.0
    top = chi2 + 10.0
    while chndtr(chi2, df, top) > below:
        top *= 2
    return float(brentq(lambda noncentrality: chndtr(chi2, df, noncentrality) - below, 0.0, top, xtol=1e-9))


def welch(first: Vector, second: Vector) -> NamedTest:
    """Welch's t-test of two means, two-sided; nothing where a group has fewer than two values or no spread."""
    from scipy.stats import t

    if min(len(first), len(second)) < 2:
        return NamedTest()
    errors = np.array([values.var(ddof=1) / len(values) for values in (first, second)])
    if errors.sum() == 0:
        return NamedTest()
    statistic = float((first.mean() - second.mean()) / np.sqrt(errors.sum()))
    df = float(errors.sum() ** 2 / (errors**2 / [len(first) - 1, len(second) - 1]).sum())
    return NamedTest("welch_t", statistic, df, float(2 * t.sf(abs(statistic), df)))


def mann_whitney(first: Vector, second: Vector) -> NamedTest:
    """Mann and Whitney's U of the first group, two-sided, normal with ties and continuity corrected."""
    from scipy.stats import mannwhitneyu

    if not (len(first) and len(second)) or np.ptp(np.concatenate([first, second])) == 0:
        return NamedTest()
    result = mannwhitneyu(first, second, alternative="two-sided", method="asymptotic")
    return NamedTest("mann_whitney", float(result.statistic), np.nan, float(result.pvalue))


def cohens_d(first: Vector, second: Vector, significance_level: float) -> Effect:
    """Cohen's d on the pooled standard deviation, with Hedges and Olkin's (1985) large-sample interval."""
    n, m = len(first), len(second)
    if min(n, m) < 2:
        return Effect()
    pooled = ((n - 1) * first.var(ddof=1) + (m - 1) * second.var(ddof=1)) / (n + m - 2)
    if pooled == 0:
        return Effect()
    d = float((first.mean() - second.mean()) / np.sqrt(pooled))
    reach = normal_quantile(significance_level) * np.sqrt((n + m) / (n * m) + d**2 / (2 * (n + m)))
    return Effect("cohens_d", d, float(d - reach), float(d + reach))


def rank_biserial(first: Vector, second: Vector, significance_level: float) -> Effect:
    """How much more often a value of the first group is the larger than the smaller (-1 to 1), DeLong's interval."""
    values = np.concatenate([first, second])
    found = roc_area(values, np.arange(len(values)) < len(first), significance_level)
    if not np.isfinite(found.area):
        return Effect()
    return Effect("rank_biserial", 2 * found.area - 1, 2 * found.ci_low - 1, 2 * found.ci_high - 1)


def holm(p_values: Vector) -> Vector:
    """Holm's (1979) step-down adjusted p-values of a family of tests; NaN, and not counted, where there is none."""
    adjusted = np.full(len(p_values), np.nan)
    tested = np.flatnonzero(np.isfinite(p_values))
    order = tested[np.argsort(p_values[tested], kind="stable")]
    steps = p_values[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if len(order) else steps
    return adjusted
