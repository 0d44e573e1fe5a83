"""The confidence interval of a dispersion, also where it may be nought.

Belongs here: the interval symmetric in ln alpha, and the profile likelihood's at the edge of alpha's range. Not here:
the estimate (`negative_binomial`, `zero_truncated`).
"""

from collections.abc import Callable

import numpy as np

from orchestration.methods.statistics.dispersed_counts import (
    AtFixedDispersion,
    DispersedCounts,
    Piece,
    log_probability,
    without_zero,
)
from orchestration.methods.statistics.fitting import Family, Fit, constant_start, orthonormal
from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector, maximise
from orchestration.methods.statistics.negative_binomial import LEAST_ALPHA, NEGATIVE_BINOMIAL
from orchestration.methods.statistics.significance import normal_quantile
from orchestration.methods.statistics.zero_truncated import ZERO_TRUNCATED

_PIECES: dict[str, tuple[Piece, ...]] = {
    NEGATIVE_BINOMIAL.name: (log_probability,),
    ZERO_TRUNCATED.name: (log_probability, without_zero),
}
LARGEST_LOG_ALPHA = 12.0


def dispersion_interval(
    family: Family, fit: Fit, matrix: Matrix, outcome: Vector, significance_level: float
) -> tuple[float, float]:
    """The limits of alpha in a fitted count model; NaN where alpha is fixed or has no estimate.

    `matrix` (cases x columns) and `outcome` are what `fit` was fitted to. Symmetric in ln alpha by the standard error,
    unless Poisson's alpha of 0 is within what the likelihood allows: such an interval could not hold 0, and the
    profile likelihood's, from 0 to where twice the loss in log-likelihood reaches the chi-square of one degree of
    freedom, takes its place. The upper limit is infinite where no alpha is too large.
    """
    alpha, error = fit.dispersion or (np.nan, np.nan)
    if not np.isfinite(error):
        return np.nan, np.nan
    reach = normal_quantile(significance_level)
    found = fit.estimability
    columns, _ = orthonormal(matrix[np.ix_(found.rows, found.basis)])
    profile = _profile(DispersedCounts(outcome[found.rows], columns, _PIECES[family.name]))
    if 2.0 * (fit.log_likelihood - profile(np.log(LEAST_ALPHA))) > reach**2:
        return alpha * np.exp(-reach * error / alpha), alpha * np.exp(reach * error / alpha)
    return 0.0, _upper_limit(profile, np.log(alpha), fit.log_likelihood - reach**2 / 2.0)


def _profile(likelihood: DispersedCounts) -> Callable[[float], float]:
    """The largest log-likelihood at each ln alpha."""
    start = constant_start(likelihood.columns, float(np.log(likelihood.outcome.mean())))
    return lambda log_alpha: maximise(AtFixedDispersion(likelihood, log_alpha), start).log_likelihood


def _upper_limit(profile: Callable[[float], float], log_alpha: float, level: float) -> float:
    """The alpha above the estimate at which the profile has fallen to a level."""
    from scipy.optimize import brentq

    inside, outside = log_alpha, log_alpha + 1.0
    while profile(outside) > level:
        inside, outside = outside, outside + 1.0
        if outside > LARGEST_LOG_ALPHA:
            return np.inf
    return float(np.exp(brentq(lambda at: profile(at) - level, inside, outside, xtol=1e-9)))
