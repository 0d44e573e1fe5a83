"""Firth's estimates where columns stand in for each other, against direct maximisation of its likelihood."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.stats import chi2

from orchestration.methods.statistics.estimability import assess
from orchestration.methods.statistics.firth import FirthFit, fit_firth

ALIASED = pd.read_csv(Path(__file__).parent / "reference" / "firth_with_aliased_columns.csv").dropna()


def fit(matrix: np.ndarray, outcome: np.ndarray) -> FirthFit:
    return fit_firth(matrix, outcome, assess(matrix, outcome, None), 0.05)


def test_a_column_that_stands_in_for_another_leaves_one_of_them_in_the_model() -> None:
    # brglm2 on the columns without `dup`: engagement .319, p .025; without both .464, p .0007
    numbers = [ALIASED[name] for name in ("age", "previous_sanctions", "ogrs_score")]
    levels = [("gender", ["Female"]), ("ethnicity", ["Black", "Asian", "Mixed", "Other"]),
              ("rosh_level", ["Medium", "High/Very high"]), ("kq_engage", ["Yes"]), ("d_services", ["Yes"]),
              ("dup", ["Yes"])]  # fmt: skip
    dummies = [ALIASED[name] == level for name, values in levels for level in values]
    matrix = np.column_stack([np.ones(len(ALIASED)), *numbers, *dummies]).astype(float)
    found = fit(matrix, ALIASED["terminated_positive"].to_numpy(float))
    assert found.estimates[-3] == pytest.approx(0.319, abs=5e-4)
    assert found.p[-3] == pytest.approx(0.025, abs=5e-4)
    assert np.isnan(found.estimates[-2:]).all()
    assert np.isfinite(found.estimates[:-2]).all()


def random_aliased(seed: int) -> tuple[np.ndarray, np.ndarray, int]:
    """A separated design whose last columns depend on earlier ones, its outcome, and its first redundant column."""
    rng = np.random.default_rng(seed)
    n = 40
    level = rng.integers(0, 3, n)
    plain = np.column_stack([np.ones(n), rng.normal(size=n), level == 1, level == 2]).astype(float)
    outcome = np.where(level == 2, 1.0, rng.random(n) < 0.5).astype(float)
    copies = np.column_stack([plain[:, 1] * 2 + 1, np.zeros(n)])
    return np.column_stack([plain, copies]), outcome, plain.shape[1]


def _loss_without(beta: np.ndarray, column: int, matrix: np.ndarray, outcome: np.ndarray) -> float:
    return _loss(np.insert(beta, column, 0.0), matrix, outcome)


def _loss(beta: np.ndarray, matrix: np.ndarray, outcome: np.ndarray) -> float:
    """Minus the log-likelihood with Jeffreys' prior."""
    predictor = matrix @ beta
    p = 1 / (1 + np.exp(-predictor))
    information = matrix.T @ (matrix * (p * (1 - p))[:, None])
    return float(np.logaddexp(0, predictor).sum() - outcome @ predictor - np.linalg.slogdet(information)[1] / 2)


def test_estimates_and_tests_are_those_without_the_redundant_columns(n_sets: int) -> None:
    for seed in range(n_sets // 4):
        matrix, outcome, width = random_aliased(seed)
        plain = matrix[:, :width]
        found = fit(matrix, outcome)
        top = minimize(_loss, np.zeros(width), args=(plain, outcome), tol=1e-8)
        # the copy of the second column stands in for it and the intercept, so that these two have no estimate
        assert np.isnan(found.estimates[[0, 1, 4, 5]]).all()
        np.testing.assert_allclose(found.estimates[2:4], top.x[2:4], atol=2e-4)
        for column in (2, 3):
            smaller = minimize(_loss_without, np.zeros(width - 1), args=(column, plain, outcome), tol=1e-8)
            ratio = 2 * (smaller.fun - top.fun)
            assert found.p[column] == pytest.approx(chi2.sf(max(ratio, 0), 1), abs=2e-4), seed
