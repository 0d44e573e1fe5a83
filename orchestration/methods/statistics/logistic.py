"""Binary logistic regression and the fit statistics printed beside it (2023/04, Annex A, Analysis).

Belongs here: the logit likelihood, pseudo R-squared, the Hosmer-Lemeshow test. Not here: blocks and terms
(`significance`), bias-reduced estimates (`firth`).
"""

from dataclasses import dataclass

import numpy as np

from orchestration.methods.statistics.fitting import Family, FamilyFit
from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector, maximise

HOSMER_LEMESHOW_GROUPS = 10


def _fit(columns: Matrix, outcome: Vector) -> FamilyFit:
    from statsmodels.discrete.discrete_model import Logit

    maximum = maximise(Logit(outcome, columns, check_rank=False, hasconst=False), np.zeros(columns.shape[1]))
    return FamilyFit(maximum, failure="" if maximum.is_accepted else "the likelihood has no accepted maximum")


def _probability(predictor: Vector) -> Vector:
    return 1.0 / (1.0 + np.exp(-predictor))


LOGISTIC = Family("logistic", None, _probability, _fit)


@dataclass(frozen=True)
class HosmerLemeshow:
    """A chi-square over groups of predicted risk; `groups` may be fewer than ten where predictions tie."""

    chi2: float
    df: int
    p: float
    groups: int


def log_likelihood_of_constant(outcome: Vector) -> float:
    """The log-likelihood of an intercept alone: 0 where the outcome is constant."""
    n, events = len(outcome), float(outcome.sum())
    parts = [count * np.log(count / n) for count in (events, n - events) if count > 0]
    return float(sum(parts))


def cox_snell(log_likelihood: float, log_likelihood_constant: float, n: int) -> float:
    """1 - (L0 / L) ^ (2 / n)."""
    return float(-np.expm1(2.0 * (log_likelihood_constant - log_likelihood) / n)) if n else np.nan


def nagelkerke(log_likelihood: float, log_likelihood_constant: float, n: int) -> float:
    """Cox and Snell's R-squared over its largest possible value; NaN where the outcome is constant."""
    largest = cox_snell(0.0, log_likelihood_constant, n)
    return cox_snell(log_likelihood, log_likelihood_constant, n) / largest if largest > 0 else np.nan


def hosmer_lemeshow(outcome: Vector, predicted: Vector) -> HosmerLemeshow:
    """Hosmer and Lemeshow's test on deciles of risk.

    Grouping rule: the cut points are the predicted probabilities' quantiles at 0.1 to 0.9 (linear
    interpolation, R's type 7); a group holds predictions above one cut and up to the next, so tied
    predictions share a group and equal cuts are one. Degrees of freedom: groups minus 2. Predictions are
    equal when they are to twelve decimals: the last digits hang on the order of the cases.
    """
    from scipy.stats import chi2

    if not predicted.size or not np.isfinite(predicted).all():
        return HosmerLemeshow(np.nan, 0, np.nan, 0)
    predicted = predicted.round(12)
    cuts = np.unique(np.quantile(predicted, np.linspace(0, 1, HOSMER_LEMESHOW_GROUPS + 1)[1:-1]))
    _, group = np.unique(np.searchsorted(cuts, predicted, side="left"), return_inverse=True)
    size = np.bincount(group).astype(float)
    observed, expected = np.bincount(group, outcome), np.bincount(group, predicted)
    spread = expected * (1 - expected / size)
    df = len(size) - 2
    if df < 1 or (spread <= 0).any():
        return HosmerLemeshow(np.nan, max(df, 0), np.nan, len(size))
    statistic = float(((observed - expected) ** 2 / spread).sum())
    return HosmerLemeshow(statistic, df, float(chi2.sf(statistic, df)), len(size))
