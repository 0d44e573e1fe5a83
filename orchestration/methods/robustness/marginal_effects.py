"""Average marginal effects: an odds or rate ratio as percentage points, or as reoffences.

Belongs here: the average difference a judgement makes to the fitted outcome, with its delta-method interval. Not here:
ratios (`statistics/model_rows`).

Of every case of a model the outcome is predicted twice, as if the judgement had been the one and the other answer,
everything else as it was; the effect is the mean difference (Bartus 2005; Cameron and Trivedi 2005, 14.5.3). Its
variance is g' V g with g the mean difference of the predictions' derivatives by the coefficients (Oehlert 1992).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.layouts.specification import Term
from orchestration.methods.robustness.published_fits import PublishedFit
from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector
from orchestration.methods.statistics.significance import normal_p, normal_quantile
from orchestration.tables.robustness import MARGINAL_EFFECTS


@dataclass(frozen=True)
class Effect:
    """A mean difference of the fitted outcome (a share, or a count) and its standard error."""

    value: float
    std_error: float


def average_effect(model: PublishedFit, term: Term, column: int) -> Effect:
    """What answering with the column's level rather than with the reference does to the outcome, on average."""
    ones, noughts = (_with_answer(model, term, column, value) for value in (1.0, 0.0))
    fit = model.fit
    first, second = (model.family.mean(matrix @ fit.estimates) for matrix in (ones, noughts))
    slopes = (mean if model.is_count else mean * (1 - mean) for mean in (first, second))
    gradient = _mean_gradient(ones, next(slopes)) - _mean_gradient(noughts, next(slopes))
    return Effect(float((first - second).mean()), float(np.sqrt(gradient @ fit.covariance @ gradient)))


def _with_answer(model: PublishedFit, term: Term, column: int, value: float) -> Matrix:
    """The model's cases as if all had answered alike: the term's other columns are nought."""
    matrix = model.design.matrix.copy()
    matrix[:, model.design.columns(term)] = 0.0
    matrix[:, column] = value
    return matrix


def _mean_gradient(matrix: Matrix, slope: Vector) -> Vector:
    return matrix.T @ slope / len(matrix)


def marginal_effects(models: Iterable[PublishedFit], significance_level: float = 0.05) -> pd.DataFrame:
    """results.marginal_effects: one row a published model and coefficient of a judgement."""
    return frame_of(MARGINAL_EFFECTS, (row for model in models for row in _rows(model, significance_level)))


def _rows(model: PublishedFit, significance_level: float) -> Iterator[Row]:
    reach, scale = normal_quantile(significance_level), 1.0 if model.is_count else 100.0
    for term, level, column in model.judgements():
        why = model.why_not(column)
        found = Effect(np.nan, np.nan) if why else average_effect(model, term, column)
        effect, error = scale * found.value, scale * found.std_error
        yield {
            "model_id": model.specification.model_id,
            "coefficient": f"{term.name}={level}",
            "unit": "reoffences" if model.is_count else "percentage_points",
            "n": model.design.n,
            "effect": effect,
            "std_error": error,
            "ci_low": effect - reach * error,
            "ci_high": effect + reach * error,
            "p": float(normal_p(np.array([effect / error]))[0]) if not why else np.nan,
            "not_estimable_because": why or None,
        }
