"""Time to an event: the share without one by day, and Cox regression.

Belongs here: the product-limit estimate with its interval and the partial likelihood's maximum. Not here: which days
count from where (`robustness/time_to_reoffence`).
"""

from dataclasses import dataclass

import numpy as np

from orchestration.methods.statistics.estimability import assess
from orchestration.methods.statistics.fitting import UNFITTABLE, orthonormal
from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector, maximise

NO_EVENTS = "nobody has the event"
NOT_MAXIMISED = "the partial likelihood has no accepted maximum"
UNBOUNDED = "the partial likelihood rises without end: some answer tells without exception who is first"
# On columns of unit variance: a finite maximum has errors far below.
LARGEST_ERROR = 50.0


class PartialLikelihood:
    """Cox's partial log-likelihood with Efron's ties, and its derivatives, by cumulated sums over the cases.

    Every event time has as many terms as events; the k-th of d takes k/d of the events' own weight from the risk set.
    """

    def __init__(self, days: Vector, has_event: Vector, columns: Matrix) -> None:
        latest = np.argsort(-days, kind="stable")
        self._columns, self._event = columns[latest], has_event[latest] > 0
        times, count = np.unique(days[has_event > 0], return_counts=True)
        # of each event time: how many cases are still followed, and each event's time
        self._followed = np.searchsorted(-days[latest], -times, side="right")
        self._time_of_event = np.searchsorted(times, days[latest][self._event])
        self._last_time = np.searchsorted(times, days[latest], side="right")
        self._time = np.repeat(np.arange(len(times)), count)
        first = np.repeat(np.cumsum(count) - count, count)
        self._taken = (np.arange(len(first)) - first) / np.repeat(count, count)

    def loglike(self, params: Vector) -> float:
        predictor = self._columns @ params
        return float(predictor[self._event].sum() - np.log(self._totals(np.exp(predictor))).sum())

    def score(self, params: Vector) -> Vector:
        weights = np.exp(self._columns @ params)
        means = self._totals(weights[:, None] * self._columns) / self._totals(weights)[:, None]
        return self._columns[self._event].sum(axis=0) - means.sum(axis=0)

    def hessian(self, params: Vector) -> Matrix:
        weights = np.exp(self._columns @ params)
        totals = self._totals(weights)
        means = self._totals(weights[:, None] * self._columns) / totals[:, None]
        shares = np.bincount(self._time, 1 / totals)
        reach = np.append(0.0, np.cumsum(shares))[self._last_time]
        reach[self._event] -= np.bincount(self._time, self._taken / totals)[self._time_of_event]
        return means.T @ means - self._columns.T @ (self._columns * (weights * reach)[:, None])

    def _totals(self, values: np.ndarray) -> np.ndarray:
        """The values' sums over each term's risk set, less what its own events give up."""
        at_risk = np.cumsum(values, axis=0)[self._followed - 1]
        own = np.zeros_like(at_risk)
        np.add.at(own, self._time_of_event, values[self._event])
        taken = self._taken.reshape((-1,) + (1,) * (values.ndim - 1))
        return at_risk[self._time] - taken * own[self._time]


@dataclass(frozen=True)
class CoxFit:
    """Log hazard ratios and their covariance, NaN where not estimable; `failure` says why there are none at all."""

    estimates: Vector
    covariance: Matrix
    log_likelihood: float
    failure: str = ""


def fit_cox(days: Vector, has_event: Vector, matrix: Matrix) -> CoxFit:
    """Cox's proportional hazards (1972), ties by Efron's method (1977).

    `days` to the event or to the end of follow-up; `has_event` 1 or 0; `matrix` is cases x columns, an intercept first,
    which has no coefficient here and stays NaN. Levels that nobody of has the event are infinite: their cases are set
    aside, which leaves the others their values in the limit.
    """
    width = matrix.shape[1]
    nothing = CoxFit(np.full(width, np.nan), np.full((width, width), np.nan), np.nan)
    if not has_event.sum():
        return _failed(nothing, NO_EVENTS)
    found = assess(matrix, has_event, 0.0)
    if any(reason in found.reasons for reason in UNFITTABLE):
        return _failed(nothing, next(UNFITTABLE[reason] for reason in found.reasons if reason in UNFITTABLE))
    basis = found.basis[found.basis > 0]
    columns, to_own_units = orthonormal(matrix[np.ix_(found.rows, np.append(0, basis))])
    rest = PartialLikelihood(days[found.rows], has_event[found.rows], columns[:, 1:])
    maximum = maximise(rest, np.zeros(len(basis)))
    if not maximum.is_accepted:
        return _failed(nothing, NOT_MAXIMISED)
    if np.sqrt(np.diag(maximum.covariance).max(initial=0.0)) > LARGEST_ERROR:
        return _failed(nothing, UNBOUNDED)
    back = to_own_units[1:, 1:]
    estimates, covariance = nothing.estimates.copy(), nothing.covariance.copy()
    estimates[basis] = back @ maximum.params
    covariance[np.ix_(basis, basis)] = back @ maximum.covariance @ back.T
    estimates[~found.estimable] = np.nan
    covariance[~found.estimable] = np.nan
    return CoxFit(estimates, covariance, maximum.log_likelihood)


def _failed(nothing: CoxFit, why: str) -> CoxFit:
    return CoxFit(nothing.estimates, nothing.covariance, np.nan, why)


@dataclass(frozen=True)
class Curve:
    """By day: cases still followed before its end, events up to it, share without one, and its interval."""

    at_risk: Vector
    events: Vector
    share: Vector
    low: Vector
    high: Vector


def product_limit(days: Vector, has_event: Vector, at: Vector, reach: float) -> Curve:
    """Kaplan and Meier's estimate (1958) at the days `at`, with Greenwood's variance on the log(-log) scale.

    `reach`: how many standard errors the interval takes. Without an event so far the share is 1 and has no interval.
    """
    times = np.unique(days[has_event > 0])
    followed = np.array([(days >= time).sum() for time in times], dtype=float)
    happened = np.array([((days == time) & (has_event > 0)).sum() for time in times], dtype=float)
    share = np.append(1.0, np.cumprod(1 - happened / followed)) if len(times) else np.ones(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.append(0.0, np.cumsum(happened / (followed * (followed - happened))))
        place = np.searchsorted(times, at, side="right")
        own, log_share = share[place], np.log(share[place])
        spread = reach * np.sqrt(variance[place]) / np.abs(log_share)
        low, high = own ** np.exp(spread), own ** np.exp(-spread)
    return Curve(
        at_risk=np.array([(days >= day).sum() for day in at], dtype=float),
        events=np.append(0.0, np.cumsum(happened))[place],
        share=own,
        low=np.where(np.isfinite(spread), low, np.nan),
        high=np.where(np.isfinite(spread), high, np.nan),
    )
