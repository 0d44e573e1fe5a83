"""The negative binomial log-likelihood of (coefficients, ln alpha), with its exact derivatives.

Belongs here: each case's contribution, whole or zero-truncated, and their sum. Not here: how it is maximised
or what is reported (`negative_binomial`, `zero_truncated`).

The likelihood is our own. statsmodels' takes alpha or ln alpha depending on a private flag, and its truncated
one has numerical second derivatives, too slow for a test of every term. Tests hold ours against both and R.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector


@dataclass(frozen=True)
class Contribution:
    """Each case's log-likelihood and its derivatives by eta = ln mu (`e`) and theta = 1 / alpha (`t`)."""

    value: Vector
    e: Vector
    t: Vector
    ee: Vector
    et: Vector
    tt: Vector

    def __add__(self, other: "Contribution") -> "Contribution":
        return Contribution(
            value=self.value + other.value,
            e=self.e + other.e,
            t=self.t + other.t,
            ee=self.ee + other.ee,
            et=self.et + other.et,
            tt=self.tt + other.tt,
        )

    def times(self, weights: Vector) -> "Contribution":
        """The contributions of weighted cases."""
        return Contribution(
            value=self.value * weights,
            e=self.e * weights,
            t=self.t * weights,
            ee=self.ee * weights,
            et=self.et * weights,
            tt=self.tt * weights,
        )


Piece = Callable[[Vector, Vector, float], Contribution]


def log_probability(y: Vector, mu: Vector, theta: float) -> Contribution:
    """The log-probability of a count y with mean mu and variance mu + mu^2 / theta (NB2)."""
    from scipy.special import digamma, gammaln, polygamma

    total, spread = theta + mu, np.log1p(mu / theta)
    count, case = np.unique(y, return_inverse=True)  # few distinct counts, and these functions are slow
    log_choices = (gammaln(count + theta) - gammaln(theta) - gammaln(count + 1))[case]
    by_theta = (digamma(count + theta) - digamma(theta))[case]
    by_theta_twice = (polygamma(1, count + theta) - polygamma(1, theta))[case]
    return Contribution(
        value=log_choices - theta * spread + y * np.log(mu / total),
        e=theta * (y - mu) / total,
        t=by_theta - spread + (mu - y) / total,
        ee=-theta * mu * (y + theta) / total**2,
        et=mu * (y - mu) / total**2,
        tt=by_theta_twice + mu / (theta * total) - (mu - y) / total**2,
    )


def without_zero(y: Vector, mu: Vector, theta: float) -> Contribution:
    """What knowing that the count is not zero adds: -ln(1 - P0), with ln P0 = -theta ln(1 + mu / theta)."""
    total, spread = theta + mu, np.log1p(mu / theta)
    odds = 1.0 / np.expm1(theta * spread)  # P0 / (1 - P0)
    e, t = -theta * mu / total, mu / total - spread  # derivatives of ln P0
    return Contribution(
        value=-np.log(-np.expm1(-theta * spread)),
        e=odds * e,
        t=odds * t,
        ee=odds * (-(theta**2) * mu / total**2 + (1 + odds) * e * e),
        et=odds * (-(mu**2) / total**2 + (1 + odds) * e * t),
        tt=odds * (mu**2 / (theta * total**2) + (1 + odds) * t * t),
    )


@dataclass(frozen=True)
class DispersedCounts:
    """The log-likelihood of cases (`outcome`, `columns`); `params` are the coefficients, then ln alpha."""

    outcome: Vector
    columns: Matrix
    pieces: tuple[Piece, ...]

    def loglike(self, params: Vector) -> float:
        return float(self._at(params).value.sum())

    def score(self, params: Vector) -> Vector:
        at, theta = self._at(params), np.exp(-params[-1])
        return np.append(self.columns.T @ at.e, -theta * at.t.sum())

    def hessian(self, params: Vector) -> Matrix:
        at, theta = self._at(params), np.exp(-params[-1])
        inner = self.columns.T @ (self.columns * at.ee[:, None])
        cross = -theta * (self.columns.T @ at.et)
        corner = theta**2 * at.tt.sum() + theta * at.t.sum()
        return np.block([[inner, cross[:, None]], [cross[None, :], np.array([[corner]])]])

    def _at(self, params: Vector) -> Contribution:
        mu, theta = np.exp(self.columns @ params[:-1]), np.exp(-params[-1])
        first, *others = (piece(self.outcome, mu, theta) for piece in self.pieces)
        return sum(others, start=first)


@dataclass(frozen=True)
class AtFixedDispersion:
    """The log-likelihood of the coefficients alone, at a given ln alpha."""

    joint: DispersedCounts
    log_alpha: float

    def loglike(self, params: Vector) -> float:
        return self.joint.loglike(np.append(params, self.log_alpha))

    def score(self, params: Vector) -> Vector:
        return self.joint.score(np.append(params, self.log_alpha))[:-1]

    def hessian(self, params: Vector) -> Matrix:
        return self.joint.hessian(np.append(params, self.log_alpha))[:-1, :-1]
