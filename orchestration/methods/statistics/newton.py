"""Newton's iteration with one pass over the cases a step, and the proof that nothing is separated.

Belongs here: likelihood, score and information at once, and the acceptance of a maximum. Not here: what is fitted
(`quick_refits`). `maximum_likelihood.maximise` is the careful way, which the published fits take; this is the quick one
for refits that start near their maximum, held against it in the tests.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from orchestration.methods.statistics.dispersed_counts import log_probability
from orchestration.methods.statistics.maximum_likelihood import ACCEPT_BELOW, STOP_AT, Matrix, Vector

MOST_STEPS = 15
MOST_HALVINGS = 5


@dataclass(frozen=True)
class Value:
    """A log-likelihood at some parameters with its score and information.

    `pull` holds each separable case's distance from its perfect prediction: |y - p|, or minus the score of a count
    of 0 (empty where no count is 0).
    """

    log_likelihood: float
    score: Vector
    information: Matrix
    pull: Vector


Top = tuple[Vector, Matrix, float]


@np.errstate(all="ignore")  # a step too far overflows, and the full fit is made
def climb(value_at: Callable[[Vector], Value], start: Vector) -> Top | None:
    """The maximum's parameters, covariance and log-likelihood by Newton's steps, halved until they gain.

    None where they do not arrive, or where cases may be separated. If some direction predicted cases perfectly, the
    Newton decrement squared could not fall below the smallest `pull`: with d that direction, s the score and I the
    information, (s'd)^2 / d'Id >= sum(pull |x'd|) / max|x'd| >= min(pull), because d'Id <= sum(pull (x'd)^2).
    A decrement far below it therefore proves that nothing is separated, without a linear programme.
    """
    params, value = start, value_at(start)
    for _ in range(MOST_STEPS):
        if not (np.isfinite(value.log_likelihood) and np.isfinite(value.information).all()):
            return None
        try:
            step = np.asarray(np.linalg.solve(value.information, value.score), dtype=np.float64)
        except np.linalg.LinAlgError:
            return None
        distance = float(np.sqrt(max(float(value.score @ step), 0.0)))
        if distance < STOP_AT:
            return _accepted(params, value, distance)
        moved = _gaining(value_at, params, value, step)
        if moved is None:
            return _accepted(params, value, distance)
        params, value = moved
    return None


def _gaining(
    value_at: Callable[[Vector], Value], params: Vector, value: Value, step: Vector
) -> tuple[Vector, Value] | None:
    """The first of the step and its halves that does not lower the likelihood (beyond rounding)."""
    least = value.log_likelihood - 1e-12 * abs(value.log_likelihood)
    for halving in range(MOST_HALVINGS):
        moved = value_at(params + step / 2.0**halving)
        if moved.log_likelihood >= least:
            return params + step / 2.0**halving, moved
    return None


def _accepted(params: Vector, value: Value, distance: float) -> Top | None:
    """The top where it is one: score near zero, information positive, nothing separated."""
    if distance >= ACCEPT_BELOW or np.linalg.eigvalsh(value.information)[0] <= 0:
        return None
    if value.pull.size and 100 * distance**2 >= value.pull.min():
        return None
    return params, np.asarray(np.linalg.inv(value.information), dtype=np.float64), value.log_likelihood


def logistic_value(columns: Matrix, outcome: Vector, params: Vector) -> Value:
    """The logistic likelihood of 0/1 outcomes at the coefficients `params`; columns are cases x coefficients."""
    predictor = columns @ params
    residual = outcome - 1.0 / (1.0 + np.exp(-predictor))
    pull = np.abs(residual)
    return Value(
        log_likelihood=float(outcome @ predictor - np.logaddexp(0.0, predictor).sum()),
        score=columns.T @ residual,
        information=_crossed(columns, pull * (1 - pull)),
        pull=pull,
    )


def poisson_value(columns: Matrix, outcome: Vector, params: Vector) -> Value:
    """The Poisson likelihood of counts, up to the term of the counts alone: minus the sum of ln y!."""
    predictor = columns @ params
    mean = np.exp(predictor)
    return Value(
        log_likelihood=float(outcome @ predictor - mean.sum()),
        score=columns.T @ (outcome - mean),
        information=_crossed(columns, mean),
        pull=mean[outcome <= 0],
    )


def negative_binomial_value(columns: Matrix, outcome: Vector, params: Vector) -> Value:
    """The joint likelihood of coefficients and ln alpha, as `dispersed_counts.DispersedCounts` has it."""
    mean, theta = np.exp(columns @ params[:-1]), np.exp(-params[-1])
    at = log_probability(outcome, mean, theta)
    cross = theta * (columns.T @ at.et)
    corner = theta**2 * at.tt.sum() + theta * at.t.sum()
    information = np.block([[_crossed(columns, -at.ee), cross[:, None]], [cross[None, :], np.array([[-corner]])]])
    return Value(
        log_likelihood=float(at.value.sum()),
        score=np.append(columns.T @ at.e, -theta * at.t.sum()),
        information=information,
        pull=-at.e[outcome <= 0],
    )


def _crossed(columns: Matrix, weights: Vector) -> Matrix:
    """columns' diag(weights) columns; observed negative binomial weights are positive, as all others are."""
    weighted = columns * np.sqrt(weights)[:, None]
    return weighted.T @ weighted
