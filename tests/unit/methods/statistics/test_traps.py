"""The traps measured in statistical libraries (docs/statistics.md, Traps): one test or more for each."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from orchestration.methods.bulletin_2023_04.models import fit_bulletin_models
from orchestration.methods.layouts.outcomes import OUTCOME, cases_with_outcome
from orchestration.methods.layouts.specification import BULLETIN_MODELS
from orchestration.methods.statistics import maximum_likelihood
from orchestration.methods.statistics.design_matrix import build_design
from orchestration.methods.statistics.dispersed_counts import DispersedCounts, log_probability
from orchestration.methods.statistics.firth import fit_firth
from orchestration.methods.statistics.fitting import fit_family
from orchestration.methods.statistics.logistic import LOGISTIC
from orchestration.methods.statistics.maximum_likelihood import maximise
from orchestration.methods.statistics.model_tables import ModelTables
from orchestration.methods.statistics.negative_binomial import (
    NEGATIVE_BINOMIAL,
    NEGATIVE_BINOMIAL_FIXED,
    NO_OVERDISPERSION,
    POISSON,
)
from orchestration.methods.statistics.zero_truncated import AT_THE_EDGE, ZERO_TRUNCATED
from tests.unit.methods.conftest import REFERENCE

SPECIFICATION = {model.model_id: model for model in BULLETIN_MODELS}


def design_of(cases: pd.DataFrame, model_id: str):
    specification = SPECIFICATION[model_id]
    return build_design(cases, specification.outcome, specification.terms)


def rows_of(table: pd.DataFrame, model_id: str, key: str) -> pd.DataFrame:
    return table[table["model_id"] == model_id].set_index(key)


@pytest.fixture(scope="module")
def separated_cases(cases: pd.DataFrame) -> pd.DataFrame:
    """Every `other` case completes its sentence: the coefficient of ethnicity=other is infinite."""
    separated = cases.copy()
    other = (separated["ethnicity"] == "other") & separated["termination_outcome"].isin(["positive", "negative"])
    separated.loc[other, "termination_outcome"] = "positive"
    return separated


@pytest.fixture(scope="module")
def separated(separated_cases: pd.DataFrame) -> ModelTables:
    return fit_bulletin_models(separated_cases)


def test_trap_1_a_separated_level_is_flagged_and_named(separated: ModelTables) -> None:
    model = "termination__key_questions"
    term = rows_of(separated.model_terms, model, "term").loc["ethnicity"]
    assert not term["estimable"]
    assert term[["wald_chi2", "wald_p"]].isna().all()
    coefficient = rows_of(separated.model_coefficients, model, "coefficient").loc["ethnicity=other"]
    assert not coefficient["estimable"]
    assert coefficient[["estimate", "std_error", "z", "p", "exp_estimate", "ci_low", "ci_high"]].isna().all()
    note = rows_of(separated.model_notes, model, "term").loc["ethnicity", "note"]
    assert "ethnicity = other" in note
    assert "infinite" in note


def test_trap_1_the_likelihood_ratio_of_a_separated_term_is_its_limit(
    separated: ModelTables, separated_cases: pd.DataFrame
) -> None:
    model = "termination__key_questions"
    design = design_of(separated_cases, model)
    term = next(term for term in design.terms if term.name == "ethnicity")
    others = design.keep([other for other in design.terms if other is not term])
    found = rows_of(separated.model_terms, model, "term").loc["ethnicity"]
    deviances = [
        _deviance_after_many_steps(columns, design.outcome) for columns in (design.matrix[:, others], design.matrix)
    ]
    assert found["df"] == 4
    assert found["lr_chi2"] == pytest.approx(deviances[0] - deviances[1], abs=1e-5)
    assert found["lr_p"] == pytest.approx(chi2.sf(found["lr_chi2"], 4))


def _deviance_after_many_steps(columns: np.ndarray, outcome: np.ndarray) -> float:
    """statsmodels' deviance once an infinite estimate has gone far enough to add nothing more."""
    import statsmodels.api as sm

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(sm.GLM(outcome, columns, family=sm.families.Binomial()).fit(maxiter=60, tol=1e-14).deviance)


def test_trap_6_an_empty_level_takes_its_degree_of_freedom_with_it(cases: pd.DataFrame) -> None:
    tables = fit_bulletin_models(cases[cases["ethnicity"] != "mixed"])
    term = rows_of(tables.model_terms, "reoffended__prompts", "term").loc["ethnicity"]
    assert term["df"] == 3
    assert not term["estimable"]
    assert 0 < term["lr_p"] <= 1


