"""Likelihoods at once and their steps, against numerical derivatives; separation is never taken for a maximum."""

import numpy as np
import pytest

from orchestration.methods.statistics.dispersed_counts import DispersedCounts, log_probability
from orchestration.methods.statistics.newton import climb, logistic_value, negative_binomial_value, poisson_value

RNG = np.random.default_rng(11)
COLUMNS = np.column_stack([np.ones(300), RNG.normal(size=300), RNG.random(300) < 0.4]).astype(float)
BINARY = (RNG.random(300) < 0.4).astype(float)
COUNTS = RNG.negative_binomial(1.5, 0.3, 300).astype(float)
LIKELIHOODS = {
    "logistic": (logistic_value, BINARY, np.array([0.1, -0.2, 0.3])),
    "poisson": (poisson_value, COUNTS, np.array([0.9, 0.1, -0.2])),
    "negative binomial": (negative_binomial_value, COUNTS, np.array([0.9, 0.1, -0.2, -0.4])),
}
CASES = [pytest.param(*case, id=name) for name, case in LIKELIHOODS.items()]


@pytest.mark.parametrize(("value_of", "outcome", "params"), CASES)
def test_score_and_information_are_the_derivatives_of_the_likelihood(value_of, outcome, params):
    at = value_of(COLUMNS, outcome, params)
    for place in range(len(params)):
        step = np.zeros(len(params))
        step[place] = 1e-5
        above, below = (value_of(COLUMNS, outcome, params + sign * step) for sign in (1, -1))
        assert at.score[place] == pytest.approx(
            (above.log_likelihood - below.log_likelihood) / 2e-5, rel=1e-5, abs=1e-4
        )
        np.testing.assert_allclose(at.information[place], (below.score - above.score) / 2e-5, rtol=1e-4, atol=1e-3)


def test_the_negative_binomial_is_that_of_the_published_models():
    params = np.array([0.9, 0.1, -0.2, -0.4])
    published = DispersedCounts(COUNTS, COLUMNS, (log_probability,))
    at = negative_binomial_value(COLUMNS, COUNTS, params)
    assert at.log_likelihood == pytest.approx(published.loglike(params), rel=1e-12)
    np.testing.assert_allclose(at.information, -published.hessian(params), rtol=1e-10)


@pytest.mark.parametrize("n_separated", [1, 2, 10, 60])
def test_separated_cases_never_pass_for_a_maximum(n_separated):
    level = np.zeros(300)
    level[:n_separated] = 1
    columns, outcome = np.column_stack([COLUMNS, level]), BINARY.copy()
    outcome[:n_separated] = 1
    assert climb(lambda params: logistic_value(columns, outcome, params), np.zeros(4)) is None
    far = np.array([0.0, 0.0, 0.0, 25.0])
    assert climb(lambda params: logistic_value(columns, outcome, params), far) is None


def test_counts_of_nothing_but_zero_on_a_level_never_pass_for_a_maximum():
    level = np.zeros(300)
    level[:20] = 1
    columns, counts = np.column_stack([COLUMNS, level]), COUNTS.copy()
    counts[:20] = 0
    for start in (np.zeros(4), np.array([0.9, 0.0, 0.0, -20.0])):
        assert climb(lambda params: poisson_value(columns, counts, params), start) is None


def test_a_start_too_far_off_is_given_up_rather_than_trusted():
    assert climb(lambda params: logistic_value(COLUMNS, BINARY, params), np.array([500.0, 0, 0])) is None
