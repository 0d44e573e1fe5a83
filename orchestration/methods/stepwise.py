"""Forward stepwise logistic regression (2020/03, Annex A, Analysis).

"The independent variables were entered using a forward stepwise approach, incorporating the most significant
variables in turn (statistical significance <.05) and then removing them at a later stage if necessary
(significance >0.1)."

Belongs here: the selection and its tests, on a design matrix. Not here: which models are selected
(`stepwise_models`), how stable a selection is (`stepwise_stability`).

A term enters by its score test and leaves by the likelihood ratio (or, selectable, the conditional statistic or
Wald's), as SPSS's LOGISTIC REGRESSION does with FSTEP(LR), FSTEP(COND) and FSTEP(WALD). A factor moves whole.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.methods.design_matrix import Design
from orchestration.methods.fitting import Fit, fit_family
from orchestration.methods.logistic import LOGISTIC
from orchestration.methods.significance import ChiSquare, chi_square, likelihood_ratio, wald
from orchestration.methods.specification import Term

ENTRY_LEVEL, REMOVAL_LEVEL = 0.05, 0.10
ENTRY, REMOVAL = "entry", "removal"
ENTERED, REMOVED = "entered", "removed"
# A fitted probability nearer to 0 or 1 than this is looked at for separation, which costs a linear programme.
NEARLY_CERTAIN = 1e-6
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
    """A finished selection: the retained terms in the order of the candidates, their model and every test made.

    `verdicts`: term name -> the test that decides: the last removal test of a retained term, the last entry test
    of any other.
    """

    retained: tuple[Term, ...]
    fit: Fit
    history: tuple[TestedTerm, ...]
    verdicts: Mapping[str, ChiSquare]


RemovalTest = Callable[[Design, Fit, Sequence[Term], Term], ChiSquare]


def select_terms(
    design: Design,
    removal: str = "likelihood_ratio",
    entry_level: float = ENTRY_LEVEL,
    removal_level: float = REMOVAL_LEVEL,
) -> StepwiseSelection:
    """Select among all terms of a design by forward entry with removal.

    In each step the term with the smallest score-test p below `entry_level` enters; then, as long as there is one,
    the term with the largest removal-test p above `removal_level` leaves. It ends when nothing can move or a model
    comes back. `removal` is a key of `REMOVAL_TESTS`. Every model rests on the design's cases.
    """
    search = _Search(design, REMOVAL_TESTS[removal], entry_level, removal_level)
    while search.enter():
        while search.remove():
            pass
    return search.selection()


class _Search:
    """A selection under way: the model in hand, the models seen, and every test made."""

    def __init__(self, design: Design, removal_test: RemovalTest, entry_level: float, removal_level: float) -> None:
        self._design, self._removal_test = design, removal_test
        self._entry_level, self._removal_level = entry_level, removal_level
        self._step = 0
        self._terms: tuple[Term, ...] = ()
        self._fit = fit_terms(design, ())
        self._seen = {frozenset[str]()}
        self._is_going_round = False
        self._history: list[TestedTerm] = []
        self._verdicts: dict[str, ChiSquare] = {}

    def enter(self) -> bool:
        """Enter the most significant term outside the model; False where there is none to enter."""
        if self._is_going_round:
            return False
        self._step += 1
        outside = [term for term in self._design.terms if term not in self._terms]
        tests = {term: score_test(self._design, self._fit, self._terms, term) for term in outside}
        chosen = min(tests, key=lambda term: _order(tests[term]), default=None)
        is_entering = chosen is not None and tests[chosen].p < self._entry_level
        self._note(ENTRY, tests, chosen if is_entering else None, ENTERED)
        if chosen is not None and is_entering:
            self._move_to((*self._terms, chosen))
        return is_entering

    def remove(self) -> bool:
        """Remove the least significant term of the model; False where all may stay."""
        tests = {term: self._removal_test(self._design, self._fit, self._terms, term) for term in self._terms}
        chosen = max(tests, key=lambda term: _order(tests[term]), default=None)
        is_leaving = chosen is not None and tests[chosen].p > self._removal_level
        self._note(REMOVAL, tests, chosen if is_leaving else None, REMOVED)
        if is_leaving:
            self._move_to(tuple(term for term in self._terms if term is not chosen))
        return is_leaving and not self._is_going_round

    def selection(self) -> StepwiseSelection:
        """What has been selected."""
        retained = tuple(term for term in self._design.terms if term in self._terms)
        return StepwiseSelection(retained, self._fit, tuple(self._history), dict(self._verdicts))

    def _move_to(self, terms: tuple[Term, ...]) -> None:
        names = frozenset(term.name for term in terms)
        self._is_going_round = names in self._seen
        self._seen.add(names)
        self._terms, self._fit = terms, fit_terms(self._design, terms)

    def _note(self, kind: str, tests: Mapping[Term, ChiSquare], moved: Term | None, action: str) -> None:
        for term, test in tests.items():
            self._history.append(TestedTerm(self._step, kind, term, test, action if term is moved else ""))
            self._verdicts[term.name] = test


def _order(test: ChiSquare) -> tuple[float, float]:
    """The most significant first; p values too small to tell apart by their statistic, tests not to be had last."""
    return (2.0, 0.0) if np.isnan(test.p) else (test.p, -test.chi2)


def fit_terms(design: Design, terms: Sequence[Term]) -> Fit:
    """The model of some of a design's terms; separation is looked for only where a probability is nearly certain."""
    matrix = design.matrix[:, design.keep(terms)]
    fit = fit_family(LOGISTIC, matrix, design.outcome, may_separate=False)
    certain = np.minimum(fit.fitted, 1 - fit.fitted) < NEARLY_CERTAIN
    return fit_family(LOGISTIC, matrix, design.outcome) if certain.any() or not fit.converged else fit


