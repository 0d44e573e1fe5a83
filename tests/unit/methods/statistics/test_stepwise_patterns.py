"""Fits on covariate patterns are the fits of the cases one by one, whatever the data are like."""

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.layouts.outcomes import OUTCOME
from orchestration.methods.layouts.specification import Term
from orchestration.methods.statistics.covariate_patterns import Patterns, fit_columns, patterns_of
from orchestration.methods.statistics.design_matrix import Design, design_of
from orchestration.methods.statistics.fitting import fit_family
from orchestration.methods.statistics.logistic import LOGISTIC

WIDTHS = {"a": 2, "b": 3, "c": 5}
TERMS = tuple(Term(name, name, tuple(map(str, range(width))), "0") for name, width in WIDTHS.items())


SEEDS, SIZES = range(8), (6, 9, 10, 12, 25, 60, 400)


def random_design(seed: int, n: int) -> Design:
    """Few cases of many levels, so that levels are empty, aliased, or predict perfectly in many a seed."""
    rng = np.random.default_rng(seed)
    cases = pd.DataFrame({name: rng.integers(0, width, n).astype(str) for name, width in WIDTHS.items()})
    chance = 1 / (1 + np.exp(-(cases["a"].astype(int) - 0.8 * cases["c"].astype(int) + rng.normal())))
    return design_of(cases.assign(**{OUTCOME: (rng.random(n) < chance).astype(float)}), TERMS)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_fit_on_patterns_is_the_fit_of_the_cases(seed: int, n: int) -> None:
    design = random_design(seed, n)
    patterns = patterns_of(design)
    for terms in (TERMS, TERMS[:2], TERMS[2:], ()):
        columns = patterns.keep(terms)
        ours, theirs = fit_columns(patterns, columns), fit_family(LOGISTIC, design.matrix[:, columns], design.outcome)
        assert ours.rank == theirs.estimability.rank
        assert ours.separates == (theirs.separates and theirs.converged)
        np.testing.assert_allclose(ours.log_likelihood, theirs.log_likelihood, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(ours.estimates, theirs.estimates, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(ours.covariance, theirs.covariance, rtol=1e-5, atol=1e-7)
        np.testing.assert_allclose(of_cases(patterns, ours.probability, design), theirs.fitted, atol=1e-8)


def of_cases(patterns: Patterns, values: np.ndarray, design: Design) -> np.ndarray:
    """Each case's value by looking its row up among the patterns."""
    known = {tuple(row): value for row, value in zip(patterns.matrix, values, strict=True)}
    return np.array([known[tuple(row)] for row in design.matrix])


def test_the_random_designs_hold_every_kind_of_trouble() -> None:
    kinds = set()
    for design in (random_design(seed, n) for seed in SEEDS for n in SIZES):
        kinds |= set(fit_family(LOGISTIC, design.matrix, design.outcome).estimability.reasons)
    assert {"", "empty", "aliased", "infinite", "too_few_cases"} <= kinds


def test_patterns_hold_every_case_once_and_do_not_depend_on_their_order() -> None:
    design = random_design(1, 300)
    patterns = patterns_of(design)
    assert (patterns.n.sum(), patterns.events.sum()) == (300, design.outcome.sum())
    assert len(np.unique(patterns.matrix, axis=0)) == len(patterns.matrix)
    frame = pd.DataFrame(design.matrix).assign(y=design.outcome)
    counted = frame.groupby(list(range(design.matrix.shape[1])))["y"].agg(["size", "sum"])
    for row, n, events in zip(patterns.matrix, patterns.n, patterns.events, strict=True):
        assert tuple(counted.loc[tuple(row)]) == (n, events)


def test_a_term_that_is_no_candidate_has_no_columns() -> None:
    with pytest.raises(KeyError):
        patterns_of(random_design(1, 60)).columns(Term("d", "d", ("0", "1"), "0"))
