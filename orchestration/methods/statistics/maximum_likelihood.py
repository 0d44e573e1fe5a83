"""Maximising a log-likelihood and knowing that it is the maximum.

Belongs here: the damped Newton iteration and the acceptance of its result. Not here: any particular
likelihood. Optimisers' own convergence flags are not trusted (trap 2 of docs/statistics.md): a maximum is
accepted when its score is near zero in units of standard errors and its observed information is positive.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

STOP_AT = 1e-9
ACCEPT_BELOW = 1e-6
MAX_ITERATIONS = 200
MAX_HALVINGS = 40
# Maxima of log-likelihoods that differ by less than rounding are one.
SAME_DECIMALS = 7
# Columns are of unit scale and dispersions on a log scale, so no parameter needs to move further at once.
LONGEST_STEP = 5.0


class LogLikelihood(Protocol):
    """What statsmodels' discrete models offer, and our own likelihoods too."""

    def loglike(self, params: Vector) -> float: ...

    def score(self, params: Vector) -> Vector: ...

    def hessian(self, params: Vector) -> Matrix: ...


@dataclass(frozen=True)
class Maximum:
    """A stationary point: `distance` is the Newton decrement, the way left to the top in standard errors."""

    params: Vector
    covariance: Matrix
    log_likelihood: float
    distance: float

    @property
    def is_accepted(self) -> bool:
        return bool(self.distance < ACCEPT_BELOW and np.isfinite(self.covariance).all())


@np.errstate(all="ignore")  # far off, likelihoods overflow; the step is then halved
def maximise(likelihood: LogLikelihood, start: Vector) -> Maximum:
    """Damped Newton from `start`; the covariance is the inverse of the joint observed information."""
    params, value = start, _value(likelihood, start)
    distance = np.inf
    for _ in range(MAX_ITERATIONS):
        score, information = likelihood.score(params), -likelihood.hessian(params)
        if not (np.isfinite(score).all() and np.isfinite(information).all()):
            break
        step = _ascent(information, score)
        distance = float(np.sqrt(max(float(score @ step), 0.0)))
        if distance < STOP_AT:
            break
        moved = _uphill(likelihood, params, value, step)
        if moved is None:
            break
        params, value = moved
    return Maximum(params, _covariance(likelihood, params), value, distance)


def best(likelihood: LogLikelihood, starts: Iterable[Vector]) -> Maximum:
    """The highest accepted maximum over several starts, the first of equal ones; else the last attempt.

    Raises ValueError where no start is given.
    """
    attempts = [maximise(likelihood, start) for start in starts]
    if not attempts:
        raise ValueError("no start was given")
    accepted = [attempt for attempt in attempts if attempt.is_accepted]
    return max(accepted, key=lambda attempt: round(attempt.log_likelihood, SAME_DECIMALS), default=attempts[-1])


def _value(likelihood: LogLikelihood, params: Vector) -> float:
    value = float(likelihood.loglike(params))
    return value if np.isfinite(value) else -np.inf


def _ascent(information: Matrix, score: Vector) -> Vector:
    """The Newton step, with directions of wrong or no curvature turned uphill."""
    values, vectors = np.linalg.eigh((information + information.T) / 2)
    curvature = np.maximum(np.abs(values), 1e-10 * max(np.abs(values).max(), 1e-300))
    return vectors @ ((vectors.T @ score) / curvature)


def _uphill(likelihood: LogLikelihood, params: Vector, value: float, step: Vector) -> tuple[Vector, float] | None:
    """The first of the step and its halves that does not lower the likelihood (beyond rounding)."""
    step = step * min(1.0, LONGEST_STEP / max(float(np.abs(step).max()), 1e-300))
    rounding = 1e-12 * abs(value) if np.isfinite(value) else 0.0
    for halving in range(MAX_HALVINGS):
        candidate = params + step / 2.0**halving
        reached = _value(likelihood, candidate)
        if reached >= value - rounding and np.isfinite(reached):
            return candidate, reached
    return None


def _covariance(likelihood: LogLikelihood, params: Vector) -> Matrix:
    """The inverse observed information; NaN where it is not positive definite."""
    information = -likelihood.hessian(params)
    information = (information + information.T) / 2
    unknown = np.full_like(information, np.nan)
    if not np.isfinite(information).all() or np.linalg.eigvalsh(information).min() <= 0:
        return unknown
    return np.asarray(np.linalg.inv(information), dtype=np.float64)
