"""The tests of over-dispersion point the right way."""

import numpy as np
import pytest
from scipy.stats import norm

from orchestration.methods.statistics import overdispersion

RNG = np.random.default_rng(11)
COUNTS = {
    "over-dispersed": RNG.negative_binomial(1.0, 0.2, 600).astype(float),
    "Poisson": RNG.poisson(4.0, 600).astype(float),
    "under-dispersed": RNG.binomial(8, 0.5, 600).astype(float),
}
EXPECTED = {"over-dispersed": (0.0, 0.001), "Poisson": (0.02, 0.98), "under-dispersed": (0.99, 1.0)}


@pytest.mark.parametrize("kind", COUNTS)
def test_one_sided_p_values_tell_more_from_less_variance(kind: str) -> None:
    counts = COUNTS[kind]
    found = {test.name: test for test in overdispersion.tests_of_regression(counts, np.full(600, counts.mean()))}
    found |= {test.name: test for test in overdispersion.tests_of_outcome(counts)}
    low, high = EXPECTED[kind]
    for name in ("cameron_trivedi", "dean", "index_of_dispersion"):
        assert low <= found[name].p_value <= high, name


def test_the_kolmogorov_test_rejects_what_is_not_poisson() -> None:
    assert overdispersion.tests_of_outcome(COUNTS["over-dispersed"])[0].p_value < 0.001
    assert overdispersion.tests_of_outcome(COUNTS["Poisson"])[0].p_value > 0.1


def test_the_likelihood_ratio_knows_that_no_dispersion_is_the_edge() -> None:
    test = overdispersion.likelihood_ratio_test(-100.0, -98.0)
    assert test.statistic == 4.0
    assert test.p_value == pytest.approx(norm.sf(2.0))


@pytest.mark.parametrize("counts", [np.array([]), np.array([3.0]), np.zeros(4)], ids=["none", "one", "all zero"])
def test_too_little_to_test_gives_no_test(counts: np.ndarray) -> None:
    assert overdispersion.tests_of_outcome(counts) == ()
