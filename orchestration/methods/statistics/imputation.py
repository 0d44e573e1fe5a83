"""Missing values drawn from what the other variables tell of them: chained equations, seeded.

Belongs here: completing a frame of categories and intervals. Not here: what is estimated from completed frames, and how
several are pooled (`robustness/refits`).

Fully conditional specification (van Buuren 2007): every incomplete variable in turn is predicted from all others and
drawn again, some rounds long. Each prediction is fitted to a bootstrap of the observed cases, so that its own
uncertainty is drawn too. Categories by multinomial logistic regression under a weak normal prior, which keeps separated
answers finite; intervals by the mean of a regression and one of the nearest observed values (predictive mean matching,
Little 1988), so that only values that occur are drawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.layouts.outcomes import numbers
from orchestration.methods.layouts.specification import Term
from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector

ROUNDS = 5
DONORS = 5
PRIOR_VARIANCE = 2.5**2
NEWTON_STEPS = 12
# Values are drawn with the coefficients: what is left of the way is far below the errors of both.
CLOSE_ENOUGH = 1e-2
NOTHING_OBSERVED = "no case has a value"
ONE_VALUE = "all cases that have a value have the same"
NOTHING_PREDICTS = "nothing varies that could predict what is missing"


@dataclass(frozen=True)
class Incomplete:
    """Variables as numbers: an interval's values or the places of a category's levels, NaN where missing.

    `known`: cases x columns that are complete and only predict, such as the outcome.
    """

    terms: tuple[Term, ...]
    values: Mapping[str, Vector]
    known: Matrix

    def why_not(self) -> str:
        """Why what is missing cannot be drawn; "" where it can."""
        for term in self._missing():
            seen = self.values[term.name][np.isfinite(self.values[term.name])]
            if not seen.size or np.ptp(seen) == 0:
                return f"{NOTHING_OBSERVED if not seen.size else ONE_VALUE}: {term.name}"
            others = [self.values[other.name] for other in self.terms if other is not term]
            if not any(_varies(column) for column in (*others, *self.known.T)):
                return NOTHING_PREDICTS
        return ""

    def _missing(self) -> list[Term]:
        """Terms with missing values, those with the fewest first."""
        counts = {term: int(np.isnan(self.values[term.name]).sum()) for term in self.terms}
        return sorted((term for term in self.terms if counts[term]), key=counts.__getitem__)

    def completed(self, rng: np.random.Generator) -> pd.DataFrame:
        """One completed frame in the terms' own values. Raises ValueError where `why_not` has a reason."""
        if reason := self.why_not():
            raise ValueError(reason)
        drawn = {name: _first_guess(values, rng) for name, values in self.values.items()}
        for _ in range(ROUNDS):
            for term in self._missing():
                drawn[term.name] = self._draw(term, drawn, rng)
        return pd.DataFrame({term.name: _own_values(drawn[term.name], term) for term in self.terms})

    def _draw(self, term: Term, drawn: Mapping[str, Vector], rng: np.random.Generator) -> Vector:
        columns = _predictors([other for other in self.terms if other is not term], drawn, self.known)
        values = drawn[term.name].copy()
        is_missing = np.isnan(self.values[term.name])
        seen = columns[~is_missing], values[~is_missing]
        weights = np.bincount(rng.integers(len(seen[1]), size=len(seen[1])), minlength=len(seen[1])).astype(float)
        draw = _draw_interval if term.is_interval else _draw_category
        values[is_missing] = draw(*seen, weights, columns[is_missing], rng)
        return values


def incomplete(frame: pd.DataFrame, terms: Sequence[Term], known: Matrix) -> Incomplete:
    """The terms' columns of a frame; a category outside a term's levels counts as missing."""
    return Incomplete(tuple(terms), {term.name: _as_numbers(frame[term.name], term) for term in terms}, known)


def _as_numbers(column: pd.Series, term: Term) -> Vector:
    if term.is_interval:
        return numbers(column).to_numpy(dtype=np.float64)
    places = {level: float(place) for place, level in enumerate(term.levels)}
    return np.array([places.get(level, np.nan) for level in column.astype(object)], dtype=np.float64)


