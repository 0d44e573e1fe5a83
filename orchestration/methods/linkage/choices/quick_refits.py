"""The six published models again on another sample or other outcomes, in milliseconds.

Belongs here: a model's complete cases, its refit from the published estimates, and the full fit where that is needed.
Not here: Newton's steps (`newton`), and the published fits (`bulletin_2023_04/models`), whose complete cases,
likelihoods and treatment of what cannot be estimated are used."""

import hashlib
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from orchestration.methods.layouts.specification import BULLETIN_MODELS, BulletinModel
from orchestration.methods.statistics.design_matrix import Design, build_design
from orchestration.methods.statistics.fitting import Fit, fit_family, orthonormal
from orchestration.methods.statistics.logistic import LOGISTIC
from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector
from orchestration.methods.statistics.negative_binomial import (
    LEAST_GAIN,
    NEGATIVE_BINOMIAL,
    NO_OVERDISPERSION,
    POISSON,
    moment_alpha,
)
from orchestration.methods.statistics.newton import Top, climb, logistic_value, negative_binomial_value, poisson_value

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
        covariance_and_params = climb(lambda params: logistic_value(columns, outcome, params), frame.start)
    if covariance_and_params is None:
        return None
    params, covariance, _ = covariance_and_params
    own = frame.to_own_units
    return Refit(n, own @ params[:width], own @ covariance[:width, :width] @ own.T, ("",) * width, True)


def _quick_counts(columns: Matrix, outcome: Vector, start: Vector) -> Top | None:
    """The negative binomial; None where the counts may have no over-dispersion, which takes a search to tell."""
    poisson = climb(lambda params: poisson_value(columns, outcome, params), start[:-1])
    if poisson is None or moment_alpha(outcome, np.exp(columns @ poisson[0])) <= 0:
        return None
    joint = climb(lambda params: negative_binomial_value(columns, outcome, params), np.append(poisson[0], start[-1:]))
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
