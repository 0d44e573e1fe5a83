"""Random intercepts against integrals by scipy's quadrature, and their edge."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import nbinom, norm

from orchestration.methods.statistics.fitting import fit_family
from orchestration.methods.statistics.logistic import LOGISTIC
from orchestration.methods.statistics.negative_binomial import NEGATIVE_BINOMIAL
from orchestration.methods.statistics.random_intercept import MarginalLikelihood, fit_random_intercept


def data(is_count: bool, spread: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outcome, columns with an intercept, group: 12 groups of unequal sizes, labels in no order."""
    rng = np.random.default_rng(seed)
    group = rng.choice(12, 260, p=rng.dirichlet(np.full(12, 4.0)))
    columns = np.column_stack([np.ones(260), rng.integers(0, 2, 260)])
    level = columns @ [0.4, -0.6] + spread * rng.normal(size=12)[group]
    if is_count:
        return rng.negative_binomial(1.5, 1.5 / (1.5 + np.exp(level))).astype(float), columns, group
    return (rng.random(260) < 1 / (1 + np.exp(-level))).astype(float), columns, group


def integrated(
    params: np.ndarray, outcome: np.ndarray, columns: np.ndarray, group: np.ndarray, is_count: bool
) -> float:
    """The log-likelihood by adaptive integration of every group's likelihood."""
    spread, total = np.exp(params[-1]), 0.0
    for label in np.unique(group):
        y, eta = outcome[group == label], columns[group == label] @ params[: columns.shape[1]]

        def of_level(level: float, y: np.ndarray = y, eta: np.ndarray = eta) -> float:
            if is_count:
                size = np.exp(-params[-2])
                chance = nbinom.logpmf(y, size, size / (size + np.exp(eta + level)))
            else:
                chance = -np.logaddexp(0, np.where(y == 1, -1, 1) * (eta + level))
            return float(np.exp(chance.sum() + 90) * norm.pdf(level, scale=spread))

        total += np.log(quad(of_level, -8 * spread, 8 * spread, epsabs=0, epsrel=1e-9, limit=200)[0]) - 90
    return total


@pytest.mark.parametrize("is_count", [False, True], ids=["logistic", "counts"])
def test_the_likelihood_and_its_derivatives_are_those_of_the_integral(is_count: bool) -> None:
    outcome, columns, group = data(is_count, 0.8)
    params = np.array([0.3, -0.4, *([-0.5] if is_count else []), np.log(0.7)])
    ours = MarginalLikelihood(outcome, columns, group, is_count)
    assert ours.loglike(params) == pytest.approx(integrated(params, outcome, columns, group, is_count), abs=1e-5)
    steps = 1e-4 * np.eye(len(params))
    slopes = [(ours.loglike(params + step) - ours.loglike(params - step)) / 2e-4 for step in steps]
    np.testing.assert_allclose(ours.score(params), slopes, rtol=1e-4, atol=1e-4)
    bends = [(ours.score(params + step) - ours.score(params - step)) / 2e-4 for step in steps]
    np.testing.assert_allclose(ours.hessian(params), bends, rtol=1e-4, atol=1e-3)


def test_the_fit_is_the_integrals_maximum() -> None:
    outcome, columns, group = data(False, 0.8)
    found = fit_random_intercept(outcome, columns, group, fit_family(LOGISTIC, columns, outcome))
    top = np.array([*found.estimates, np.log(found.spread)])

    def value(params: np.ndarray) -> float:
        return integrated(params, outcome, columns, group, False)

    assert found.log_likelihood == pytest.approx(value(top), abs=1e-5)
    for step in 0.02 * np.eye(len(top)):
        above, below = value(top + step), value(top - step)
        assert max(above, below) < found.log_likelihood
        assert above == pytest.approx(below, abs=2e-3)  # level: the top lies between


@pytest.mark.parametrize(("family", "is_count"), [(LOGISTIC, False), (NEGATIVE_BINOMIAL, True)])
def test_groups_that_do_not_differ_leave_the_plain_model(family, is_count: bool) -> None:
    outcome, columns, _ = data(is_count, 0.0, seed=4)
    group = np.argsort(np.argsort(outcome, kind="stable")) % 10  # every group has its share of each outcome
    plain = fit_family(family, columns, outcome)
    found = fit_random_intercept(outcome, columns, group, plain)
    assert found.spread == 0
    np.testing.assert_array_equal(found.estimates, plain.estimates)
