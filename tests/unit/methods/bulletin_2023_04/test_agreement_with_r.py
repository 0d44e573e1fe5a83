"""Every published model and variant against R, to the agreement that docs/statistics.md demands."""

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.bulletin_2023_04.match_rates import match_rates
from orchestration.methods.statistics.model_tables import ModelTables

SETS = ("key_questions", "prompts")
# model -> (coefficients in standard errors, std_error and alpha relative, chi-squares relative)
LOGISTIC_AND_POISSON = (1e-6, 1e-6, 1e-6)
NEGATIVE_BINOMIAL = (1e-5, 1e-5, 1e-6)
ZERO_TRUNCATED = (1e-4, 1e-4, 1e-6)
MODELS = {
    **{f"{outcome}__{s}": LOGISTIC_AND_POISSON for outcome in ("termination", "reoffended") for s in SETS},
    **{f"reoffences__{s}__poisson": LOGISTIC_AND_POISSON for s in SETS},
    **{f"reoffences__{s}": NEGATIVE_BINOMIAL for s in SETS},
    **{f"reoffences__{s}__negbin1": NEGATIVE_BINOMIAL for s in SETS},
    **{f"reoffences__{s}__ztnb": ZERO_TRUNCATED for s in SETS},
}


def values_of(results: pd.DataFrame, model: str, quantity: str) -> pd.Series:
    chosen = results[(results["model"] == model) & (results["quantity"] == quantity)]
    assert len(chosen), f"R has no {quantity} of {model}"
    return chosen.set_index("name")["value"]


def column_of(table: pd.DataFrame, model: str, key: str, column: str) -> pd.Series:
    return table[table["model_id"] == model].set_index(key)[column].astype(float)


@pytest.mark.parametrize("model", MODELS)
def test_coefficients_are_rs(model: str, reference_models: ModelTables, reference_results: pd.DataFrame) -> None:
    theirs = values_of(reference_results, model, "estimate")
    error = values_of(reference_results, model, "std_error")
    ours = column_of(reference_models.model_coefficients, model, "coefficient", "estimate").drop(
        "alpha" if model.endswith("negbin1") else []
    )
    assert set(ours.index) == set(theirs.index)
    assert (((ours - theirs) / error).abs() < MODELS[model][0]).all()


@pytest.mark.parametrize("model", MODELS)
def test_standard_errors_and_ratios_are_rs(
    model: str, reference_models: ModelTables, reference_results: pd.DataFrame
) -> None:
    tolerance = MODELS[model][1]
    coefficients = reference_models.model_coefficients
    error = values_of(reference_results, model, "std_error")
    ours = column_of(coefficients, model, "coefficient", "std_error")[error.index]
    np.testing.assert_allclose(ours, error, rtol=tolerance)
    estimate = values_of(reference_results, model, "estimate").drop("alpha", errors="ignore")
    for column, shift in (
        ("exp_estimate", 0.0),
        ("ci_low", -1.959963984540054),
        ("ci_high", 1.959963984540054),
    ):
        ours = column_of(coefficients, model, "coefficient", column)[estimate.index]
        np.testing.assert_allclose(ours, np.exp(estimate + shift * error[estimate.index]), rtol=tolerance)


@pytest.mark.parametrize("model", MODELS)
def test_wald_tests_of_terms_are_rs(model: str, reference_models: ModelTables, reference_results: pd.DataFrame) -> None:
    theirs = values_of(reference_results, model, "wald_chi2")
    ours = column_of(reference_models.model_terms, model, "term", "wald_chi2")
    assert list(ours.index) == list(theirs.index)
    np.testing.assert_allclose(ours, theirs, rtol=max(MODELS[model][1] * 10, 1e-5))


@pytest.mark.parametrize("model", [model for model in MODELS if not model.endswith("negbin1")])
def test_likelihood_ratios_of_terms_are_rs(
    model: str, reference_models: ModelTables, reference_results: pd.DataFrame
) -> None:
    theirs = values_of(reference_results, model, "lr_chi2")
    ours = column_of(reference_models.model_terms, model, "term", "lr_chi2")
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("model", [model for model in MODELS if not model.startswith("reoffences")])
@pytest.mark.parametrize(
    "quantity",
    ["minus_two_log_likelihood", "block_chi2", "cox_snell_r2", "nagelkerke_r2", "hosmer_lemeshow_chi2"],
)
def test_fit_statistics_of_both_blocks_are_rs(
    model: str, quantity: str, reference_models: ModelTables, reference_results: pd.DataFrame
) -> None:
    theirs = values_of(reference_results, model, quantity)
    ours = column_of(reference_models.models, model, "block", quantity)[theirs.index]
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)


@pytest.mark.parametrize("model", [f"reoffences__{s}" for s in SETS])
def test_overdispersion_tests_are_rs(
    model: str, reference_models: ModelTables, reference_results: pd.DataFrame
) -> None:
    theirs = values_of(reference_results, model, "overdispersion")
    ours = column_of(reference_models.overdispersion_tests, model, "test", "statistic")
    assert set(ours.index) == set(theirs.index)
    np.testing.assert_allclose(ours[theirs.index], theirs, rtol=1e-6)


@pytest.mark.parametrize("model", [f"reoffences__{s}__ztnb" for s in SETS])
def test_zero_truncated_models_are_also_vgams(
    model: str, reference_models: ModelTables, reference_results: pd.DataFrame
) -> None:
    theirs = values_of(reference_results, model, "vgam_estimate")
    ours = column_of(reference_models.model_coefficients, model, "coefficient", "estimate")[theirs.index]
    error = column_of(reference_models.model_coefficients, model, "coefficient", "std_error")[theirs.index]
    assert (((ours - theirs) / error).abs() < 1e-4).all()
    deviance = values_of(reference_results, model, "vgam_minus_two_log_likelihood")["all"]
    found = column_of(reference_models.models, model, "block", "minus_two_log_likelihood")["all"]
    assert found == pytest.approx(deviance, rel=1e-9)


@pytest.mark.parametrize("model", [model for model in MODELS if model.count("__") == 1])
def test_models_rest_on_as_many_cases_as_rs(
    model: str, reference_models: ModelTables, reference_results: pd.DataFrame
) -> None:
    theirs = values_of(reference_results, model, "n")
    assert (column_of(reference_models.models, model, "block", "n") == theirs.iloc[0]).all()


def test_pearson_chi_squares_of_match_rates_are_rs(
    reference_cases: pd.DataFrame, reference_results: pd.DataFrame
) -> None:
    theirs = values_of(reference_results, "reoffending", "match_chi2")
    rates = match_rates(reference_cases)
    ours = rates[(rates["source"] == "reoffending") & (rates["item"] != "all_cases")].groupby("item")["chi2"]
    assert (ours.nunique() == 1).all()
    np.testing.assert_allclose(ours.first()[theirs.index], theirs, rtol=1e-9)
