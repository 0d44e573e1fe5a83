"""Weighted regressions: against the unweighted ones, replicated cases, and themselves on another scale."""

import numpy as np
import pytest

from orchestration.methods.layouts.specification import BULLETIN_MODELS
from orchestration.methods.statistics.design_matrix import build_design
from orchestration.methods.statistics.fitting import fit_family
from orchestration.methods.statistics.logistic import LOGISTIC
from orchestration.methods.statistics.negative_binomial import NEGATIVE_BINOMIAL, NO_OVERDISPERSION, POISSON
from orchestration.methods.statistics.pseudo_likelihood import fit_weighted

FAMILIES = {"logistic": LOGISTIC, "poisson": POISSON, "negative_binomial": NEGATIVE_BINOMIAL}
OUTCOMES = {"logistic": "reoffended", "poisson": "reoffences", "negative_binomial": "reoffences"}


def design_for(cases, family: str):
    model = next(model for model in BULLETIN_MODELS if model.outcome == OUTCOMES[family])
    return build_design(cases, model.outcome, model.terms)


def weights_of(n: int) -> np.ndarray:
    return 1.0 + np.arange(n) % 3


@pytest.mark.parametrize("family", FAMILIES)
def test_weights_of_one_give_the_unweighted_estimates(family, cases) -> None:
    design = design_for(cases, family)
    plain = fit_family(FAMILIES[family], design.matrix, design.outcome)
    weighted = fit_weighted(family, design.matrix, design.outcome, np.ones(design.n))
    np.testing.assert_allclose(weighted.estimates, plain.estimates, rtol=1e-9, atol=1e-12)
    assert weighted.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-12)
    if plain.dispersion:
        assert weighted.dispersion is not None
        assert weighted.dispersion[0] == pytest.approx(plain.dispersion[0], rel=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_whole_weight_counts_a_case_that_often(family, cases) -> None:
    design = design_for(cases, family)
    weights = weights_of(design.n)
    often = np.repeat(np.arange(design.n), weights.astype(int))
    replicated = fit_family(FAMILIES[family], design.matrix[often], design.outcome[often])
    weighted = fit_weighted(family, design.matrix, design.outcome, weights)
    np.testing.assert_allclose(weighted.estimates, replicated.estimates, rtol=1e-7, atol=1e-10)
    if replicated.dispersion:
        assert weighted.dispersion is not None
        assert weighted.dispersion[0] == pytest.approx(replicated.dispersion[0], rel=1e-7)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_scale_of_the_weights_changes_neither_estimates_nor_errors(family, cases) -> None:
    design = design_for(cases, family)
    one, other = (
        fit_weighted(family, design.matrix, design.outcome, scale * weights_of(design.n)) for scale in (1, 13.7)
    )
    np.testing.assert_allclose(other.estimates, one.estimates, rtol=1e-7, atol=1e-10)
    np.testing.assert_allclose(other.covariance, one.covariance, rtol=1e-6, atol=1e-14)


def test_the_sandwich_of_one_share_is_its_textbook_variance() -> None:
    outcome, weights = np.array([1.0, 1, 1, 0, 0, 1, 0, 1]), np.array([1.0, 2, 1, 1, 3, 1, 2, 1])
    fit = fit_weighted("logistic", np.ones((8, 1)), outcome, weights)
    share = weights @ outcome / weights.sum()
    variance = (weights**2 @ (outcome - share) ** 2) / weights.sum() ** 2
    assert 1 / (1 + np.exp(-fit.estimates[0])) == pytest.approx(share, rel=1e-12)
    assert fit.covariance[0, 0] == pytest.approx(variance / (share * (1 - share)) ** 2, rel=1e-9)


def test_counts_without_overdispersion_are_said_to_have_none() -> None:
    counts, weights = np.tile([2.0, 3.0], 40), np.tile([1.0, 1.5, 2.0, 1.0], 20)
    fit = fit_weighted("negative_binomial", np.ones((80, 1)), counts, weights)
    assert fit.failure == NO_OVERDISPERSION


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf], ids=["nought", "negative", "missing", "infinite"])
def test_a_weight_that_is_none_is_refused(bad) -> None:
    with pytest.raises(ValueError, match="above 0"):
        fit_weighted("logistic", np.ones((4, 1)), np.array([0.0, 1, 0, 1]), np.array([1, 1, 1, bad]))
