"""Whether a sample could have been drawn at random from its caseload.

A caseload is finite, and a sample of a quarter or half of it varies less than the usual goodness-of-fit test, which
takes the caseload's shares as those of an endless population, allows for. So the first test is of a draw without
replacement (multivariate hypergeometric); goodness of fit stands beside it for comparison.

Belongs here: the tests of one characteristic, of one provider or several together. Not here: which are made
(`representativeness`).
"""

import numpy as np

from orchestration.methods.statistics.group_differences import LARGEST_SMALL_SHARE, LEAST_EXPECTED, SMALL_EXPECTED
from orchestration.methods.statistics.significance import NamedTest, chi_square

MONTE_CARLO_DRAWS = 19_999
_SEED = 20180601
_ROUNDING = 1 - 1e-9


def draw_test(caseload: np.ndarray, sample: np.ndarray) -> NamedTest:
    """Whether the samples are random draws without replacement, each from its own provider's caseload.

    Counts of providers (rows) by categories (columns). The generalised Cochran-Mantel-Haenszel statistic of sampled
    against not sampled cases with the providers as strata; of one provider it is Pearson's chi-square of
    goodness of fit times (N - 1) / (N - n). By Cochran's rule on expected counts, sampled or not, the chi-square
    distribution, else 19,999 draws of a fixed seed. Not a test where a category has more sampled cases than the
    caseload holds: those cannot have been drawn from it.
    """
    caseload, sample = _informative(caseload, sample)
    if caseload.shape[1] < 2 or (sample > caseload).any():
        return NamedTest()
    expected, covariance = _moments(caseload, sample.sum(axis=1))
    kept = covariance[:-1, :-1]
    df = int(np.linalg.matrix_rank(kept))
    if df == 0:
        return NamedTest()
    inverse = np.linalg.pinv(kept, hermitian=True)
    gap = (sample.sum(axis=0) - expected)[:-1]
    statistic = float(gap @ inverse @ gap)
    if _is_large(np.concatenate([expected, caseload.sum(axis=0) - expected])):
        return NamedTest("chi_square", statistic, df, chi_square(statistic, df).p)
    gaps = (_draws(caseload, sample.sum(axis=1)) - expected)[:, :-1]
    drawn = np.einsum("ij,jk,ik->i", gaps, inverse, gaps)
    return NamedTest("monte_carlo", statistic, np.nan, _share_at_least(drawn, statistic))


def fit_test(caseload: np.ndarray, sample: np.ndarray) -> NamedTest:
    """Pearson's goodness of fit of the samples' counts, expected in each provider in proportion to its caseload.

    As `draw_test`, but against an endless population of these shares, which overstates chance. Small expected counts:
    the statistic's distribution over 19,999 multinomial draws of a fixed seed. A sampled category that the caseload
    lacks is impossible: p is 0, without a statistic.
    """
    caseload, sample = _informative(caseload, sample)
    totals = sample.sum(axis=1)
    if sample.shape[1] < 2 or not totals.sum():
        return NamedTest()
    shares = caseload / caseload.sum(axis=1, keepdims=True)
    expected, observed = totals @ shares, sample.sum(axis=0)
    if (expected == 0).any():
        return NamedTest("impossible", p=0.0)
    statistic, df = float(((observed - expected) ** 2 / expected).sum()), len(expected) - 1
    if _is_large(expected):
        return NamedTest("chi_square", statistic, df, chi_square(statistic, df).p)
    generator = np.random.default_rng(_SEED)
    drawn = sum(generator.multinomial(n, share, MONTE_CARLO_DRAWS) for n, share in zip(totals, shares, strict=True))
    statistics = ((drawn - expected) ** 2 / expected).sum(axis=1)
    return NamedTest("monte_carlo", statistic, np.nan, _share_at_least(statistics, statistic))


def _informative(caseload: np.ndarray, sample: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Without providers that lack a caseload or a sample, and categories that are nowhere."""
    rows = (caseload.sum(axis=1) > 0) & (sample.sum(axis=1) > 0)
    columns = (caseload[rows] + sample[rows]).sum(axis=0) > 0
    return caseload[rows][:, columns].astype("int64"), sample[rows][:, columns].astype("int64")


def _moments(caseload: np.ndarray, totals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Expected counts of the pooled samples and their covariance under draws without replacement."""
    sizes = caseload.sum(axis=1)
    expected = (totals / sizes) @ caseload
    covariance = np.zeros((caseload.shape[1],) * 2)
    for counts, size, n in zip(caseload, sizes, totals, strict=True):
        if size > 1:
            shares = counts / size
            covariance += n * (size - n) / (size - 1) * (np.diag(shares) - np.outer(shares, shares))
    return expected, covariance


def _draws(caseload: np.ndarray, totals: np.ndarray) -> np.ndarray:
    generator = np.random.default_rng(_SEED)
    drawn = np.zeros((MONTE_CARLO_DRAWS, caseload.shape[1]), dtype="int64")
    for counts, n in zip(caseload, totals, strict=True):
        drawn = drawn + generator.multivariate_hypergeometric(counts, int(n), MONTE_CARLO_DRAWS, method="marginals")
    return drawn


def _is_large(expected: np.ndarray) -> bool:
    return bool(expected.min() >= LEAST_EXPECTED and (expected < SMALL_EXPECTED).mean() <= LARGEST_SMALL_SHARE)


def _share_at_least(drawn: np.ndarray, observed: float) -> float:
    return float(((drawn >= observed * _ROUNDING).sum() + 1) / (len(drawn) + 1))
