"""Logistic regression on covariate patterns: cases alike in every term are one row with their number and events.

Belongs here: collapsing a design to its patterns, and fits of some of its terms that give what selecting terms needs.
Not here: selecting (`stepwise`), and the fits that are published (`fitting`), against which these are held in the
tests. A selection asks for dozens of fits on the same cases; a few hundred patterns stand for thousands of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from orchestration.methods.layouts.specification import Term
from orchestration.methods.statistics.design_matrix import Design
from orchestration.methods.statistics.estimability import separated_rows
from orchestration.methods.statistics.fitting import fit_family
from orchestration.methods.statistics.logistic import LOGISTIC
from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector
from orchestration.methods.statistics.newton import Top, Value, climb

# Of the cases' cross products, columns brought to a largest absolute value of one, per case.
LEAST_EIGENVALUE = 1e-9


@dataclass(frozen=True)
class Patterns:
    """Distinct rows of a design: `matrix` (patterns x coefficients, intercept first), and cases and events of each."""

    matrix: Matrix
    n: Vector
    events: Vector
    terms: tuple[Term, ...]

    def columns(self, term: Term) -> list[int]:
        """The positions of a term's columns."""
        first = 1
        for other in self.terms:
            width = len(other.coefficients)
            if other == term:
                return list(range(first, first + width))
            first += width
        raise KeyError(term.name)

    def keep(self, terms: Sequence[Term]) -> list[int]:
        """The positions of the intercept and of the given terms' columns, in the matrix's order."""
        return [0, *sorted(column for term in terms for column in self.columns(term))]

    def with_counts(self, n: Vector, events: Vector) -> "Patterns":
        """The same patterns with other numbers of cases and events; those without a case are left out."""
        seen = n > 0
        return replace(self, matrix=self.matrix[seen], n=n[seen], events=events[seen])


@dataclass(frozen=True)
class PatternFit:
    """A model of some columns: `estimates` and `covariance` are NaN where a coefficient is not estimable.

    `probability`: one a pattern, 0 or 1 where a pattern is separated; `rank`: that of all cases, what degrees of
    freedom are counted with; everything is NaN without a model.
    """

    log_likelihood: float
    rank: int
    estimates: Vector
    covariance: Matrix
    probability: Vector

    @property
    def estimable(self) -> NDArray[np.bool_]:
        return np.isfinite(self.estimates)

    @property
    def separates(self) -> bool:
        return bool(((self.probability == 0) | (self.probability == 1)).any())


@dataclass(frozen=True)
class PatternModels:
    """The models of some patterns' terms, each fitted once."""

    patterns: Patterns
    known: dict[frozenset[str], PatternFit] = field(default_factory=dict)

    def fit(self, terms: Sequence[Term]) -> PatternFit:
        """The model of these terms, in whatever order they are given."""
        key = frozenset(term.name for term in terms)
        if key not in self.known:
            self.known[key] = fit_columns(self.patterns, self.patterns.keep(terms))
        return self.known[key]


def patterns_of(design: Design) -> Patterns:
    """A design's covariate patterns, sorted, so that they do not depend on the order of its cases."""
    matrix, place = _distinct_rows(design.matrix)
    n, events = (np.bincount(place, counted, minlength=len(matrix)) for counted in (None, design.outcome))
    return Patterns(matrix, n.astype(np.float64), events.astype(np.float64), design.terms)


def _distinct_rows(matrix: Matrix) -> tuple[Matrix, NDArray[np.intp]]:
    """The rows without repetition, sorted, and each row's place among them: numpy's `unique`, eight times as quick."""
    order = np.lexsort(matrix.T[::-1])
    ordered = matrix[order]
    is_first = np.ones(len(ordered), dtype=bool)
    is_first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    place = np.empty(len(ordered), dtype=np.intp)
    place[order] = np.cumsum(is_first) - 1
    return ordered[is_first], place