def _own_values(values: Vector, term: Term) -> np.ndarray:
    return values if term.is_interval else np.array(term.levels, dtype=object)[values.astype(int)]


def _first_guess(values: Vector, rng: np.random.Generator) -> Vector:
    is_missing = np.isnan(values)
    guess = values.copy()
    if is_missing.any():
        guess[is_missing] = rng.choice(values[~is_missing], int(is_missing.sum()))
    return guess


def _varies(values: Vector) -> bool:
    seen = values[np.isfinite(values)]
    return bool(seen.size and np.ptp(seen) > 0)


def _predictors(terms: Sequence[Term], drawn: Mapping[str, Vector], known: Matrix) -> Matrix:
    """An intercept and standardised columns; a level a column but the first of each category."""
    columns = [*known.T]
    for term in terms:
        values = drawn[term.name]
        columns += [values] if term.is_interval else [values == place for place in range(1, len(term.levels))]
    matrix = np.column_stack(columns).astype(float) if columns else np.empty((len(known), 0))
    spread = matrix.std(axis=0)
    kept = spread > 0
    return np.column_stack([np.ones(len(matrix)), (matrix[:, kept] - matrix[:, kept].mean(axis=0)) / spread[kept]])


def _draw_interval(columns: Matrix, values: Vector, weights: Vector, asked: Matrix, rng: np.random.Generator) -> Vector:
    crossed = columns.T @ (columns * weights[:, None]) + 1e-6 * np.eye(columns.shape[1])
    coefficients = np.linalg.solve(crossed, columns.T @ (weights * values))
    distance = np.abs((columns @ coefficients)[None, :] - (asked @ coefficients)[:, None])
    donors = min(DONORS, len(values))
    nearest = np.argpartition(distance, donors - 1, axis=1)[:, :donors]
    return values[nearest[np.arange(len(asked)), rng.integers(donors, size=len(asked))]]


def _draw_category(columns: Matrix, values: Vector, weights: Vector, asked: Matrix, rng: np.random.Generator) -> Vector:
    levels, chosen = np.unique(values, return_inverse=True)
    drawn = weights > 0  # a third of a bootstrap's cases are not in it, and count for nothing
    coefficients = multinomial(columns[drawn], chosen[drawn], weights[drawn], len(levels))
    chances = np.cumsum(_shares(asked @ coefficients), axis=1)
    return levels[(rng.random(len(asked))[:, None] > chances[:, :-1]).sum(axis=1)]


def multinomial(columns: Matrix, chosen: np.ndarray, weights: Vector, n_levels: int) -> Matrix:
    """The mode of a multinomial logistic regression, columns x levels less one, under normal priors of PRIOR_VARIANCE.

    `chosen`: each case's level from 0; the first is the reference. The intercept, first of `columns`, has no prior.
    """
    width, others = columns.shape[1], n_levels - 1
    hits = (chosen[:, None] == np.arange(1, n_levels)).astype(float)
    prior = np.tile(np.append(1e-8, np.full(width - 1, 1 / PRIOR_VARIANCE)), others)
    found = np.zeros(others * width)
    for _ in range(NEWTON_STEPS):
        shares = _shares(columns @ found.reshape(others, width).T)[:, 1:]
        score = (columns.T @ (weights[:, None] * (hits - shares))).T.ravel() - prior * found
        step = np.linalg.solve(_information(columns, shares, weights) + np.diag(prior), score)
        found = found + step * min(1.0, 3.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < CLOSE_ENOUGH:
            break
    return found.reshape(others, width).T


def _information(columns: Matrix, shares: Matrix, weights: Vector) -> Matrix:
    """The blocks of levels j and k, which are those of k and j too."""
    width, others = columns.shape[1], shares.shape[1]
    whole = np.empty((others, width, others, width))
    for j in range(others):
        for k in range(j, others):
            curved = weights * shares[:, j] * ((j == k) - shares[:, k])
            whole[j, :, k] = whole[k, :, j] = columns.T @ (columns * curved[:, None])
    return whole.reshape(others * width, others * width)


def _shares(predictors: Matrix) -> Matrix:
    """Each level's share, the reference first."""
    whole = np.column_stack([np.zeros(len(predictors)), predictors])
    raised = np.exp(whole - whole.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
