"""Poisson and negative binomial regression with a log link (2023/04, Annex A, Analysis).

Belongs here: models of counts that may be any whole number. Not here: zero-truncated counts
(`zero_truncated`), tests of over-dispersion (`overdispersion`).

Variance: mu + alpha * mu^2 (NB2). Standard errors come from the joint observed Hessian of coefficients and
alpha, as SPSS GENLIN documents; MASS's glm.nb treats them apart and differs by up to 2%.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from orchestration.methods.statistics.dispersed_counts import AtFixedDispersion, DispersedCounts, log_probability
from orchestration.methods.statistics.fitting import Family, FamilyFit, constant_start
from orchestration.methods.statistics.maximum_likelihood import LogLikelihood, Matrix, Maximum, Vector, best, maximise

NO_OVERDISPERSION = "no over-dispersion"
NOT_MAXIMISED = "the likelihood has no accepted maximum"
FIXED_ALPHA = 1.0
# A gain in log-likelihood over Poisson below this is rounding.
LEAST_GAIN = 1e-6
# Below, the likelihood is that of the limit, Poisson's, to rounding.
LEAST_ALPHA = 1e-6
_STARTING_ALPHAS = (0.5, 0.05, 2.0, 0.005, 8.0)
_SCANNED_LOG_ALPHAS = np.arange(-8.0, 5.0)


def poisson_maximum(columns: Matrix, outcome: Vector) -> Maximum:
    """The Poisson maximum, from the constant mean."""
    from statsmodels.discrete.discrete_model import Poisson

    start = constant_start(columns, np.log(outcome.mean()))
    return maximise(Poisson(outcome, columns, check_rank=False, hasconst=False), start)


def moment_alpha(outcome: Vector, mean: Vector) -> float:
    """The dispersion that matches the squared residuals of a Poisson fit; at or below 0: none is there."""
    return float(((outcome - mean) ** 2 - outcome).sum() / (mean**2).sum())


@np.errstate(all="ignore")  # far off, likelihoods overflow; nothing starts there
def highest_dispersed(likelihood: LogLikelihood, coefficients: Vector, moment: float) -> Maximum:
    """The highest accepted maximum over coefficients and ln alpha (the last parameter); else the last attempt.

    The likelihood can fall as alpha leaves 0 and rise again, and have more than one top. It starts from the
    `moment`'s alpha, or from every top that a scan over alpha finds at the given `coefficients` where there are
    several or the moment gives none; from a fixed list where that leads nowhere.
    """
    scanned = [likelihood.loglike(np.append(coefficients, log_alpha)) for log_alpha in _SCANNED_LOG_ALPHAS]
    tops = _SCANNED_LOG_ALPHAS[_is_top(np.nan_to_num(np.array(scanned), nan=-np.inf))]
    own = [np.log(moment)] if moment > 0 and len(tops) < 2 else list(tops)
    found = _best_from(likelihood, coefficients, own) if own else None
    if found is not None and found.is_accepted:
        return found
    return _best_from(likelihood, coefficients, np.log(_STARTING_ALPHAS))


def _is_top(values: Vector) -> NDArray[np.bool_]:
    """Values above both neighbours, or the last above its only one; not the first, beyond which alpha falls to 0."""
    rises = np.append(True, values[1:] > values[:-1])
    falls = np.append(values[1:] <= values[:-1], True)
    is_top = rises & falls
    is_top[0] = False
    return is_top


def _best_from(likelihood: LogLikelihood, coefficients: Vector, log_alphas: Iterable[float]) -> Maximum:
    return best(likelihood, (np.append(coefficients, log_alpha) for log_alpha in log_alphas))


def is_without_dispersion(maximum: Maximum, poisson_log_likelihood: float) -> bool:
    """Whether a maximum is no more than Poisson's: alpha at its edge, or no gain beyond rounding."""
    is_at_edge = maximum.params[-1] < np.log(LEAST_ALPHA)
    return bool(is_at_edge or maximum.log_likelihood < poisson_log_likelihood + LEAST_GAIN)


def dispersion_of(maximum: Maximum) -> tuple[float, float]:
    """alpha and its standard error, from a maximum whose last parameter is ln alpha."""
    alpha = float(np.exp(maximum.params[-1]))
    return alpha, alpha * float(np.sqrt(maximum.covariance[-1, -1]))


def _fit_poisson(columns: Matrix, outcome: Vector) -> FamilyFit:
    maximum = poisson_maximum(columns, outcome)
    return FamilyFit(maximum, failure="" if maximum.is_accepted else NOT_MAXIMISED)


def _fit_negative_binomial(columns: Matrix, outcome: Vector) -> FamilyFit:
    """Fails with NO_OVERDISPERSION where no alpha gains anything over Poisson regression."""
    poisson = poisson_maximum(columns, outcome)
    if not poisson.is_accepted:
        return FamilyFit(poisson, failure=NOT_MAXIMISED)
    moment = moment_alpha(outcome, np.exp(columns @ poisson.params))
    maximum = highest_dispersed(DispersedCounts(outcome, columns, (log_probability,)), poisson.params, moment)
    if is_without_dispersion(maximum, poisson.log_likelihood):
        return FamilyFit(poisson, failure=NO_OVERDISPERSION)
    if not maximum.is_accepted:
        return FamilyFit(maximum, failure=NOT_MAXIMISED)
    return FamilyFit(maximum, dispersion_of(maximum))


def _fit_fixed(columns: Matrix, outcome: Vector) -> FamilyFit:
    joint = DispersedCounts(outcome, columns, (log_probability,))
    start = constant_start(columns, np.log(outcome.mean()))
    maximum = maximise(AtFixedDispersion(joint, np.log(FIXED_ALPHA)), start)
    return FamilyFit(maximum, (FIXED_ALPHA, np.nan), "" if maximum.is_accepted else NOT_MAXIMISED)


POISSON = Family("poisson", 0.0, np.exp, _fit_poisson)
NEGATIVE_BINOMIAL = Family("negative_binomial", 0.0, np.exp, _fit_negative_binomial)
NEGATIVE_BINOMIAL_FIXED = Family("negative_binomial_fixed", 0.0, np.exp, _fit_fixed)
