"""The six published models again on another sample or other outcomes, in milliseconds.

Belongs here: Newton's iteration from the published estimates, one pass over the cases a step, and the proof that what
it found is what a full fit would find. Not here: the published fits (`bulletin_models`), whose complete cases,
likelihoods and treatment of what cannot be estimated are used: wherever the quick way is not certain, the full fit is
made instead.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from orchestration.methods.design_matrix import Design, build_design
from orchestration.methods.dispersed_counts import log_probability
from orchestration.methods.fitting import Fit, fit_family, orthonormal
from orchestration.methods.logistic import LOGISTIC
from orchestration.methods.maximum_likelihood import ACCEPT_BELOW, STOP_AT, Matrix, Vector
from orchestration.methods.negative_binomial import (
    LEAST_GAIN,
    NEGATIVE_BINOMIAL,
    NO_OVERDISPERSION,
    POISSON,
    moment_alpha,
)
from orchestration.methods.specification import BULLETIN_MODELS, BulletinModel

MOST_STEPS = 15
LEAST_EIGENVALUE = 1e-6
COUNT_OUTCOME = "reoffences"
_STARTING_LOG_ALPHA = float(np.log(0.5))


@dataclass(frozen=True)
class Refit:
    """A model on a sample: NaN for coefficients that are not estimable, `reasons` why ("" where they are)."""

    n: int
    estimates: Vector
    covariance: Matrix
    reasons: tuple[str, ...]
    is_quick: bool


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


@dataclass(frozen=True)
class ModelFrame:
    """A published model with the complete cases of all cases: `positions` in the cases' frame, rows of `matrix`.

    `columns` is `matrix` made orthonormal (None where it is not of full rank), `to_own_units` its coefficients' way
    back, `start` the published estimates in the orthonormal columns' terms, with ln alpha last for counts.
    """

    specification: BulletinModel
    design: Design
    positions: np.ndarray
    columns: Matrix | None
    to_own_units: Matrix
    start: Vector


@dataclass
class Refitter:
    """Refits of one model; identical samples and outcomes are fitted once."""

    frame: ModelFrame
    known: dict[bytes, Refit] = field(default_factory=dict)

    def refit(self, outcome: Vector) -> Refit:
        """The model for `outcome` (one value a case of the cases' frame, NaN where the case has none)."""
        own = outcome[self.frame.positions]
        key = hashlib.blake2b(own.tobytes()).digest()
        if key not in self.known:
            self.known[key] = refit(self.frame, own)
        return self.known[key]


def model_frames(cases: pd.DataFrame, coefficients: pd.DataFrame) -> list[ModelFrame]:
    """The six models ready to be refitted.

    `cases` is marts.cases, `coefficients` results.model_coefficients (where each refit starts from). A case's place
    among the complete is found by giving every case its own position as outcome.
    """
    everyone = cases.assign(reoffended=1, reoffences=np.arange(len(cases)))
    return [_model_frame(specification, everyone, coefficients) for specification in BULLETIN_MODELS]


def _model_frame(specification: BulletinModel, everyone: pd.DataFrame, coefficients: pd.DataFrame) -> ModelFrame:
    design = build_design(everyone, COUNT_OUTCOME, specification.terms)
    published = coefficients[coefficients["model_id"] == specification.model_id].set_index("coefficient")["estimate"]
    estimates = published.reindex(design.coefficients).to_numpy(dtype=float, na_value=np.nan)
    width = len(design.coefficients)
    columns, to_own_units = None, np.eye(width)
    if design.n > width and _is_of_full_rank(design.matrix):
        columns, to_own_units = orthonormal(design.matrix)
    start = np.linalg.solve(to_own_units, np.nan_to_num(estimates))
    if specification.outcome == COUNT_OUTCOME:
        alpha = float(published.get("alpha", np.nan))
        start = np.append(start, np.log(alpha) if alpha > 0 else _STARTING_LOG_ALPHA)
    return ModelFrame(specification, design, design.outcome.astype(int), columns, to_own_units, start)


def _is_of_full_rank(matrix: Matrix) -> bool:
    largest = np.abs(matrix).max(axis=0)
    return bool((largest > 0).all() and np.linalg.matrix_rank(matrix / largest) == matrix.shape[1])


def refit(frame: ModelFrame, outcome: Vector) -> Refit:
    """The model on the complete cases whose `outcome` (one value a complete case) is known.

    The quick way first; the full one where a column is empty or aliased in this sample, where cases may be
    separated, or where Newton's iteration did not arrive at once.
    """
    has_outcome = np.isfinite(outcome)
    sample = outcome[has_outcome]
    if frame.columns is not None:
        found = _quick(frame, frame.columns[has_outcome], sample)
        if found is not None:
            return found
    return _full(frame, frame.design.matrix[has_outcome], sample)


def _quick(frame: ModelFrame, columns: Matrix, outcome: Vector) -> Refit | None:
    """The refit from the published estimates, or None where it is not certain to be the full fit's."""
    n, width = columns.shape
    if n <= width or np.ptp(outcome) == 0 or np.linalg.eigvalsh(columns.T @ columns / n)[0] < LEAST_EIGENVALUE:
        return None
    if frame.specification.outcome == COUNT_OUTCOME:
        covariance_and_params = _quick_counts(columns, outcome, frame.start)
    else:
        covariance_and_params = _climb(lambda params: _logistic_value(columns, outcome, params), frame.start)
    if covariance_and_params is None:
        return None
    params, covariance, _ = covariance_and_params
    own = frame.to_own_units
    return Refit(n, own @ params[:width], own @ covariance[:width, :width] @ own.T, ("",) * width, True)


Top = tuple[Vector, Matrix, float]


@np.errstate(all="ignore")  # a step too far overflows, and the full fit is made
def _climb(value_at: Callable[[Vector], Value], start: Vector) -> Top | None:
    """The maximum's parameters, covariance and log-likelihood by Newton's steps, each of which has to gain.

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
            step = np.linalg.solve(value.information, value.score)
        except np.linalg.LinAlgError:
            return None
        distance = float(np.sqrt(max(float(value.score @ step), 0.0)))
        if distance < STOP_AT:
            return _accepted(params, value, distance)
        moved = value_at(params + step)
        if not moved.log_likelihood >= value.log_likelihood - 1e-12 * abs(value.log_likelihood):
            return _accepted(params, value, distance)
        params, value = params + step, moved
    return None


def _accepted(params: Vector, value: Value, distance: float) -> Top | None:
    """The top where it is one: score near zero, information positive, nothing separated."""
    if distance >= ACCEPT_BELOW or np.linalg.eigvalsh(value.information)[0] <= 0:
        return None
    if value.pull.size and 100 * distance**2 >= value.pull.min():
        return None
    return params, np.asarray(np.linalg.inv(value.information), dtype=np.float64), value.log_likelihood


def _logistic_value(columns: Matrix, outcome: Vector, params: Vector) -> Value:
    predictor = columns @ params
    residual = outcome - 1.0 / (1.0 + np.exp(-predictor))
    pull = np.abs(residual)
    return Value(
        log_likelihood=float(outcome @ predictor - np.logaddexp(0.0, predictor).sum()),
        score=columns.T @ residual,
        information=_crossed(columns, pull * (1 - pull)),
        pull=pull,
    )


def _poisson_value(columns: Matrix, outcome: Vector, params: Vector) -> Value:
    """Up to the term of the counts alone, which `_counts_alone` gives."""
    predictor = columns @ params
    mean = np.exp(predictor)
    return Value(
        log_likelihood=float(outcome @ predictor - mean.sum()),
        score=columns.T @ (outcome - mean),
        information=_crossed(columns, mean),
        pull=mean[outcome <= 0],
    )


def _negative_binomial_value(columns: Matrix, outcome: Vector, params: Vector) -> Value:
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


def _quick_counts(columns: Matrix, outcome: Vector, start: Vector) -> Top | None:
    """The negative binomial, or Poisson regression where the published model would fall back on it."""
    poisson = _climb(lambda params: _poisson_value(columns, outcome, params), start[:-1])
    if poisson is None or moment_alpha(outcome, np.exp(columns @ poisson[0])) <= 0:
        return poisson
    joint = _climb(lambda params: _negative_binomial_value(columns, outcome, params), np.append(poisson[0], start[-1:]))
    if joint is None or joint[2] < poisson[2] + _counts_alone(outcome) + LEAST_GAIN:
        return None
    return joint


def _counts_alone(outcome: Vector) -> float:
    from scipy.special import gammaln

    return -float(gammaln(outcome + 1).sum())


def _full(frame: ModelFrame, matrix: Matrix, outcome: Vector) -> Refit:
    """The fit as the published models are fitted."""
    if frame.specification.outcome == COUNT_OUTCOME:
        fit = fit_family(NEGATIVE_BINOMIAL, matrix, outcome)
        if fit.failure == NO_OVERDISPERSION:
            fit = fit_family(POISSON, matrix, outcome)
    else:
        fit = fit_family(LOGISTIC, matrix, outcome)
    return Refit(len(outcome), fit.estimates, fit.covariance, _reasons(fit), False)


def _reasons(fit: Fit) -> tuple[str, ...]:
    without = "" if fit.converged else "not_maximised"
    return tuple(reason or without for reason in fit.estimability.reasons)
