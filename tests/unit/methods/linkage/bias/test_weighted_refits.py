"""The published models and Annex B with weights: against R, by hand, and where the truth is known."""

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.bulletin_2023_04.annex_b import annex_b
from orchestration.methods.linkage.bias.weighted_annex import annex_b_weighted
from orchestration.methods.linkage.bias.weighted_refits import (
    fit_weighted_models,
    weighted_coefficients,
    weighted_terms,
)
from tests.unit.methods.linkage.bias.bias_cases import given_weights
from tests.unit.methods.linkage.bias.r_values import r_values

MODELS = {
    "termination__key_questions": 1e-6,
    "reoffended__key_questions": 1e-6,
    "reoffences__key_questions": 1e-5,
}


@pytest.fixture(scope="module")
def refits(reference_cases):
    return fit_weighted_models(reference_cases, given_weights(reference_cases, 0.5 + np.arange(800) % 7 / 4))


@pytest.fixture(scope="module")
def coefficients(refits, reference_models) -> pd.DataFrame:
    return weighted_coefficients(refits, reference_models.model_coefficients)


@pytest.mark.parametrize("model", MODELS)
def test_weighted_estimates_and_robust_errors_are_rs(model, coefficients) -> None:
    ours = coefficients[coefficients["model_id"] == model].set_index("coefficient")
    estimates, errors = r_values(model, "estimate"), r_values(model, "std_error")
    assert set(ours.index) == set(estimates)
    for name, estimate in estimates.items():
        assert abs(ours.loc[name, "estimate"] - estimate) < MODELS[model] * errors[name]
        assert ours.loc[name, "std_error"] == pytest.approx(errors[name], rel=MODELS[model])
        reach = 1.959963984540054 * errors[name]
        assert ours.loc[name, "ci_low"] == pytest.approx(np.exp(estimate - reach), rel=1e-4)


def test_the_weighted_dispersion_and_its_robust_error_are_rs(refits) -> None:
    model = "reoffences__key_questions"
    alpha, error = next(fit.fit.dispersion for fit in refits if fit.specification.model_id == model)
    assert alpha == pytest.approx(r_values(model, "alpha")["alpha"], rel=1e-5)
    assert error == pytest.approx(r_values(model, "alpha_std_error")["alpha"], rel=1e-5)


@pytest.mark.parametrize("model", [model for model in MODELS if not model.startswith("reoffences")])
def test_the_robust_wald_test_of_a_term_is_rs(model, refits, reference_models) -> None:
    terms = weighted_terms(refits, reference_models.model_terms).set_index(["model_id", "term"])
    expected = r_values(model, "wald_chi2")["ethnicity"]
    assert terms.loc[(model, "ethnicity"), "wald_chi2"] == pytest.approx(expected, rel=1e-6)


def test_weights_of_one_return_every_published_ratio_and_cell(cases, models) -> None:
    weights = given_weights(cases, np.ones(len(cases)))
    refits = fit_weighted_models(cases, weights)
    found = weighted_coefficients(refits, models.model_coefficients)
    assert len(found) > 100
    np.testing.assert_allclose(found["exp_estimate"], found["published_exp_estimate"], rtol=1e-8)
    np.testing.assert_array_equal(found["std_error"], found["unweighted_robust_std_error"])
    published = annex_b(cases, models.model_terms)
    cells = annex_b_weighted(cases, weights, published, weighted_terms(refits, models.model_terms))
    assert cells["value_weighted"].equals(cells["value"])
    assert cells["effective_n"].dropna().eq(cells["n"][cells["effective_n"].notna()].astype(float)).all()


def test_a_cell_is_the_weighted_share_or_mean_of_its_cases(cases, models) -> None:
    weights = 1 + np.arange(len(cases)) % 5
    made = given_weights(cases, weights.astype(float))
    terms = weighted_terms(fit_weighted_models(cases, made), models.model_terms)
    cells = annex_b_weighted(cases, made, annex_b(cases, models.model_terms), terms)
    of = cells.set_index(["item", "category", "outcome"])
    for item, category in (("gender", "female"), ("engagement", "no"), ("age_group", "60+")):
        known = (cases[item] == category) & (cases["reoffended"] == 1)
        share = (cases[item] == category) & cases["reoffended"].notna()
        ones = float(weights[known.fillna(False)].sum())
        total = float(weights[share.fillna(False)].sum())
        assert of.loc[(item, category, "reoffended"), "value_weighted"] == pytest.approx(100 * ones / total)
        counts = cases.loc[known.fillna(False), "reoffences"].astype(float)
        mean = np.average(counts, weights=weights[known.fillna(False)])
        assert of.loc[(item, category, "reoffences"), "value_weighted"] == pytest.approx(mean)


def test_a_cells_significance_is_that_of_the_published_cells_model(cases, models) -> None:
    made = given_weights(cases, 1.0 + np.arange(len(cases)) % 5)
    terms = weighted_terms(fit_weighted_models(cases, made), models.model_terms)
    cells = annex_b_weighted(cases, made, annex_b(cases, models.model_terms), terms)
    of, p = cells.set_index(["item", "category", "outcome"]), terms.set_index(["model_id", "term"])["wald_p"]
    for item, term, model in (
        ("ogrs_group", "ogrs_score", "reoffended__prompts"),
        ("engagement", "engagement", "reoffended__key_questions"),
        ("contact_sufficient", "contact_sufficient", "reoffended__prompts"),
    ):
        found = cells[(cells["item"] == item) & (cells["outcome"] == "reoffended")]
        assert (found["p_value_weighted"] == p[model, term]).all()
    assert pd.isna(of.loc[("all_cases", "all", "reoffended"), "p_value_weighted"])


def test_a_change_of_significance_is_told_both_ways(refits, reference_models) -> None:
    before = reference_models.model_terms
    first = weighted_terms(refits, before)
    turned = before.assign(wald_p=before["wald_p"].where(~before["model_id"].isin(MODELS), 0.5))
    found = weighted_terms(refits, turned)
    chosen = found[found["model_id"].isin(MODELS)]
    assert (chosen["changes"] == (chosen["wald_p"] < 0.05)).all()
    assert chosen["changes"].any()
    assert (first["changes"] == ((first["wald_p"] < 0.05) != (first["published_wald_p"] < 0.05))).all()
