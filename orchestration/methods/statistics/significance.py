"""Wald and likelihood-ratio tests, intervals, and what "significant" means in Annex B.

Belongs here: tests on fitted models and on two-way tables (2023/04, Annex A, Analysis: five per cent). Not here:
fitting.

A term's published p-value is its Wald test's (what SPSS prints); the likelihood ratio stands beside it. The p
and the interval of one coefficient come from one method, the normal approximation of its standard error.
"""

from dataclasses import dataclass

import numpy as np

from orchestration.methods.layouts.specification import Term
from orchestration.methods.statistics.design_matrix import Design
from orchestration.methods.statistics.estimability import assess
from orchestration.methods.statistics.fitting import Family, Fit, fit_assessed


@dataclass(frozen=True)
class ChiSquare:
    """A chi-square test; NaN throughout where it cannot be had."""

    chi2: float
    df: int
    p: float


@dataclass(frozen=True)
class NamedTest:
    """A test of which there are several kinds: `name` is "" and the rest NaN where there is nothing to test.

    `df` is NaN of a test that has none, as a Monte Carlo test.
    """

    name: str = ""
    statistic: float = np.nan
    df: float = np.nan
    p: float = np.nan


@dataclass(frozen=True)
class TermTests:
    """Both tests of one term; where a coefficient is not estimable, `estimable` is False and Wald's test NaN.

    The likelihood ratio is there whenever the model has a maximum, if only in the limit, and the term adds a degree of
    freedom to the others.
    """

    term: Term
    estimable: bool
    likelihood_ratio: ChiSquare
    wald: ChiSquare


def chi_square(statistic: float, df: int) -> ChiSquare:
    """The upper tail of a chi-square; a difference of maxima that rounding made negative counts as 0."""
    from scipy.stats import chi2

    if df < 1 or not np.isfinite(statistic):
        return ChiSquare(np.nan, df, np.nan)
    statistic = max(float(statistic), 0.0)
    return ChiSquare(statistic, df, float(chi2.sf(statistic, df)))


def likelihood_ratio(larger: Fit, smaller: Fit) -> ChiSquare:
    """Twice the gain in log-likelihood, on the difference of the designs' ranks."""
    df = larger.estimability.rank - smaller.estimability.rank
    return chi_square(2.0 * (larger.log_likelihood - smaller.log_likelihood), df)


def wald(fit: Fit, columns: list[int]) -> ChiSquare:
    """The joint Wald test of some coefficients; NaN where any is not estimable."""
    estimates, covariance = fit.estimates[columns], fit.covariance[np.ix_(columns, columns)]
    if not (np.isfinite(estimates).all() and np.isfinite(covariance).all()):
        return ChiSquare(np.nan, len(columns), np.nan)
    return chi_square(float(estimates @ np.linalg.solve(covariance, estimates)), len(columns))


def term_tests(design: Design, family: Family, fit: Fit) -> tuple[TermTests, ...]:
    """Both tests of every term; for the likelihood ratio the model is fitted again without the term."""
    return tuple(_tests_of(term, design, family, fit) for term in design.terms)


def _tests_of(term: Term, design: Design, family: Family, fit: Fit) -> TermTests:
    columns = design.columns(term)
    if not fit.converged:
        unknown = ChiSquare(np.nan, len(columns), np.nan)
        return TermTests(term, False, unknown, unknown)
    others = design.keep([other for other in design.terms if other is not term])
    matrix, separated = design.matrix[:, others], ~fit.estimability.rows
    found = assess(matrix, design.outcome, family.floor, fit.separates, candidates=separated)
    smaller = fit_assessed(family, matrix, design.outcome, found)
    is_estimable = bool(np.isfinite(fit.estimates[columns]).all())
    return TermTests(term, is_estimable, likelihood_ratio(fit, smaller), wald(fit, columns))


def normal_quantile(significance_level: float) -> float:
    """How many standard errors an interval reaches either side: 1.96 at five per cent."""
    from scipy.stats import norm

    return float(norm.isf(significance_level / 2))


def normal_p(z: np.ndarray) -> np.ndarray:
    """The two-sided p-values of normal statistics."""
    from scipy.stats import norm

    return 2 * norm.sf(np.abs(z))


def pearson(matched: np.ndarray, eligible: np.ndarray) -> ChiSquare:
    """Pearson's chi-square of the 2 x categories table, no correction, without empty categories."""
    present = eligible > 0
    table = np.array([matched[present], (eligible - matched)[present]], dtype=float)
    if table.shape[1] < 2 or (table.sum(axis=1) == 0).any():
        return ChiSquare(np.nan, max(table.shape[1] - 1, 0), np.nan)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return chi_square(float(((table - expected) ** 2 / expected).sum()), table.shape[1] - 1)