def test_trap_1_the_finite_coefficients_are_the_limit_of_the_likelihood(
    separated: ModelTables, separated_cases: pd.DataFrame
) -> None:
    model = "termination__key_questions"
    without = separated_cases[separated_cases["ethnicity"] != "other"]
    expected = rows_of(fit_bulletin_models(without).model_coefficients, model, "coefficient")
    found = rows_of(separated.model_coefficients, model, "coefficient")
    finite = found.index[found["estimable"]]
    np.testing.assert_allclose(found.loc[finite, "estimate"], expected.loc[finite, "estimate"], atol=1e-9)
    np.testing.assert_allclose(found.loc[finite, "std_error"], expected.loc[finite, "std_error"], rtol=1e-7)


def test_trap_1_firth_estimates_stand_beside_a_separated_model(separated: ModelTables) -> None:
    firth = rows_of(separated.model_coefficients, "termination__key_questions__firth", "coefficient")
    assert np.isfinite(firth.loc["ethnicity=other", ["estimate", "p", "ci_low", "ci_high"]].astype(float)).all()
    assert not (separated.model_coefficients["model_id"] == "reoffended__key_questions__firth").any()


def test_trap_1_firth_estimates_and_profiles_are_rs(reference_results: pd.DataFrame) -> None:
    data = pd.read_csv(REFERENCE / "separated.csv")
    matrix = np.column_stack([np.ones(len(data)), data["score"], data["group"] == "b", data["group"] == "c"])
    fit = fit_family(LOGISTIC, matrix.astype(float), data["event"].to_numpy(float))
    assert fit.estimability.reasons == ("", "", "", "infinite")
    firth = fit_firth(matrix.astype(float), data["event"].to_numpy(float), fit.estimability, 0.05)
    theirs = (
        reference_results[reference_results["model"] == "firth"]
        .pivot(index="name", columns="quantity", values="value")
        .loc[["intercept", "score", "group=b", "group=c"]]
    )
    np.testing.assert_allclose(firth.estimates, theirs["estimate"], rtol=1e-5)
    np.testing.assert_allclose(firth.std_errors, theirs["std_error"], rtol=1e-5)
    np.testing.assert_allclose(firth.p, theirs["p"], rtol=1e-3)
    np.testing.assert_allclose(firth.low, theirs["low"], rtol=1e-3)
    np.testing.assert_allclose(firth.high, theirs["high"], rtol=1e-3)


def test_trap_2_the_negative_binomial_does_not_depend_on_the_scale_of_raw_columns(
    cases: pd.DataFrame,
) -> None:
    design = design_of(cases, "reoffences__key_questions")
    stretch = np.ones(design.matrix.shape[1])
    stretch[1:4] = [365.25, 1e-3, 1e4]
    plain = fit_family(NEGATIVE_BINOMIAL, design.matrix, design.outcome)
    stretched = fit_family(NEGATIVE_BINOMIAL, design.matrix * stretch, design.outcome)
    assert plain.converged
    np.testing.assert_allclose(stretched.estimates * stretch, plain.estimates, rtol=1e-6)
    np.testing.assert_allclose(stretched.dispersion, plain.dispersion, rtol=1e-6)


@pytest.mark.parametrize("log_alpha", [-9.0, -3.0, 0.0, 3.0], ids=lambda value: f"ln alpha {value}")
def test_trap_2_a_poor_start_is_either_refused_or_reaches_the_same_maximum(
    log_alpha: float, cases: pd.DataFrame
) -> None:
    design = design_of(cases, "reoffences__key_questions")
    columns = np.linalg.qr(design.matrix)[0] * np.sqrt(design.n)
    likelihood = DispersedCounts(design.outcome, columns, (log_probability,))
    expected = fit_family(NEGATIVE_BINOMIAL, design.matrix, design.outcome)
    found = maximise(likelihood, np.append(np.zeros(columns.shape[1]), log_alpha))
    assert not found.is_accepted or found.log_likelihood == pytest.approx(expected.log_likelihood, abs=1e-8)


class _Saddle:
    """A log-likelihood whose score is zero where it has no maximum."""

    def loglike(self, params: np.ndarray) -> float:
        return float(params[0] ** 2 - params[1] ** 2)

    def score(self, params: np.ndarray) -> np.ndarray:
        return np.array([2 * params[0], -2 * params[1]])

    def hessian(self, params: np.ndarray) -> np.ndarray:
        return np.diag([2.0, -2.0])


def test_trap_2_a_zero_score_is_not_enough_without_positive_information() -> None:
    found = maximise(_Saddle(), np.zeros(2))
    assert found.distance == 0
    assert not found.is_accepted


