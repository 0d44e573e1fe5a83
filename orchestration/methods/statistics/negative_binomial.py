"""Poisson and negative binomial regression with a log link (2023/04, Annex A, Analysis).

Belongs here: models of counts that may be any whole number. Not here: zero-truncated counts
(`zero_truncated`), tests of over-dispersion (`overdispersion`).

Variance: mu + alpha * mu^2 (NB2). Standard errors come from the joint observed Hessian of coefficients and
alpha, as SPSS GENLIN documents; MASS's glm.nb treats them apart and differs by up to 2%.
"""

from collections.abc import Iterator

import numpy as np

from orchestration.methods.statistics.dispersed_counts import AtFixedDispersion, DispersedCounts, log_probability
from orchestration.methods.statistics.fitting import Family, FamilyFit, constant_start
from orchestration.methods.statistics.maximum_likelihood import Matrix, Maximum, Vector, best, maximise

NO_OVERDISPERSION = "no over-dispersion"
NOT_MAXIMISED = "the likelihood has no accepted maximum"
FIXED_ALPHA = 1.0
# A gain in log-likelihood over Poisson below this is rounding.
LEAST_GAIN = 1e-6
_STARTING_ALPHAS = (0.5, 0.05, 2.0, 0.005, 8.0)


def poisson_maximum(columns: Matrix, outcome: Vector) -> Maximum:
    """The Poisson maximum, from the constant mean."""
    from statsmodels.discrete.discrete_model import Poisson

    start = constant_start(columns, np.log(outcome.mean()))
    return maximise(Poisson(outcome, columns, check_rank=False, hasconst=False), start)


def moment_alpha(outcome: Vector, mean: Vector) -> float:
    """The dispersion that matches the squared residuals of a Poisson fit; at or below 0: none is there."""
    return float(((outcome - mean) ** 2 - outcome).sum() / (mean**2).sum())


def starting_alphas(moment: float) -> Iterator[float]:
    """Dispersions to start from: the moment's, where there is one, then a fixed list."""
    if moment > 0:
        yield moment
    yield from _STARTING_ALPHAS


def dispersion_of(maximum: Maximum) -> tuple[float, float]:
    """alpha and its standard error, from a maximum whose last parameter is ln alpha."""
    alpha = float(np.exp(maximum.params[-1]))
    return alpha, alpha * float(np.sqrt(maximum.covariance[-1, -1]))


def _fit_poisson(columns: Matrix, outcome: Vector) -> FamilyFit:
    maximum = poisson_maximum(columns, outcome)
    return FamilyFit(maximum, failure="" if maximum.is_accepted else NOT_MAXIMISED)


def _fit_negative_binomial(columns: Matrix, outcome: Vector) -> FamilyFit:
    """Fails with NO_OVERDISPERSION where the likelihood falls as alpha leaves 0, or gains nothing by it."""
    poisson = poisson_maximum(columns, outcome)
    if not poisson.is_accepted:
        return FamilyFit(poisson, failure=NOT_MAXIMISED)
    # The score of alpha at 0 is half the numerator of the moment estimate.
    moment = moment_alpha(outcome, np.exp(columns @ poisson.params))
    if moment <= 0:
        return FamilyFit(poisson, failure=NO_OVERDISPERSION)
    likelihood = DispersedCounts(outcome, columns, (log_probability,))
    starts = (np.append(poisson.params, np.log(alpha)) for alpha in starting_alphas(moment))
    maximum = best(likelihood, starts)
    if maximum.log_likelihood < poisson.log_likelihood + LEAST_GAIN:
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
