"""Standard errors that let the cases of one provider resemble each other: CR2 with Satterthwaite degrees of freedom.

Belongs here: the bias-reduced cluster-robust covariance of a generalised linear model, and its t tests. Not here: the
estimates, which are the published ones.

Bell and McCaffrey (2002), as generalised by Pustejovsky and Tipton (2018, section 2.1): each cluster's residuals are
multiplied by a matrix that makes the covariance unbiased where the working model holds. Several do; theirs is
symmetric in the outcome's own units, as in the R package clubSandwich. The degrees of freedom are those of the
chi-square with the same mean and variance. Below four such a test cannot be relied upon (same paper).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.robustness.published_fits import PublishedFit
from orchestration.methods.robustness.refits import wald_row
from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector
from orchestration.tables.robustness import CLUSTERED_ERRORS

LEAST_DF = 4.0
FEWEST_CLUSTERS = 2
ONE_CLUSTER = "the cases are of fewer than two providers"
TOO_FEW = "too few providers: fewer than four degrees of freedom are left"
UNKNOWN_PROVIDER = "some cases have no provider"


@dataclass(frozen=True)
class ClusteredCovariance:
    """`covariance`: columns x columns; `df`: each coefficient's degrees of freedom."""

    covariance: Matrix
    df: Vector


@dataclass(frozen=True)
class WorkingModel:
    """The least squares that a fitted model is at its maximum.

    `columns` (cases x columns) and `residuals` are in units of the outcome's own standard deviation at the fitted mean;
    `variance` is its square.
    """

    columns: Matrix
    residuals: Vector
    variance: Vector


def working_model(model: PublishedFit) -> WorkingModel:
    """The working model of a fit of full rank; the dispersion of counts counts as known."""
    mean, outcome = model.fit.fitted, model.design.outcome
    alpha = model.fit.dispersion[0] if model.fit.dispersion else 0.0
    variance = mean * (1 + alpha * mean) if model.is_count else mean * (1 - mean)
    slope = mean if model.is_count else mean * (1 - mean)
    deviation = np.sqrt(variance)
    return WorkingModel(model.design.matrix * (slope / deviation)[:, None], (outcome - mean) / deviation, variance)


def cr2(model: WorkingModel, cluster: np.ndarray) -> ClusteredCovariance:
    """CR2 of a working model of full rank; `cluster` is one label a case."""
    columns = model.columns
    bread = np.asarray(np.linalg.inv(columns.T @ columns), dtype=np.float64)
    scores, reaches = [], []
    for label in np.unique(cluster):
        chosen = cluster == label
        own, variance = columns[chosen], model.variance[chosen]
        left = np.eye(len(own)) - own @ bread @ own.T
        adjusted = variance[:, None] * (_root_of_inverse(variance[:, None] * left * variance) @ own)
        scores.append(adjusted.T @ model.residuals[chosen])
        reaches.append((own, adjusted @ bread))
    stacked = np.array(scores)
    return ClusteredCovariance(bread @ (stacked.T @ stacked) @ bread, _satterthwaite(bread, reaches))


def _root_of_inverse(block: Matrix) -> Matrix:
    """The symmetric root of the (generalised) inverse."""
    values, vectors = np.linalg.eigh(block)
    kept = values > 1e-10 * values[-1]
    return (vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T


def _satterthwaite(bread: Matrix, reaches: list[tuple[Matrix, Matrix]]) -> Vector:
    """(tr P)^2 / tr P^2 of each coefficient's quadratic form P; `reaches`: each cluster's columns and adjusted rows."""
    crossed = np.array([own.T @ reach for own, reach in reaches])  # clusters x columns x coefficients
    lengths = np.array([(reach**2).sum(axis=0) for _, reach in reaches])
    df = np.empty(len(bread))
    for place in range(len(bread)):
        form = np.diag(lengths[:, place]) - crossed[:, :, place] @ bread @ crossed[:, :, place].T
        df[place] = np.trace(form) ** 2 / (form**2).sum()
    return df


def clustered_errors(
    models: Iterable[PublishedFit], providers: pd.Series, significance_level: float = 0.05
) -> pd.DataFrame:
    """results.clustered_errors: one row a published model and coefficient of a judgement.

    `providers`: the provider of each case, by the index of the cases the models were fitted to.
    """
    return frame_of(CLUSTERED_ERRORS, (row for model in models for row in _rows(model, providers, significance_level)))


def _rows(model: PublishedFit, providers: pd.Series, significance_level: float) -> Iterator[Row]:
    own = providers.loc[model.design.cases]
    unusable = UNKNOWN_PROVIDER if own.isna().any() else ONE_CLUSTER if own.nunique() < FEWEST_CLUSTERS else ""
    first = next((column for _, _, column in model.judgements()), 0)
    is_told = not (unusable or model.why_not(first))
    found = cr2(working_model(model), own.to_numpy()) if is_told else None
    for term, level, column in model.judgements():
        yield {
            "model_id": model.specification.model_id,
            "coefficient": f"{term.name}={level}",
            "n": model.design.n,
            "n_clusters": int(own.nunique()),
            "estimate": model.fit.estimates[column],
            "published_std_error": float(np.sqrt(model.fit.covariance[column, column])),
            **_tested(model, column, found, unusable or model.why_not(column), significance_level),
        }


def _tested(
    model: PublishedFit, column: int, found: ClusteredCovariance | None, why: str, significance_level: float
) -> Row:
    if why or found is None:
        return {"not_estimable_because": why}
    error, df = float(np.sqrt(found.covariance[column, column])), float(found.df[column])
    row: Row = {"std_error": error, "df": df}
    if df < LEAST_DF:
        return row | {"not_estimable_because": TOO_FEW}
    return row | wald_row(float(model.fit.estimates[column]), error, significance_level, df)
