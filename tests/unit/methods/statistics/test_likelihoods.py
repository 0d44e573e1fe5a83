"""The likelihoods' derivatives, estimability and fit statistics, against independent computations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from orchestration.methods.statistics.dispersed_counts import DispersedCounts, log_probability, without_zero
from orchestration.methods.statistics.estimability import assess, separated_rows
from orchestration.methods.statistics.logistic import cox_snell, hosmer_lemeshow, log_likelihood_of_constant, nagelkerke

COUNTS = {"whole": (log_probability,), "zero-truncated": (log_probability, without_zero)}


@pytest.mark.parametrize("pieces", COUNTS.values(), ids=COUNTS)
@pytest.mark.parametrize("log_alpha", [-4.0, -0.5, 1.5], ids=lambda value: f"ln alpha {value}")
def test_derivatives_of_the_count_likelihood_are_the_numerical_ones(pieces, log_alpha: float) -> None:
    rng = np.random.default_rng(5)
    columns = np.column_stack([np.ones(60), rng.normal(size=(60, 2))])
    likelihood = DispersedCounts(rng.integers(1, 12, 60).astype(float), columns, pieces)
    params = np.array([0.8, -0.3, 0.2, log_alpha])
    np.testing.assert_allclose(
        likelihood.score(params), approx_fprime(params, likelihood.loglike, 1e-7), rtol=1e-4, atol=1e-3
    )
    rows = [approx_fprime(params, lambda p, i=i: likelihood.score(p)[i], 1e-7) for i in range(4)]
    np.testing.assert_allclose(likelihood.hessian(params), rows, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("truncated", [False, True], ids=["whole", "zero-truncated"])
def test_the_count_likelihood_is_statsmodels(truncated: bool) -> None:
    from statsmodels.discrete.discrete_model import NegativeBinomialP
    from statsmodels.discrete.truncated_model import TruncatedLFNegativeBinomialP

    rng = np.random.default_rng(6)
    columns = np.column_stack([np.ones(80), rng.normal(size=80)])
    counts = rng.integers(1, 15, 80).astype(float)
    theirs = (TruncatedLFNegativeBinomialP if truncated else NegativeBinomialP)(counts, columns, p=2)
    ours = DispersedCounts(counts, columns, COUNTS["zero-truncated" if truncated else "whole"])
    for alpha in (0.05, 0.6, 3.0):
        expected = theirs.loglike(np.array([1.1, 0.2, alpha]))
        assert ours.loglike(np.array([1.1, 0.2, np.log(alpha)])) == pytest.approx(expected, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(6, 30))
def test_separation_is_found_where_firthmodels_finds_it(seed: int, n: int) -> None:
    from firthmodels import detect_separation

    rng = np.random.default_rng(seed)
    matrix = np.column_stack([np.ones(n), rng.integers(0, 2, n), rng.integers(0, 4, n)]).astype(float)
    outcome = rng.integers(0, 2, n).astype(float)
    if np.linalg.matrix_rank(matrix) < 3 or np.ptp(outcome) == 0:
        return
    theirs = detect_separation(matrix, outcome, fit_intercept=False)
    assert separated_rows(matrix, outcome, None).any() == theirs.separation
    infinite = np.array([reason == "infinite" for reason in assess(matrix, outcome, None).reasons])
    assert not (~theirs.is_finite & ~infinite).any()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_separated_cases_are_those_an_ever_steeper_fit_predicts(seed: int) -> None:
    rng = np.random.default_rng(seed)
    group, noise = rng.integers(0, 4, 60), rng.integers(0, 2, 60)
    outcome = np.where(group == 3, 1, np.where(group == 2, 0, noise)).astype(float)
    matrix = np.column_stack([np.ones(60), group == 1, group == 2, group == 3]).astype(float)
    constant = {g for g in range(4) if (group == g).any() and np.ptp(outcome[group == g]) == 0}
    np.testing.assert_array_equal(separated_rows(matrix, outcome, None), np.isin(group, list(constant)))


def test_counts_at_their_floor_separate_only_with_that_floor() -> None:
    matrix = np.column_stack([np.ones(8), [0, 0, 0, 0, 0, 1, 1, 1]])
    counts = np.array([3.0, 1, 2, 5, 1, 1, 1, 1])
    assert assess(matrix, counts, 1.0).reasons == ("", "infinite")
    assert assess(matrix, counts, 0.0).reasons == ("", "")


def test_fit_statistics_of_a_known_example() -> None:
    outcome = np.array([1.0, 1, 1, 0, 0, 0, 0, 1])
    constant = log_likelihood_of_constant(outcome)
    assert constant == pytest.approx(8 * np.log(0.5))
    assert cox_snell(constant, constant, 8) == 0
    assert nagelkerke(0.0, constant, 8) == pytest.approx(1.0)


def test_predictions_that_differ_in_their_last_digits_are_tied() -> None:
    rng = np.random.default_rng(3)
    predicted = rng.choice([0.1, 0.15, 0.2, 0.3, 0.55, 0.7], 400)
    outcome = (rng.random(400) < predicted).astype(float)
    noisy = predicted * (1 + rng.choice([-1e-15, 0, 1e-15], 400))
    assert hosmer_lemeshow(outcome, noisy).chi2 == pytest.approx(hosmer_lemeshow(outcome, predicted).chi2)


def test_tied_predictions_share_a_hosmer_lemeshow_group() -> None:
    predicted = np.repeat([0.2, 0.5, 0.8, 0.9], 25)
    outcome = np.tile([0.0, 1.0, 1.0, 0.0, 1.0], 20)
    found = hosmer_lemeshow(outcome, predicted)
    assert (found.groups, found.df) == (4, 2)
    expected = sum((15 - 25 * p) ** 2 / (25 * p * (1 - p)) for p in (0.2, 0.5, 0.8, 0.9))
    assert found.chi2 == pytest.approx(expected)
