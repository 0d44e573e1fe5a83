"""Cox regression against statsmodels and by definition, the product-limit estimate against statsmodels and by hand."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import norm
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import SurvfuncRight

from orchestration.methods.statistics import survival
from orchestration.methods.statistics.survival import PartialLikelihood, fit_cox, product_limit

Data = tuple[np.ndarray, np.ndarray, np.ndarray]


def data(seed: int, n: int = 150, ties: int = 25) -> Data:
    """Days with many ties, events, and an intercept with three columns on very different scales."""
    rng = np.random.default_rng(seed)
    columns = np.column_stack([np.ones(n), rng.normal(50, 20, n), rng.integers(0, 2, n), rng.normal(size=n) * 1e-3])
    days = np.ceil(ties * rng.exponential(np.exp(-0.01 * columns[:, 1] - 0.5 * columns[:, 2])))
    return days, (rng.random(n) < 0.7).astype(float), columns


@pytest.mark.parametrize("seed", range(8))
def test_estimates_are_statsmodels_efron(seed: int) -> None:
    days, event, matrix = data(seed)
    theirs = PHReg(days, matrix[:, 1:] / [50, 1, 1e-3], status=event, ties="efron").fit(disp=0)
    found = fit_cox(days, event, matrix)
    scale = np.array([50, 1, 1e-3])
    np.testing.assert_allclose(found.estimates[1:], theirs.params / scale, rtol=1e-6)
    np.testing.assert_allclose(np.sqrt(np.diag(found.covariance))[1:], theirs.bse / scale, rtol=1e-6)
    assert found.log_likelihood == pytest.approx(theirs.llf, rel=1e-10)
    assert np.isnan(found.estimates[0])


def test_the_partial_likelihood_is_efrons_written_out() -> None:
    days, event, matrix = data(3, n=40, ties=4)
    columns = matrix[:, 1:] / [50, 1, 1e-3]

    def written_out(params: np.ndarray) -> float:
        total, risk = 0.0, np.exp(columns @ params)
        for time in np.unique(days[event == 1]):
            own = [i for i in range(len(days)) if days[i] == time and event[i] == 1]
            followed = sum(risk[i] for i in range(len(days)) if days[i] >= time)
            for k, i in enumerate(own):
                total += columns[i] @ params - np.log(followed - k / len(own) * sum(risk[j] for j in own))
        return total

    ours = PartialLikelihood(days, event, columns)
    params = np.array([0.3, -0.2, 0.1])
    assert ours.loglike(params) == pytest.approx(written_out(params), rel=1e-12)
    top = minimize(lambda b: -written_out(b), np.zeros(3), method="BFGS").x
    np.testing.assert_allclose(ours.score(top), 0, atol=1e-3)
    steps = 1e-5 * np.eye(3)
    slopes = [(ours.score(params + step) - ours.score(params - step)) / 2e-5 for step in steps]
    np.testing.assert_allclose(ours.hessian(params), slopes, rtol=1e-6, atol=1e-6)


def test_a_level_without_events_is_infinite_and_leaves_the_others_their_limit() -> None:
    days, event, matrix = data(1)
    level = np.zeros(len(days))
    level[:20] = 1
    event[:20] = 0
    found = fit_cox(days, event, np.column_stack([matrix, level]))
    assert np.isnan(found.estimates[4])
    apart = fit_cox(days[20:], event[20:], matrix[20:])
    np.testing.assert_allclose(found.estimates[1:4], apart.estimates[1:], rtol=1e-6)


def test_an_answer_that_tells_the_order_without_exception_leaves_no_estimate() -> None:
    days = np.arange(1.0, 61.0)
    first = (days <= 30).astype(float)
    found = fit_cox(days, np.ones(60), np.column_stack([np.ones(60), first]))
    assert found.failure
    assert np.isnan(found.estimates).all()


@pytest.mark.parametrize(("event", "why"), [(0.0, survival.NO_EVENTS)], ids=["no events"])
def test_without_events_there_is_no_fit(event: float, why: str) -> None:
    days, _, matrix = data(2)
    found = fit_cox(days, np.full(len(days), event), matrix)
    assert found.failure == why
    assert np.isnan(found.estimates).all()


@pytest.mark.parametrize("seed", range(4))
def test_the_curve_is_statsmodels_with_intervals_on_the_log_log_scale(seed: int) -> None:
    days, event, _ = data(seed)
    at = np.array([0.0, 3.0, 10.0, 20.0])
    theirs, reach = SurvfuncRight(days, event), norm.isf(0.025)
    found = product_limit(days, event, at, reach)
    for place, day in enumerate(at):
        before = theirs.surv_times <= day
        share = theirs.surv_prob[before][-1] if before.any() else 1.0
        assert found.share[place] == pytest.approx(share)
        assert found.at_risk[place] == (days >= day).sum()
        assert found.events[place] == ((days <= day) & (event == 1)).sum()
        if before.any() and 0 < share < 1:
            error = theirs.surv_prob_se[before][-1] / (share * abs(np.log(share)))
            assert found.low[place] == pytest.approx(share ** np.exp(reach * error))
            assert found.high[place] == pytest.approx(share ** np.exp(-reach * error))
    assert np.isnan(found.low[0])