def fit_columns(patterns: Patterns, columns: Sequence[int]) -> PatternFit:
    """The logistic model of some columns, the intercept among them.

    By Newton's steps, which prove that nothing is separated; else with the separated cases set aside; else, where a
    column is aliased or there is no model at all, as `fitting.fit_family` fits the cases.
    """
    matrix = patterns.matrix[:, list(columns)]
    filled = _filled(matrix, patterns.n)
    cases, events = patterns.n.sum(), patterns.events.sum()
    if filled is None or cases <= matrix.shape[1] or not 0 < events < cases:
        return _fit_of_cases(matrix, patterns)
    top = _top(matrix[:, filled], patterns.n, patterns.events)
    if top is not None:
        return _spread(matrix, filled, len(filled), top)
    return _fit_without_separated(matrix, patterns, len(filled)) or _fit_of_cases(matrix, patterns)


def _filled(matrix: Matrix, n: Vector) -> NDArray[np.intp] | None:
    """The columns that are not empty; None where one of them can be made of the others."""
    largest = np.abs(matrix).max(axis=0, initial=0.0)
    filled = np.flatnonzero(largest > 0)
    scaled = matrix[:, filled] / largest[filled]
    crossed = scaled.T @ (scaled * n[:, None])
    is_independent = bool(len(filled)) and np.linalg.eigvalsh(crossed)[0] > LEAST_EIGENVALUE * n.sum()
    return filled if is_independent else None


def _top(columns: Matrix, n: Vector, events: Vector) -> Top | None:
    """The maximum over full-rank columns; None where cases may be separated."""
    others = n - events
    has_event, has_other = events > 0, others > 0

    def value_at(params: Vector) -> Value:
        predictor = columns @ params
        probability = 1.0 / (1.0 + np.exp(-predictor))
        information = columns.T @ (columns * (n * probability * (1.0 - probability))[:, None])
        return Value(
            log_likelihood=float(events @ predictor - n @ np.logaddexp(0.0, predictor)),
            score=columns.T @ (events - n * probability),
            information=information,
            pull=np.concatenate([1.0 - probability[has_event], probability[has_other]]),
        )

    return climb(value_at, np.zeros(columns.shape[1]))


def _spread(matrix: Matrix, kept: NDArray[np.intp], rank: int, top: Top) -> PatternFit:
    """A maximum over the kept columns at their places among all."""
    params, inner, log_likelihood = top
    width = matrix.shape[1]
    estimates, covariance = np.full(width, np.nan), np.full((width, width), np.nan)
    places = np.array(kept)
    estimates[places], covariance[np.ix_(places, places)] = params, inner
    probability = 1.0 / (1.0 + np.exp(-(matrix[:, kept] @ params)))
    return PatternFit(log_likelihood, rank, estimates, covariance, probability)


def _fit_without_separated(matrix: Matrix, patterns: Patterns, rank: int) -> PatternFit | None:
    """The limit of a separated model: its separated patterns add nothing, the rest is fitted without them.

    A pattern with both outcomes moves in no separating direction, so that those with one outcome alone are judged.
    None where the rest leaves columns that cannot be told apart.
    """
    is_one_sided = (patterns.events == 0) | (patterns.events == patterns.n)
    separated = separated_rows(matrix, patterns.events / patterns.n, None, candidates=is_one_sided)
    left = np.flatnonzero(~separated)
    filled = _filled(matrix[left], patterns.n[left]) if left.size else None
    if filled is None:
        return None
    top = _top(matrix[np.ix_(left, filled)], patterns.n[left], patterns.events[left])
    if top is None:
        return None
    fit = _spread(matrix, filled, rank, top)
    return replace(fit, probability=np.where(separated, patterns.events / patterns.n, fit.probability))


def _fit_of_cases(matrix: Matrix, patterns: Patterns) -> PatternFit:
    """The model fitted to the cases one by one, with all that can be wrong with them."""
    place = np.repeat(np.arange(len(matrix)), patterns.n.astype(int))
    first = np.concatenate([[0], np.cumsum(patterns.n)[:-1]]).astype(int) if len(matrix) else np.array([], dtype=int)
    outcome = (np.arange(len(place)) - first[place] < patterns.events[place]).astype(float)
    fit = fit_family(LOGISTIC, matrix[place], outcome)
    found = fit.estimability
    return PatternFit(
        log_likelihood=fit.log_likelihood,
        rank=found.rank,
        estimates=fit.estimates,
        covariance=fit.covariance,
        probability=fit.fitted[first],
    )
