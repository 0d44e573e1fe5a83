"""Samples against caseloads: agreement with R, with exact distributions, and the right rate of false alarms."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.sampling.sample_tests import draw_test, fit_test

REFERENCE = pd.read_csv(Path(__file__).parent / "reference" / "sample_design.csv").set_index(["set", "quantity"])
# reference/sample_design.R: three providers by level of risk
CASELOAD = np.array([[210, 300, 90, 20], [50, 140, 160, 45], [30, 60, 44, 12]])
SAMPLE = np.array([[50, 62, 15, 3], [10, 48, 52, 11], [14, 30, 25, 8]])
SMALL = np.array([[9, 51]])
MONTE_CARLO_ERROR = 0.011  # three standard errors of 19,999 draws at one half


def _r(of, quantity):
    return REFERENCE.loc[(of, quantity), "value"]


@pytest.mark.parametrize("provider", [0, 1, 2])
def test_one_provider_has_the_finite_population_statistic_of_r(provider):
    found = draw_test(CASELOAD[[provider]], SAMPLE[[provider]])
    assert found.name == "chi_square"
    assert found.statistic == pytest.approx(_r("abc"[provider], "draw_statistic"), rel=1e-10)
    assert found.p == pytest.approx(_r("abc"[provider], "draw_p"), rel=1e-10)


def test_several_providers_together_are_rs_generalised_mantel_haenszel_test():
    found = draw_test(CASELOAD, SAMPLE)
    assert found.statistic == pytest.approx(_r("all", "draw_statistic"), rel=1e-10)
    assert found.df == _r("all", "draw_df")
    assert found.p == pytest.approx(_r("all", "draw_p"), rel=1e-10)


@pytest.mark.parametrize("provider", [0, 1, 2])
def test_goodness_of_fit_is_rs(provider):
    found = fit_test(CASELOAD[[provider]], SAMPLE[[provider]])
    assert found.statistic == pytest.approx(_r("abc"[provider], "fit_statistic"), rel=1e-10)
    tolerance = 1e-10 if found.name == "chi_square" else 0.02  # an approximation against the simulated distribution
    assert found.p == pytest.approx(_r("abc"[provider], "fit_p"), abs=tolerance)


@pytest.mark.parametrize(("women", "of"), [(7, "small"), (4, "small4")])
def test_small_samples_have_the_hypergeometric_distribution(women, of):
    found = draw_test(SMALL, np.array([[women, 12 - women]]))
    assert found.name == "monte_carlo"
    assert found.p == pytest.approx(_r(of, "draw_p"), abs=MONTE_CARLO_ERROR / 2)


def test_small_fits_have_the_multinomial_distribution():
    found = fit_test(SMALL, np.array([[4, 8]]))
    assert found.name == "monte_carlo"
    assert found.p == pytest.approx(_r("small4", "fit_p"), abs=MONTE_CARLO_ERROR)


@pytest.mark.parametrize("test", [draw_test, fit_test])
def test_a_monte_carlo_p_is_the_same_each_time(test):
    assert test(SMALL, np.array([[4, 8]])) == test(SMALL, np.array([[4, 8]]))


@pytest.mark.parametrize("caseload", [CASELOAD, np.array([[4, 30, 3], [20, 2, 5]])], ids=["large", "small"])
def test_random_draws_alarm_at_their_level(caseload):
    generator = np.random.default_rng(3)
    totals = caseload.sum(axis=1) // 2
    n_draws = 300 if caseload is CASELOAD else 60
    p_values = [
        draw_test(
            caseload,
            np.array([generator.multivariate_hypergeometric(c, n) for c, n in zip(caseload, totals, strict=True)]),
        ).p
        for _ in range(n_draws)
    ]
    alarms, expected = (np.array(p_values) < 0.2).sum(), 0.2 * n_draws
    assert abs(alarms - expected) < 3.5 * np.sqrt(expected * 0.8)


def test_half_of_a_caseload_varies_less_than_goodness_of_fit_allows_for():
    sample = np.array([[40, 22]])
    drawn, fitted = (test(np.array([[60, 60]]), sample) for test in (draw_test, fit_test))
    assert drawn.statistic == pytest.approx(fitted.statistic * 119 / (120 - 62))
    assert drawn.p < fitted.p


def test_more_sampled_cases_than_the_caseload_has_cannot_have_been_drawn():
    caseload, sample = np.array([[20, 3]]), np.array([[5, 4]])
    assert draw_test(caseload, sample).name == ""
    assert np.isnan(draw_test(caseload, sample).p)
    assert fit_test(caseload, sample).p < 0.05


def test_a_category_that_the_caseload_lacks_is_impossible():
    found = fit_test(np.array([[20, 0]]), np.array([[5, 1]]))
    assert (found.name, found.p) == ("impossible", 0.0)
    assert np.isnan(found.statistic)


@pytest.mark.parametrize(
    ("caseload", "sample"),
    [
        pytest.param([[20]], [[5]], id="one-category"),
        pytest.param([[20, 0]], [[5, 0]], id="one-category-with-cases"),
        pytest.param([[20, 5]], [[0, 0]], id="nobody-sampled"),
        pytest.param([[0, 0]], [[0, 0]], id="nobody-at-all"),
    ],
)
@pytest.mark.parametrize("test", [draw_test, fit_test])
def test_where_there_is_nothing_to_test_there_is_no_test(test, caseload, sample):
    assert test(np.array(caseload), np.array(sample)).name == ""


def test_a_whole_caseload_leaves_nothing_to_chance():
    assert draw_test(np.array([[20, 5]]), np.array([[20, 5]])).name == ""


def test_a_provider_without_a_sample_does_not_count():
    with_another = draw_test(np.vstack([CASELOAD, [[9, 9, 9, 9]]]), np.vstack([SAMPLE, [[0, 0, 0, 0]]]))
    assert with_another == draw_test(CASELOAD, SAMPLE)