def score_test(design: Design, fit: Fit, terms: Sequence[Term], candidate: Term) -> ChiSquare:
    """Rao's score test of adding a term to a fitted model; its degrees of freedom are the rank it adds.

    Needs no fit of the larger model, so that a term that would separate the data can be tested like any other.
    """
    inside, added = design.matrix[:, design.keep(terms)], design.matrix[:, design.columns(candidate)]
    if not np.isfinite(fit.fitted).all():
        return chi_square(np.nan, 0)
    weights = np.sqrt(fit.fitted * (1 - fit.fitted))[:, None]
    within, beyond = inside * weights, added * weights
    projected = beyond - within @ np.linalg.lstsq(within, beyond, rcond=RANK_TOLERANCE)[0]
    score = added.T @ (design.outcome - fit.fitted)
    information = projected.T @ projected
    values, vectors = np.linalg.eigh(information)
    kept = values > RANK_TOLERANCE * max(float((beyond**2).sum()), 1e-300)
    along = vectors[:, kept].T @ score
    return chi_square(float((along**2 / values[kept]).sum()), int(kept.sum()))


def _likelihood_ratio_removal(design: Design, fit: Fit, terms: Sequence[Term], leaving: Term) -> ChiSquare:
    """The model fitted again without the term."""
    return likelihood_ratio(fit, fit_terms(design, [term for term in terms if term is not leaving]))


def _conditional_removal(design: Design, fit: Fit, terms: Sequence[Term], leaving: Term) -> ChiSquare:
    """The likelihood at the other coefficients' conditional estimates given that the term's are nought.

    One step from the fitted model by its covariance (Lawless and Singhal, 1978), without fitting again.
    """
    kept, out, estimable = _positions(design, fit, terms, leaving)
    if not estimable[out].any():
        return chi_square(np.nan, 0)
    kept, out = kept[estimable[kept]], out[estimable[out]]
    covariance, estimates = fit.covariance, fit.estimates
    shift = covariance[np.ix_(kept, out)] @ np.linalg.solve(covariance[np.ix_(out, out)], estimates[out])
    columns = design.matrix[:, design.keep(terms)][:, kept]
    predictor = columns @ (estimates[kept] - shift)
    log_likelihood = float((design.outcome * predictor - np.logaddexp(0.0, predictor)).sum())
    return chi_square(2.0 * (fit.log_likelihood - log_likelihood), len(out))


def _wald_removal(design: Design, fit: Fit, terms: Sequence[Term], leaving: Term) -> ChiSquare:
    """The joint Wald test of the term's coefficients, those that have an estimate."""
    _, out, estimable = _positions(design, fit, terms, leaving)
    return wald(fit, list(out[estimable[out]])) if estimable[out].any() else chi_square(np.nan, 0)


def _positions(
    design: Design, fit: Fit, terms: Sequence[Term], leaving: Term
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places of the staying and the leaving columns in the model's matrix, and which coefficients are estimable."""
    positions = design.keep(terms)
    out = np.array([positions.index(column) for column in design.columns(leaving)])
    kept = np.setdiff1d(np.arange(len(positions)), out)
    return kept, out, fit.estimability.estimable


REMOVAL_TESTS: dict[str, RemovalTest] = {
    "likelihood_ratio": _likelihood_ratio_removal,
    "conditional": _conditional_removal,
    "wald": _wald_removal,
}