def test_trap_2_a_fit_stopped_short_gives_no_number(cases: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maximum_likelihood, "MAX_ITERATIONS", 2)
    tables = fit_bulletin_models(cases)
    assert not tables.models["converged"].any()
    assert tables.model_coefficients["estimate"].isna().all()
    assert tables.model_terms["wald_p"].isna().all()
    assert set(tables.model_notes["model_id"]) == set(tables.models["model_id"])


def under_dispersed(cases: pd.DataFrame) -> pd.DataFrame:
    """Reoffenders with two or three reoffences in turn: far less variance than a Poisson count has."""
    changed = cases.copy()
    reoffended = (changed["reoffended"] == 1).fillna(False).to_numpy(dtype=bool)
    changed.loc[reoffended, "reoffences"] = 2 + np.arange(reoffended.sum()) % 2
    return changed


def test_trap_2_where_over_dispersion_is_absent_it_says_so_and_reports_poisson(cases: pd.DataFrame) -> None:
    calm = under_dispersed(cases)
    design = design_of(calm, "reoffences__prompts")
    assert fit_family(NEGATIVE_BINOMIAL, design.matrix, design.outcome).failure == NO_OVERDISPERSION
    tables = fit_bulletin_models(calm)
    assert (rows_of(tables.models, "reoffences__prompts", "block")["family"] == "poisson").all()
    notes = rows_of(tables.model_notes, "reoffences__prompts", "note").index
    assert any("no over-dispersion" in note for note in notes)
    ours = rows_of(tables.model_coefficients, "reoffences__prompts", "coefficient")
    poisson = rows_of(tables.model_coefficients, "reoffences__prompts__poisson", "coefficient")
    pd.testing.assert_series_equal(ours["estimate"].drop("alpha"), poisson["estimate"])
    assert not ours.loc["alpha", "estimable"]
    assert np.isnan(ours.loc["alpha", "estimate"])


def test_trap_3_the_zero_truncated_fit_is_not_the_untruncated_one(models: ModelTables) -> None:
    whole = rows_of(models.model_coefficients, "reoffences__prompts", "coefficient")["estimate"]
    truncated = rows_of(models.model_coefficients, "reoffences__prompts__ztnb", "coefficient")["estimate"]
    assert truncated["alpha"] > 1.2 * whole["alpha"]
    assert abs(truncated["ogrs_score"]) > 1.05 * abs(whole["ogrs_score"])


def test_trap_3_the_zero_truncated_fit_does_not_depend_on_the_scale_of_raw_columns(
    cases: pd.DataFrame,
) -> None:
    design = design_of(cases, "reoffences__key_questions")
    stretch = np.ones(design.matrix.shape[1])
    stretch[1:4] = [365.25, 1e-3, 1e4]
    plain = fit_family(ZERO_TRUNCATED, design.matrix, design.outcome)
    stretched = fit_family(ZERO_TRUNCATED, design.matrix * stretch, design.outcome)
    assert plain.converged
    np.testing.assert_allclose(stretched.estimates * stretch, plain.estimates, rtol=1e-6)


def test_trap_3_a_dispersion_beyond_what_counts_can_tell_is_refused(cases: pd.DataFrame) -> None:
    design = design_of(under_dispersed(cases), "reoffences__key_questions")
    fit = fit_family(ZERO_TRUNCATED, design.matrix, design.outcome)
    assert fit.failure == AT_THE_EDGE
    assert np.isnan(fit.estimates).all()


@pytest.mark.parametrize(
    "kind", ["Int64", "float64", "object", "boolean"], ids=lambda kind: f"reoffended stored as {kind}"
)
def test_trap_4_signs_do_not_depend_on_how_the_outcome_is_stored(kind: str, cases: pd.DataFrame) -> None:
    stored = cases.copy()
    stored["reoffended"] = cases["reoffended"].astype(kind)
    values = cases_with_outcome(stored, "reoffended")[OUTCOME]
    assert values.dtype == np.float64
    assert values.sum() == (cases["reoffended"] == 1).sum()
    design = design_of(stored, "reoffended__key_questions")
    fit = fit_family(LOGISTIC, design.matrix, design.outcome)
    assert fit.estimates[design.coefficients.index("ogrs_score")] > 0


def test_trap_4_positive_terminations_are_the_event() -> None:
    cases = pd.DataFrame({"termination_outcome": ["positive", "negative", "excluded", None]})
    assert list(cases_with_outcome(cases, "termination_positive")[OUTCOME]) == [1.0, 0.0]


@pytest.mark.parametrize("model", ["termination__prompts", "reoffended__key_questions"])
def test_trap_5_both_blocks_and_every_smaller_model_rest_on_the_same_cases(model: str, models: ModelTables) -> None:
    blocks = rows_of(models.models, model, "block")
    assert blocks["n"].nunique() == 1
    assert blocks["n"].iloc[0] < blocks["n_with_outcome"].iloc[0]
    gain = blocks.loc["controls", "minus_two_log_likelihood"] - blocks.loc["judgements", "minus_two_log_likelihood"]
    assert blocks.loc["judgements", "block_chi2"] == pytest.approx(gain)
    assert (rows_of(models.model_terms, model, "term")["lr_chi2"] >= 0).all()


