"""The checks of the findings against plain loops, whole matrices, finite differences and refits."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2, norm
from statsmodels.discrete.discrete_model import Logit, NegativeBinomial

from orchestration.methods.layouts.specification import BULLETIN_MODELS, Term
from orchestration.methods.robustness import clustered_errors as clustered
from orchestration.methods.robustness.confounding import e_value, e_values
from orchestration.methods.robustness.likelihood import judgement_gaps, likelihood_interactions
from orchestration.methods.robustness.marginal_effects import marginal_effects
from orchestration.methods.robustness.multiplicity import multiplicity
from orchestration.methods.robustness.published_fits import OTHERS_WITHOUT, PublishedFit, published_fits
from orchestration.methods.robustness.strengths import strength_contrasts
from orchestration.methods.robustness.summary import robustness_tables
from orchestration.methods.statistics.design_matrix import build_design
from orchestration.methods.statistics.fitting import fit_family
from orchestration.methods.statistics.logistic import LOGISTIC
from orchestration.methods.statistics.model_tables import ModelTables
from orchestration.storage.processes import InThisProcess
from tests.unit.methods.robustness.conftest import IDS, published_of


@pytest.fixture(scope="module")
def separated(cases: pd.DataFrame) -> pd.DataFrame:
    """Every case of other ethnicity completes its sentence, so that its coefficient is infinite."""
    is_other = (cases["ethnicity"] == "other") & cases["termination_outcome"].isin(["positive", "negative"])
    return cases.assign(termination_outcome=cases["termination_outcome"].mask(is_other, "positive"))


def mean_difference(model: PublishedFit, estimates: np.ndarray, term: Term, column: int) -> float:
    """One case at a time: the outcome as predicted with the answer, less that with the reference."""
    total = 0.0
    for row in model.design.matrix:
        ends = []
        for value in (1.0, 0.0):
            changed = row.copy()
            changed[model.design.columns(term)] = 0.0
            changed[column] = value
            predictor = changed @ estimates
            ends.append(np.exp(predictor) if model.is_count else 100 / (1 + np.exp(-predictor)))
        total += ends[0] - ends[1]
    return total / model.design.n


@pytest.mark.parametrize("model_id", ["termination__key_questions", "reoffended__prompts", "reoffences__prompts"])
def test_an_effect_is_the_mean_of_differences_and_its_error_that_of_small_changes(
    model_id: str, fits: dict[str, PublishedFit], tables: dict[str, pd.DataFrame]
) -> None:
    model = fits[model_id]
    theirs = (NegativeBinomial if model.is_count else Logit)(model.design.outcome, model.design.matrix)
    start = np.append(model.fit.estimates, model.fit.dispersion[0]) if model.fit.dispersion else model.fit.estimates
    fitted = theirs.fit(start_params=start, disp=0, method="newton", maxiter=50)
    width = len(model.design.coefficients)
    estimates, covariance = np.asarray(fitted.params)[:width], np.asarray(fitted.cov_params())[:width, :width]
    term, level, column = next(iter(model.judgements()))
    found = tables["marginal_effects"].set_index(["model_id", "coefficient"]).loc[(model_id, f"{term.name}={level}")]
    steps = [np.eye(width)[place] * 1e-5 for place in range(width)]
    gradient = [
        (
            mean_difference(model, estimates + step, term, column)
            - mean_difference(model, estimates - step, term, column)
        )
        / 2e-5
        for step in steps
    ]
    error = np.sqrt(np.array(gradient) @ covariance @ np.array(gradient))
    assert found["effect"] == pytest.approx(mean_difference(model, estimates, term, column), rel=1e-5)
    assert found["std_error"] == pytest.approx(error, rel=1e-3)
    assert found["ci_high"] - found["effect"] == pytest.approx(norm.isf(0.025) * found["std_error"])


def test_an_infinite_coefficient_leaves_no_effect_and_says_so(separated: pd.DataFrame) -> None:
    found = marginal_effects(published_fits(separated))
    own = found[found["model_id"] == "termination__key_questions"]
    assert own[["effect", "std_error", "ci_low", "ci_high", "p"]].isna().all(axis=None)
    assert set(own["not_estimable_because"]) == {OTHERS_WITHOUT}
    assert found.loc[found["model_id"] == "reoffended__prompts", "not_estimable_because"].isna().all()


def whole_matrices(
    columns: np.ndarray, residuals: np.ndarray, variance: np.ndarray, cluster: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """CR2 and its degrees of freedom by their definitions, with matrices of cases by cases.

    A = D (D (V - H V) D)^-1/2 D of each cluster in the outcome's units (Pustejovsky and Tipton), D its deviation and V
    its variance; columns and residuals are in units of D.
    """
    n, deviation = len(columns), np.sqrt(variance)
    bread = np.linalg.inv(columns.T @ columns)
    left = np.eye(n) - columns @ bread @ columns.T
    meat, forms = np.zeros_like(bread), [[] for _ in bread]
    for label in np.unique(cluster):
        own = np.flatnonzero(cluster == label)
        scale = np.diag(deviation[own])
        values, vectors = np.linalg.eigh(scale @ scale @ left[np.ix_(own, own)] @ scale @ scale)
        root = vectors @ np.diag(values**-0.5) @ vectors.T @ scale @ scale
        score = columns[own].T @ root @ residuals[own]
        meat += np.outer(score, score)
        for place, form in enumerate(forms):
            form.append(left[:, own] @ root.T @ columns[own] @ bread[:, place])
    df = []
    for form in forms:
        crossed = np.array(form) @ np.array(form).T
        df.append(np.trace(crossed) ** 2 / np.trace(crossed @ crossed))
    return bread @ meat @ bread, np.array(df)


@pytest.mark.parametrize("seed", range(6))
def test_errors_by_provider_are_those_of_the_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 90
    cluster = rng.integers(0, 5 + seed, n)
    columns = np.column_stack([np.ones(n), rng.normal(size=n), rng.integers(0, 2, n)]) * rng.uniform(0.2, 1, n)[:, None]
    residuals = rng.normal(size=n)
    variance = rng.uniform(0.1, 2, n)
    found = clustered.cr2(clustered.WorkingModel(columns, residuals, variance), cluster)
    covariance, df = whole_matrices(columns, residuals, variance, cluster)
    np.testing.assert_allclose(found.covariance, covariance, rtol=1e-9)
    np.testing.assert_allclose(found.df, df, rtol=1e-9)


def test_equal_clusters_give_the_t_test_of_their_means() -> None:
    rng = np.random.default_rng(1)
    values, cluster = rng.normal(size=60), np.repeat(np.arange(6), 10)
    model = clustered.WorkingModel(np.ones((60, 1)), values - values.mean(), np.ones(60))
    found = clustered.cr2(model, cluster)
    means = values.reshape(6, 10).mean(axis=1)
    assert found.covariance[0, 0] == pytest.approx(means.var(ddof=1) / 6)
    assert found.df[0] == pytest.approx(5)


@pytest.mark.parametrize("model_id", ["reoffended__key_questions", "reoffences__key_questions"])
def test_the_working_model_is_stationary_at_the_estimates(model_id: str, fits: dict[str, PublishedFit]) -> None:
    model = clustered.working_model(fits[model_id])
    columns = model.columns
    np.testing.assert_allclose(columns.T @ model.residuals, 0, atol=1e-5)
    if model_id.startswith("reoffended"):
        np.testing.assert_allclose(np.linalg.inv(columns.T @ columns), fits[model_id].fit.covariance, rtol=1e-6)


@pytest.mark.parametrize(
    ("providers", "why"),
    [
        (["one"], clustered.ONE_CLUSTER),
        (["one", "two"], clustered.TOO_FEW),
        ([None, "two"], clustered.UNKNOWN_PROVIDER),
    ],
    ids=["one", "two", "unknown"],
)
def test_too_few_providers_leave_no_test_and_say_so(
    providers: list[str | None], why: str, fits: dict[str, PublishedFit], cases: pd.DataFrame
) -> None:
    own = pd.Series(np.resize(np.array(providers, dtype=object), len(cases)), index=cases.index)
    found = clustered.clustered_errors([fits["reoffended__key_questions"]], own)
    assert set(found["not_estimable_because"]) == {why}
    assert found[["p", "ci_low", "ci_high"]].isna().all(axis=None)


def test_allowances_count_the_tests_there_are(models: ModelTables) -> None:
    terms = models.model_terms.copy()
    judged = terms.index[(terms["block"] == "judgements") & terms["model_id"].isin(IDS)]
    terms.loc[judged[0], "wald_p"] = np.nan
    found = multiplicity(terms, IDS)
    assert (found["n_tests"] == len(judged) - 1).all()
    assert found["p_holm"].isna().sum() == found["not_estimable_because"].notna().sum() == 1
    told = found.dropna(subset="p").sort_values("p")
    m = len(told)
    holm, bh = [], []
    for place, p in enumerate(told["p"]):
        holm.append(min(max([*([holm[-1]] if holm else []), (m - place) * p]), 1))
    for place, p in reversed(list(enumerate(told["p"]))):
        bh.append(min([*([bh[-1]] if bh else []), m / (place + 1) * p, 1]))
    np.testing.assert_allclose(told["p_holm"], holm)
    np.testing.assert_allclose(told["p_bh"], bh[::-1])


def test_the_interaction_is_statsmodels_likelihood_ratio(fits: dict[str, PublishedFit], cases: pd.DataFrame) -> None:
    model = fits["reoffended__key_questions"]
    found = likelihood_interactions([model], cases).set_index("term").loc["engagement"]
    groups = cases.loc[model.design.cases, "ogrs_group"]
    levels = np.column_stack([groups == "medium", groups.isin(["high", "very_high"])]).astype(float)
    answer = model.design.matrix[:, [model.design.coefficients.index("engagement=yes")]]
    smaller = np.column_stack([model.design.matrix, levels])
    first, second = (
        Logit(model.design.outcome, matrix).fit(disp=0, method="newton", maxiter=100).llf
        for matrix in (smaller, np.column_stack([smaller, levels * answer]))
    )
    assert (found["df"], found["lr_chi2"]) == (2, pytest.approx(2 * (second - first), abs=1e-6))
    assert found["lr_p"] == pytest.approx(chi2.sf(found["lr_chi2"], 2))


def test_an_interaction_that_adds_nothing_says_so(fits: dict[str, PublishedFit], cases: pd.DataFrame) -> None:
    found = likelihood_interactions([fits["reoffended__key_questions"]], cases.assign(ogrs_group="low"))
    assert found["lr_p"].isna().all()
    assert found["not_estimable_because"].notna().all()


def test_a_gap_and_its_interval_by_hand(cases: pd.DataFrame) -> None:
    found = judgement_gaps(cases).set_index(["outcome", "contrast", "likelihood"]).loc[("reoffended", "both", "all")]
    known = cases[cases["reoffended"].notna()]
    shares = []
    for answer in ("yes", "no"):
        own = known[(known["engagement"] == answer) & (known["desistance"] == answer)]["reoffended"].astype(float)
        shares.append((own.mean(), own.mean() * (1 - own.mean()) / len(own)))
    reach = norm.isf(0.025) * np.sqrt(shares[0][1] + shares[1][1])
    gap = shares[0][0] - shares[1][0]
    np.testing.assert_allclose(
        found[["gap", "ci_low", "ci_high"]].astype(float), 100 * np.array([gap, gap - reach, gap + reach])
    )


def test_a_gap_of_few_cases_has_no_interval_and_one_of_none_no_gap(cases: pd.DataFrame) -> None:
    few = judgement_gaps(cases.head(12)).set_index(["outcome", "contrast", "likelihood"]).loc[("reoffended", "both")]
    assert few[["ci_low", "ci_high"]].isna().all(axis=None)
    assert few["not_estimable_because"].notna().all()
    assert few.loc[few["n_yes"] * few["n_no"] == 0, "gap"].isna().all()


def test_strengths_against_none_are_the_coefficient_with_none_as_the_reference(cases: pd.DataFrame) -> None:
    model = next(model for model in BULLETIN_MODELS if model.model_id == "reoffended__prompts")
    turned = tuple(replace(t, reference="none_present") if t.name == "strengths_built_upon" else t for t in model.terms)
    design = build_design(cases, model.outcome, turned)
    fit = fit_family(LOGISTIC, design.matrix, design.outcome)
    place = design.coefficients.index("strengths_built_upon=yes")
    found = strength_contrasts(published_fits(cases)).set_index("model_id").loc["reoffended__prompts"]
    assert found["estimate"] == pytest.approx(fit.estimates[place], rel=1e-7)
    assert found["std_error"] == pytest.approx(np.sqrt(fit.covariance[place, place]), rel=1e-7)


def test_a_confounder_of_the_e_value_explains_the_ratio_away_and_no_weaker_one() -> None:
    # the bias factor of a confounder with both risk ratios e is e^2 / (2 e - 1) (Ding and VanderWeele 2016)
    for ratio in (0.3, 0.78, 1.0, 1.2, 4.0):
        e = e_value(ratio)
        assert e**2 / (2 * e - 1) == pytest.approx(max(ratio, 1 / ratio))
        assert e_value(1 / ratio) == pytest.approx(e)


def test_e_values_rest_on_the_ratio_and_the_nearer_end_of_its_interval(fits: dict[str, PublishedFit]) -> None:
    found = e_values(fits.values()).set_index(["model_id", "coefficient"])
    for model_id, power in (("reoffended__key_questions", 0.5), ("reoffences__key_questions", 1.0)):
        fit = fits[model_id]
        column = fit.design.coefficients.index("engagement=yes")
        estimate, error = fit.fit.estimates[column], np.sqrt(fit.fit.covariance[column, column])
        row = found.loc[(model_id, "engagement=yes")]
        assert row["risk_ratio"] == pytest.approx(np.exp(estimate) ** power)
        ends = np.exp(estimate + norm.isf(0.025) * error * np.array([-1, 1])) ** power
        is_apart = (ends > 1).all() or (ends < 1).all()
        assert row["e_value_bound"] == pytest.approx(min(e_value(end) for end in ends) if is_apart else 1)


def test_a_finding_holds_where_its_sign_is_the_published_and_its_p_small(
    tables: dict[str, pd.DataFrame], models: ModelTables
) -> None:
    found = tables["finding_checks"]
    published = models.model_coefficients
    judgements = [(m.model_id, name) for m in BULLETIN_MODELS for term in m.judgements for name in term.coefficients]
    keyed = published.set_index(["model_id", "coefficient"])
    expected = [key for key in judgements if keyed.loc[key, "p"] < 0.05]
    assert list(found[["model_id", "coefficient"]].drop_duplicates().itertuples(index=False, name=None)) == expected
    assert found.loc[found["check_name"] == "published", "holds"].all()
    signs = [np.sign(keyed.loc[(row.model_id, row.coefficient), "estimate"]) for row in found.itertuples()]
    told = found["holds"].notna()
    assert (found["holds"][told] == ((found["sign"] == signs) & (found["p"] < 0.05))[told]).all()
    counts = found[found["model_id"].str.startswith("reoffences")]["check_name"]
    assert {"negbin1", "ztnb"} <= set(counts) or counts.empty


@pytest.mark.parametrize("n", [0, 3, 30], ids=lambda n: f"{n} cases")
def test_whatever_the_data_every_row_is_there_and_says_why(n: int, cases: pd.DataFrame, models: ModelTables) -> None:
    found = robustness_tables(cases.head(n), published_of(models), 2, 0.01, 0.05, InThisProcess())
    for name, value in (
        ("marginal_effects", "effect"),
        ("clustered_errors", "p"),
        ("strength_contrasts", "estimate"),
        ("e_values", "e_value"),
        ("reoffence_hazards", "p"),
        ("reoffence_curves", "percent_free"),
        ("imputed_estimates", "p"),
        ("relinked_estimates", "p"),
        ("specifications", "p"),
        ("calibration", "slope"),
        ("spline_tests", "lr_p"),
        ("good_delivery", "p"),
        ("provider_intercepts", "p"),
    ):
        table = found[name]
        assert len(table)
        assert (table[value].isna() == table["not_estimable_because"].notna()).all(), name
