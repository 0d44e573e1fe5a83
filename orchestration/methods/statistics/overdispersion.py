"""Is the variance of a count greater than a Poisson distribution's?

Belongs here: the bulletin's one-sample test and the tests on a Poisson regression. Not here: the negative
binomial itself. 2023/04, Annex A, Analysis: "The outcome measure was tested against a Poisson distribution".
"""

from dataclasses import dataclass

import numpy as np

from orchestration.methods.statistics.maximum_likelihood import Vector


@dataclass(frozen=True)
class OverdispersionTest:
    """One test; `df` is NaN for normal and Kolmogorov statistics."""

    name: str
    statistic: float
    df: float
    p_value: float


def tests_of_outcome(outcome: Vector) -> tuple[OverdispersionTest, ...]:
    """The outcome itself against a Poisson distribution with its mean.

    The one-sample Kolmogorov-Smirnov test (statistic: sqrt(n) times the largest distance of the distribution
    functions over whole numbers, p asymptotic, as SPSS's one-sample test; conservative for counts) and the
    index of dispersion (sum of squared deviations over the mean, chi-square with n - 1).
    """
    from scipy.stats import chi2, kstwobign, poisson

    n = len(outcome)
    if n < 2 or outcome.mean() <= 0:
        return ()
    counts = np.arange(outcome.max() + 1)
    empirical = np.searchsorted(np.sort(outcome), counts, side="right") / n
    distance = np.sqrt(n) * np.abs(empirical - poisson.cdf(counts, outcome.mean())).max()
    index = float(((outcome - outcome.mean()) ** 2).sum() / outcome.mean())
    return (
        OverdispersionTest("one_sample_kolmogorov_smirnov", float(distance), np.nan, float(kstwobign.sf(distance))),
        OverdispersionTest("index_of_dispersion", index, n - 1, float(chi2.sf(index, n - 1))),
    )


def tests_of_regression(outcome: Vector, mean: Vector) -> tuple[OverdispersionTest, ...]:
    """Cameron and Trivedi's and Dean's tests of a Poisson regression's fitted means against NB2, one-sided.

    Cameron and Trivedi: t of the slope of ((y - mu)^2 - y) / mu on mu, no constant. Dean: her P_B.
    """
    from scipy.stats import norm

    if not np.isfinite(mean).all() or len(outcome) < 2:
        return ()
    excess = (outcome - mean) ** 2 - outcome
    response = excess / mean
    slope = (response @ mean) / (mean @ mean)
    residual = response - slope * mean
    error = np.sqrt((residual @ residual) / (len(outcome) - 1) / (mean @ mean))
    cameron_trivedi = float(slope / error) if error > 0 else np.nan
    dean = float(excess.sum() / np.sqrt(2 * (mean @ mean)))
    return (
        OverdispersionTest("cameron_trivedi", cameron_trivedi, np.nan, float(norm.sf(cameron_trivedi))),
        OverdispersionTest("dean", dean, np.nan, float(norm.sf(dean))),
    )


def likelihood_ratio_test(poisson: float, negative_binomial: float) -> OverdispersionTest:
    """Negative binomial against Poisson log-likelihood.

    alpha = 0 lies on the edge of its range, so half of the chi-square with one degree of freedom.
    """
    from scipy.stats import chi2

    statistic = max(2.0 * (negative_binomial - poisson), 0.0)
    return OverdispersionTest("likelihood_ratio", statistic, 1, float(chi2.sf(statistic, 1)) / 2)