def test_trap_6_aliased_terms_are_flagged_and_the_rest_is_fitted_as_without_one(cases: pd.DataFrame) -> None:
    aliased = cases.assign(desistance=cases["engagement"])
    tables = fit_bulletin_models(aliased)
    model = "reoffended__key_questions"
    terms = rows_of(tables.model_terms, model, "term")
    assert not terms.loc[["engagement", "desistance"], "estimable"].any()
    assert terms["estimable"].sum() == len(terms) - 2
    assert "cannot be told apart" in rows_of(tables.model_notes, model, "term").loc["engagement", "note"]
    design = design_of(aliased, model)
    alone = fit_family(LOGISTIC, design.matrix[:, :-1], design.outcome)
    found = rows_of(tables.model_coefficients, model, "coefficient")["estimate"].to_numpy(dtype=float)
    np.testing.assert_allclose(found[:-2], alone.estimates[:-1], rtol=1e-7)
    assert np.isnan(found[-2:]).all()


def test_trap_6_an_empty_level_is_flagged_and_shown(cases: pd.DataFrame) -> None:
    tables = fit_bulletin_models(cases[cases["ethnicity"] != "mixed"])
    model = "reoffences__prompts"
    assert not rows_of(tables.model_coefficients, model, "coefficient").loc["ethnicity=mixed", "estimable"]
    assert not rows_of(tables.model_terms, model, "term").loc["ethnicity", "estimable"]
    assert "no case" in rows_of(tables.model_notes, model, "term").loc["ethnicity", "note"]
    levels = tables.model_levels[tables.model_levels["model_id"] == model].set_index(["term", "level"])
    assert levels.loc[("ethnicity", "mixed"), "n"] == 0


def test_trap_7_alpha_is_estimated_and_the_fixed_variant_says_it_is_fixed(models: ModelTables) -> None:
    coefficients = models.model_coefficients
    published = rows_of(coefficients, "reoffences__key_questions", "coefficient").loc["alpha"]
    fixed = rows_of(coefficients, "reoffences__key_questions__negbin1", "coefficient").loc["alpha"]
    assert published["estimate"] != pytest.approx(1.0, abs=0.05)
    assert published["std_error"] > 0
    assert published["ci_low"] * published["ci_high"] == pytest.approx(published["estimate"] ** 2)
    assert published[["z", "p", "exp_estimate"]].isna().all()
    assert fixed["estimate"] == 1.0
    assert np.isnan(fixed["std_error"])


def test_trap_7_fitting_one_model_leaves_the_next_untouched(cases: pd.DataFrame) -> None:
    design = design_of(cases, "reoffences__key_questions")
    families = [POISSON, NEGATIVE_BINOMIAL, NEGATIVE_BINOMIAL_FIXED, ZERO_TRUNCATED]
    forward = [fit_family(family, design.matrix, design.outcome).log_likelihood for family in families]
    backward = [fit_family(family, design.matrix, design.outcome).log_likelihood for family in families[::-1]]
    assert forward == backward[::-1]


@pytest.mark.parametrize("level", [0.05, 0.2], ids=lambda level: f"at {level:.0%}")
def test_trap_8_p_and_interval_of_a_row_come_from_one_method(level: float, separated_cases: pd.DataFrame) -> None:
    rows = fit_bulletin_models(separated_cases, level).model_coefficients
    rows = rows[rows["p"].notna()]
    assert rows["model_id"].str.endswith("__firth").any()
    excludes_one = (rows["ci_low"] > 1) | (rows["ci_high"] < 1)
    assert (excludes_one == (rows["p"] < level)).all()


def test_trap_8_levels_show_n_events_and_the_reference(models: ModelTables) -> None:
    levels = models.model_levels
    assert (levels[levels["is_reference"]].groupby("model_id")["term"].nunique() > 3).all()
    n = rows_of(models.models, "reoffended__prompts", "block")["n"].iloc[0]
    per_term = levels[levels["model_id"] == "reoffended__prompts"].groupby("term")[["n", "events"]].sum()
    assert (per_term["n"] == n).all()
    assert per_term["events"].nunique() == 1
    reference = levels[levels["is_reference"]].set_index(["model_id", "term"])["level"]
    assert reference["reoffended__prompts", "gender"] == "male"
    assert reference["reoffended__prompts", "contact_sufficient"] == "no"
