"""Forward stepwise logistic regression (2020/03, Annex A, Analysis).

"The independent variables were entered using a forward stepwise approach, incorporating the most significant
variables in turn (statistical significance <.05) and then removing them at a later stage if necessary
(significance >0.1)."

Belongs here: the selection and its tests, on a design matrix. Not here: which models are selected
(`bulletin_2020_03/models`), how stable a selection is (`bulletin_2020_03/stability`).

A term enters by its score test and leaves by the likelihood ratio (or, selectable, the conditional statistic or
Wald's), as SPSS's LOGISTIC REGRESSION does with FSTEP(LR), FSTEP(COND) and FSTEP(WALD). A factor moves whole. Where
terms of a model stand in for each other, the other two have no covariance to go by and give way to the ratio. No test
depends on which level is the reference, also where levels predict perfectly.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.methods.layouts.specification import Term
from orchestration.methods.statistics.covariate_patterns import PatternFit, PatternModels, Patterns, patterns_of
from orchestration.methods.statistics.design_matrix import Design
from orchestration.methods.statistics.significance import ChiSquare, chi_square

ENTRY_LEVEL, REMOVAL_LEVEL = 0.05, 0.10
ENTRY, REMOVAL = "entry", "removal"
# What became of a term through a test. A removal that would bring back a model already seen is not made: it ends
# the selection, and the term stays.
ENTERED, REMOVED, KEPT_AT_REPEAT = "entered", "removed", "kept_at_repeat"
RANK_TOLERANCE = 1e-10


@dataclass(frozen=True)
class TestedTerm:
    """One test within a step: `kind` is entry or removal, `action` what became of the term through it, if anything."""

    step: int
    kind: str
    term: Term
    test: ChiSquare
    action: str = ""


@dataclass(frozen=True)
class StepwiseSelection:
    """A finished selection: the retained terms in the order of the candidates, and every test made.

    `verdicts`: term name -> the test that decides: the last removal test of a retained term, the last entry test
    of any other.
    """

    retained: tuple[Term, ...]
    history: tuple[TestedTerm, ...]
    verdicts: Mapping[str, ChiSquare]


RemovalTest = Callable[[PatternModels, Sequence[Term], Term], ChiSquare]


def select_terms(
    design: Design,
    removal: str = "likelihood_ratio",
    entry_level: float = ENTRY_LEVEL,
    removal_level: float = REMOVAL_LEVEL,
) -> StepwiseSelection:
    """Select among all terms of a design by forward entry with removal; see `select_among`."""
    return select_among(PatternModels(patterns_of(design)), removal, entry_level, removal_level)


def select_among(
    models: PatternModels,
    removal: str = "likelihood_ratio",
    entry_level: float = ENTRY_LEVEL,
    removal_level: float = REMOVAL_LEVEL,
) -> StepwiseSelection:
    """Select among all terms of some covariate patterns by forward entry with removal.

    In each step the term with the smallest score-test p below `entry_level` enters; then, as long as there is one,
    the term with the largest removal-test p above `removal_level` leaves. It ends when nothing can move, when a term
    enters into a model seen before, and before a removal that would lead to one (SPSS's FSTEP ends "when the current
    model is the same as a previous model"; that the removal is not made is our choice: see docs/statistics.md).
    `removal` is a key of `REMOVAL_TESTS`. Every model rests on the same cases.
    """
    search = _Search(models, REMOVAL_TESTS[removal], entry_level, removal_level)
    while search.enter():
        while search.remove():
            pass
    return search.selection()


class _Search:
    """A selection under way: the terms in the model, the models seen, and every test made."""

    def __init__(
        self, models: PatternModels, removal_test: RemovalTest, entry_level: float, removal_level: float
    ) -> None:
        self._models, self._removal_test = models, removal_test
        self._entry_level, self._removal_level = entry_level, removal_level
        self._step = 0
        self._terms: tuple[Term, ...] = ()
        self._seen = {frozenset[str]()}
        self._is_going_round = False
        self._history: list[TestedTerm] = []
        self._verdicts: dict[str, ChiSquare] = {}

    def enter(self) -> bool:
        """Enter the most significant term outside the model; False where there is none to enter."""
        if self._is_going_round:
            return False
        self._step += 1
        outside = [term for term in self._models.patterns.terms if term not in self._terms]
        tests = score_tests(self._models, self._terms, outside)
        fit = [term for term in tests if tests[term].p < self._entry_level]
        chosen = min(fit, key=lambda term: _order(tests[term]), default=None)
        self._note(ENTRY, tests, chosen, ENTERED)
        if chosen is None:
            return False
        self._terms = (*self._terms, chosen)
        self._is_going_round = self._is_seen(self._terms)
        self._seen.add(_names(self._terms))
        return True

    def remove(self) -> bool:
        """Remove the least significant term of the model; False where all may stay, or have to.

        In a model that came back by an entry nothing is removed; its terms are tested all the same, so that every
        retained term has a removal test.
        """
        tests = {term: self._removal_test(self._models, self._terms, term) for term in self._terms}
        unfit = [term for term in tests if tests[term].p > self._removal_level and not self._is_going_round]
        chosen = max(unfit, key=lambda term: _order(tests[term]), default=None)
        left = tuple(term for term in self._terms if term is not chosen)
        if chosen is None or self._is_seen(left):
            self._is_going_round = self._is_going_round or chosen is not None
            self._note(REMOVAL, tests, chosen, KEPT_AT_REPEAT)
            return False
        self._note(REMOVAL, tests, chosen, REMOVED)
        self._terms = left
        self._seen.add(_names(left))
        return True

    def selection(self) -> StepwiseSelection:
        """What has been selected."""
        retained = tuple(term for term in self._models.patterns.terms if term in self._terms)
        return StepwiseSelection(retained, tuple(self._history), dict(self._verdicts))

    def _is_seen(self, terms: Sequence[Term]) -> bool:
        return _names(terms) in self._seen

    def _note(self, kind: str, tests: Mapping[Term, ChiSquare], moved: Term | None, action: str) -> None:
        for term, test in tests.items():
            self._history.append(TestedTerm(self._step, kind, term, test, action if term is moved else ""))
            self._verdicts[term.name] = test


def _names(terms: Sequence[Term]) -> frozenset[str]:
    return frozenset(term.name for term in terms)


def _order(test: ChiSquare) -> tuple[float, float]:
    """The most significant first; p values too small to tell apart by their statistic.

    To ten digits, so that of equally significant terms the first candidate moves and not the one rounding favours.
    """
    return float(f"{test.p:.9e}"), -float(f"{test.chi2:.9e}")


def score_tests(models: PatternModels, terms: Sequence[Term], candidates: Sequence[Term]) -> dict[Term, ChiSquare]:
    """Rao's score test of adding each candidate to a model; its degrees of freedom are the rank it adds.

    Needs no fit of the larger model, so that a term that would separate the data can be tested like any other.
    """
    patterns, probability = models.patterns, models.fit(terms).probability
    if not np.isfinite(probability).all():
        return {candidate: chi_square(np.nan, 0) for candidate in candidates}
    weights = np.sqrt(patterns.n * probability * (1 - probability))[:, None]
    triangle = np.asarray(
        np.linalg.qr(patterns.matrix * weights, mode="r")
    )  # has the cross products of the weighted cases
    score = patterns.matrix.T @ (patterns.events - patterns.n * probability)
    inside = patterns.keep(terms)
    return {term: _score_test(triangle, score, inside, patterns.columns(term)) for term in candidates}


def _score_test(triangle: np.ndarray, score: np.ndarray, inside: list[int], added: list[int]) -> ChiSquare:
    within, beyond = triangle[:, inside], triangle[:, added]
    projected = beyond - within @ np.linalg.lstsq(within, beyond, rcond=RANK_TOLERANCE)[0]
    values, vectors = np.linalg.eigh(projected.T @ projected)
    kept = values > RANK_TOLERANCE * max(float((beyond**2).sum()), 1e-300)
    along = vectors[:, kept].T @ score[added]
    return chi_square(float((along**2 / values[kept]).sum()), int(kept.sum()))


def _likelihood_ratio_removal(models: PatternModels, terms: Sequence[Term], leaving: Term) -> ChiSquare:
    """The model fitted again without the term."""
    larger, smaller = models.fit(terms), models.fit([term for term in terms if term is not leaving])
    return chi_square(2.0 * (larger.log_likelihood - smaller.log_likelihood), larger.rank - smaller.rank)


def _conditional_removal(models: PatternModels, terms: Sequence[Term], leaving: Term) -> ChiSquare:
    """The likelihood at the other coefficients' conditional estimates given that the term's are nought.

    One step from the fitted model by its covariance (Lawless and Singhal, 1978). The smaller model says only which
    patterns stay separated, whose prediction is perfect in the limit, and the degrees of freedom. Gives way to the
    ratio where a coefficient that stays is infinite only beside the term, so that it has no conditional estimate.
    """
    fit, smaller = models.fit(terms), models.fit([term for term in terms if term is not leaving])
    if _is_without_covariance(models, terms):
        return _likelihood_ratio_removal(models, terms, leaving)
    patterns, projection = models.patterns, _projection(models.patterns, fit, terms, leaving)
    is_open = _is_open(smaller)
    if fit.separates and _rank(projection.kept[is_open]) > projection.rank_kept:
        return _likelihood_ratio_removal(models, terms, leaving)
    predictor = (projection.kept @ projection.estimates)[is_open]
    parts = patterns.events[is_open] * predictor - patterns.n[is_open] * np.logaddexp(0.0, predictor)
    return chi_square(2.0 * (fit.log_likelihood - float(parts.sum())), fit.rank - smaller.rank)


def _wald_removal(models: PatternModels, terms: Sequence[Term], leaving: Term) -> ChiSquare:
    """The joint Wald test of what of the term has a finite estimate: so many degrees of freedom it has.

    Gives way to the ratio where nothing of the term has one.
    """
    if _is_without_covariance(models, terms):
        return _likelihood_ratio_removal(models, terms, leaving)
    projection = _projection(models.patterns, models.fit(terms), terms, leaving)
    df = projection.rank - projection.rank_kept
    return chi_square(projection.distance, df) if df else _likelihood_ratio_removal(models, terms, leaving)


@dataclass(frozen=True)
class _Projection:
    """A fitted predictor brought to the columns that stay when a term leaves.

    `kept`: those columns, patterns x coefficients; `estimates`: their coefficients; `distance`: how far the predictor
    is from there, squared, in standard errors. `rank`, `rank_kept`: of all columns and of those that stay, over the
    patterns that are not separated.
    """

    kept: np.ndarray
    estimates: np.ndarray
    distance: float
    rank: int
    rank_kept: int


def _projection(patterns: Patterns, fit: PatternFit, terms: Sequence[Term], leaving: Term) -> _Projection:
    """Weighted least squares of the fitted predictor on the columns that stay, over the patterns not separated.

    The weights are the information's, so that the distance is the Wald statistic and the coefficients are the
    conditional estimates. Neither depends on reference levels: they follow from what the columns span.
    """
    positions = patterns.keep(terms)
    columns = patterns.matrix[:, positions]
    kept = columns[:, ~np.isin(positions, patterns.columns(leaving))]
    is_open = _is_open(fit)
    probability = fit.probability[is_open]
    predictor = np.log(probability / (1 - probability))
    weights = np.sqrt(patterns.n[is_open] * probability * (1 - probability))
    estimates = np.linalg.lstsq(kept[is_open] * weights[:, None], predictor * weights, rcond=RANK_TOLERANCE)[0]
    left = weights * (predictor - kept[is_open] @ estimates)
    return _Projection(kept, estimates, float(left @ left), _rank(columns[is_open]), _rank(kept[is_open]))


def _is_open(fit: PatternFit) -> np.ndarray:
    """The patterns whose outcome is not predicted perfectly."""
    return (fit.probability > 0) & (fit.probability < 1)


def _rank(columns: np.ndarray) -> int:
    return int(np.linalg.matrix_rank(columns)) if columns.size else 0


def _is_without_covariance(models: PatternModels, terms: Sequence[Term]) -> bool:
    """Whether there is no model, or terms stand in for each other: together they have less rank than each alone."""
    fit = models.fit(terms)
    alone = sum(models.fit([term]).rank - 1 for term in terms)
    return not np.isfinite(fit.probability).all() or fit.rank < 1 + alone


REMOVAL_TESTS: dict[str, RemovalTest] = {
    "likelihood_ratio": _likelihood_ratio_removal,
    "conditional": _conditional_removal,
    "wald": _wald_removal,
}
