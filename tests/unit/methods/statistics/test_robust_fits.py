"""Least squares and rates with the sandwich, against loops over cases and the closed form of two groups."""

import numpy as np
import pytest

from orchestration.methods.statistics.robust_fits import NOT_TOLD_APART, TOO_FEW, least_squares, rates


def data():
    rng = np.random.default_rng(3)
    matrix = np.column_stack([np.ones(40), rng.normal(size=40), rng.integers(0, 2, 40)])
    return matrix, rng


def test_least_squares_is_numpys_with_white_errors_case_by_case():
    matrix, rng = data()
    outcome = matrix @ [3.0, 1.0, -2.0] + rng.normal(size=40) * (1 + matrix[:, 2])
    fit = least_squares(matrix, outcome)
    estimates = np.linalg.lstsq(matrix, outcome, rcond=None)[0]
    bread, meat = np.linalg.inv(matrix.T @ matrix), np.zeros((3, 3))
    for row, value in zip(matrix, outcome, strict=True):
        meat += (value - row @ estimates) ** 2 * np.outer(row, row)
    assert fit.estimates == pytest.approx(estimates)
    assert fit.covariance == pytest.approx(40 / 37 * bread @ meat @ bread)


def test_the_rate_ratio_of_two_groups_and_its_error_have_a_closed_form():
    """log(mean1 / mean0), with variance sum((y - mean)^2) / (n mean)^2 of each group."""
    events = np.array([0, 0, 1, 5, 2, 0, 3, 9, 1, 0.0])
    group = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1.0])
    fit = rates(np.column_stack([np.ones(10), group]), events)
    halves = [events[group == side] for side in (0, 1)]
    assert fit.estimates[1] == pytest.approx(np.log(halves[1].mean() / halves[0].mean()), abs=1e-6)
    variance = sum(((own - own.mean()) ** 2).sum() / own.sum() ** 2 for own in halves)
    assert fit.covariance[1, 1] == pytest.approx(variance, rel=1e-5)


@pytest.mark.parametrize("fit", [least_squares, rates])
def test_what_cannot_be_told_says_why(fit):
    few, alike = np.ones((2, 2)), np.ones((9, 2))
    assert fit(few, np.array([0.0, 1.0])).failure == TOO_FEW
    found = fit(alike, np.arange(9.0))
    assert found.failure == NOT_TOLD_APART
    assert np.isnan(found.estimates).all()
