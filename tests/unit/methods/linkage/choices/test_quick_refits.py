"""The quick refit is the full fit, and says so where the data cannot tell."""

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.bulletin_2023_04.models import fit_bulletin_models
from orchestration.methods.linkage.choices import quick_refits
from orchestration.methods.linkage.choices.quick_refits import Refitter, model_frames
from orchestration.methods.linkage.choices.sensitivity import published_outcomes
from tests.unit.methods.example_cases import example_cases

UNMATCHED = {"all cases": 0.0, "a tenth unmatched": 0.1, "two in five unmatched": 0.4}


def without_matches(cases: pd.DataFrame, share: float, seed: int = 5) -> pd.DataFrame:
    """The cases with a random share of both sources' outcomes taken away."""
    lost = np.random.default_rng(seed).random(len(cases)) < share
    columns = ["termination_outcome", "reoffended", "reoffences"]
    return cases.assign(**{column: cases[column].mask(lost) for column in columns})


def refits(cases: pd.DataFrame, start_from: pd.DataFrame) -> dict[str, quick_refits.Refit]:
    outcomes = published_outcomes(cases)
    frames = model_frames(cases, start_from)
    return {f.specification.model_id: Refitter(f).refit(outcomes[f.specification.outcome]) for f in frames}


@pytest.mark.parametrize("share", [pytest.param(share, id=name) for name, share in UNMATCHED.items()])
def test_a_refit_from_other_estimates_is_the_full_fit_of_the_same_cases(cases, models, share):
    changed = without_matches(cases, share)
    full = fit_bulletin_models(changed).model_coefficients
    for model_id, refit in refits(changed, models.model_coefficients).items():
        expected = full[(full["model_id"] == model_id) & (full["coefficient"] != "alpha")]
        assert refit.is_quick
        np.testing.assert_allclose(refit.estimates, expected["estimate"], rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(np.sqrt(np.diag(refit.covariance)), expected["std_error"], rtol=1e-6)


def test_other_outcomes_of_the_same_cases_are_fitted_as_in_full(cases, models):
    shuffled = cases["reoffended"].notna()
    order = np.random.default_rng(3).permutation(shuffled.sum())
    changed = cases.copy()
    for column in ("reoffended", "reoffences"):
        changed.loc[shuffled, column] = cases.loc[shuffled, column].to_numpy()[order]
    full = fit_bulletin_models(changed).model_coefficients
    for model_id, refit in refits(changed, models.model_coefficients).items():
        expected = full[(full["model_id"] == model_id) & (full["coefficient"] != "alpha")]
        np.testing.assert_allclose(refit.estimates, expected["estimate"], rtol=1e-6, atol=1e-7)


def test_a_judgement_that_comes_to_predict_perfectly_is_infinite_not_a_number(cases, models):
    reoffended = cases["reoffended"].mask(cases["reoffended"].notna() & (cases["engagement"] == "yes"), 0)
    found = refits(cases.assign(reoffended=reoffended), models.model_coefficients)["reoffended__key_questions"]
    place = model_frames(cases, models.model_coefficients)[2].design.coefficients.index("engagement=yes")
    assert found.reasons[place] == "infinite"
    assert np.isnan(found.estimates[place])
    assert not found.is_quick


def test_a_level_without_a_case_in_the_sample_is_empty(cases, models):
    gone = cases["strengths_built_upon"] == "none_present"
    columns = ["termination_outcome", "reoffended", "reoffences"]
    changed = cases.assign(**{column: cases[column].mask(gone) for column in columns})
    found = refits(changed, models.model_coefficients)
    for frame in model_frames(changed, models.model_coefficients):
        if frame.specification.model_id.endswith("prompts"):
            place = frame.design.coefficients.index("strengths_built_upon=none_present")
            assert found[frame.specification.model_id].reasons[place] == "empty"


def test_counts_without_over_dispersion_fall_back_on_poisson_regression_as_published(models):
    cases = example_cases(seed=4)
    rng = np.random.default_rng(9)
    counts = pd.Series(rng.binomial(12, 0.5, len(cases)), index=cases.index).astype("Int64")
    changed = cases.assign(reoffences=counts.where(cases["reoffended"] == 1))
    full = fit_bulletin_models(changed).model_coefficients
    found = refits(changed, models.model_coefficients)["reoffences__prompts"]
    expected = full[(full["model_id"] == "reoffences__prompts") & (full["coefficient"] != "alpha")]
    np.testing.assert_allclose(found.estimates, expected["estimate"], rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("n", [0, 5], ids=["no case", "fewer cases than coefficients"])
def test_too_few_cases_give_no_estimate_and_no_error(cases, models, n):
    found = refits(cases.head(n), models.model_coefficients)
    assert {reason for refit in found.values() for reason in refit.reasons} == {"too_few_cases"}


def test_an_identical_sample_is_fitted_once(cases, models, monkeypatch):
    calls = []
    real = quick_refits.refit
    monkeypatch.setattr(quick_refits, "refit", lambda frame, outcome: calls.append(1) or real(frame, outcome))
    refitter = Refitter(model_frames(cases, models.model_coefficients)[0])
    outcome = published_outcomes(cases)["termination_positive"]
    assert refitter.refit(outcome) is refitter.refit(outcome.copy())
    assert len(calls) == 1
