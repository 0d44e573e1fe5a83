"""The findings estimated otherwise, against loops, statsmodels, scipy and populations whose truth is known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from statsmodels.discrete.discrete_model import Logit, NegativeBinomial
from statsmodels.duration.hazard_regression import PHReg

from orchestration.methods.layouts.specification import BULLETIN_MODELS
from orchestration.methods.robustness import imputed_estimates as imputed
from orchestration.methods.robustness import linkage_error, provider_intercepts
from orchestration.methods.robustness import time_to_reoffence as times
from orchestration.methods.robustness.calibration import (
    calibration,
    calibration_groups,
    predicted_elsewhere,
    spline_tests,
)
from orchestration.methods.robustness.clustered_errors import ONE_CLUSTER
from orchestration.methods.robustness.good_delivery import ONE_ANSWER, contrasts, delivery_balance, good_delivery
from orchestration.methods.robustness.published_fits import PublishedFit, published_fits
from orchestration.methods.robustness.quick_fits import quick_fit
from orchestration.methods.robustness.refits import pooled
from orchestration.methods.statistics.fitting import fit_family
from orchestration.methods.statistics.logistic import LOGISTIC

KEY = "reoffended__key_questions"


@pytest.fixture(scope="module")
def providers(cases: pd.DataFrame) -> pd.Series:
    return cases["provider_type"] + " " + cases["provider"]


def test_rubins_rules_by_hand() -> None:
    estimates = np.array([[1.0, 5.0], [2.0, 5.0], [4.0, 5.0]])
    covariances = np.array([np.diag([0.5, 2.0]), np.diag([0.7, 2.0]), np.diag([0.9, 2.0])])
    found = pooled(estimates, covariances, 100)
    within, between = 0.7, 4 / 3 * np.var([1, 2, 4], ddof=1)
    share = between / (within + between)
    observed = 101 / 103 * 100 * (1 - share)
    assert found.estimates.tolist() == pytest.approx([7 / 3, 5])
    assert found.errors.tolist() == pytest.approx([np.sqrt(within + between), np.sqrt(2)])
    assert found.df[0] == pytest.approx(1 / (share**2 / 2 + 1 / observed))
    assert found.df[1] == pytest.approx(101 / 103 * 100)  # nothing was drawn


def test_a_hazard_after_fieldwork_is_statsmodels_of_those_who_had_not_reoffended(cases: pd.DataFrame) -> None:
    found = times.reoffence_hazards(cases).set_index(["period", "model_id", "coefficient"])
    model = next(model for model in BULLETIN_MODELS if model.model_id == KEY)
    own = cases[cases["reoffended"].notna()].dropna(subset=[term.name for term in model.terms])
    first = own["days_to_first_reoffence"].astype(float).fillna(1e9)
    wait = own["days_to_fieldwork"].astype(float)
    columns = [own[term.name].astype(float) for term in model.terms if term.is_interval]
    columns += [(own[t.name] == level).astype(float) for t in model.terms for level in t.contrasts if not t.is_interval]
    place = [name for term in model.terms for name in term.coefficients].index("engagement=yes")
    matrix = np.column_stack(columns)
    for period, kept, days, event in (
        (times.AFTER, first > wait, np.minimum(first, 365) - wait, first <= 365),
        (times.BEFORE, first > -1, np.minimum(first, wait) + 1, first <= wait),
    ):
        theirs = PHReg(days[kept], matrix[kept], status=event[kept].astype(float), ties="efron").fit(disp=0)
        row = found.loc[(period, KEY, "engagement=yes")]
        assert (row["n"], row["n_events"]) == (kept.sum(), event[kept].sum())
        assert row["estimate"] == pytest.approx(theirs.params[place], rel=1e-5)
        assert row["p"] == pytest.approx(theirs.pvalues[place], rel=1e-4)


@pytest.mark.parametrize(
    ("change", "period"),
    [
        ({"days_to_first_reoffence": 10}, times.AFTER),
        ({"days_to_first_reoffence": 300}, times.BEFORE),
        ({"days_to_first_reoffence": pd.NA, "reoffended": 0}, times.YEAR),
    ],
    ids=["none after", "none before", "none at all"],
)
def test_a_period_without_events_says_so(change: dict[str, object], period: str, cases: pd.DataFrame) -> None:
    whole = cases.assign(**{name: cases[name].mask(cases["reoffended"] == 1, value) for name, value in change.items()})
    found = times.reoffence_hazards(whole)
    own = found[found["period"] == period]
    assert set(own["not_estimable_because"]) == {times.NO_EVENTS[period]}
    assert own[["estimate", "std_error", "p"]].isna().all(axis=None)


def test_without_days_to_fieldwork_only_the_year_can_be_told(cases: pd.DataFrame) -> None:
    found = times.reoffence_hazards(cases.assign(days_to_fieldwork=pd.NA)).set_index("period")
    assert found.loc[times.YEAR, "estimate"].notna().any()
    assert set(found.loc[[times.BEFORE, times.AFTER], "not_estimable_because"]) == {times.NO_TIMES}


def test_with_nothing_missing_the_imputed_estimates_are_the_published(cases: pd.DataFrame) -> None:
    names = {term.name for model in BULLETIN_MODELS for term in model.terms}
    whole = cases.dropna(subset=sorted(names)).reset_index(drop=True)
    model = next(m for m in published_fits(whole) if m.specification.model_id == KEY)
    found = imputed.imputed_estimates([model], whole, 2).set_index("coefficient").loc["engagement=yes"]
    column = model.design.coefficients.index("engagement=yes")
    assert found["estimate"] == pytest.approx(model.fit.estimates[column], rel=1e-6)
    assert found["std_error"] == pytest.approx(np.sqrt(model.fit.covariance[column, column]), rel=1e-6)
    assert found["between_share"] == pytest.approx(0, abs=1e-12)


def test_imputation_undoes_what_going_missing_by_the_outcome_does(cases: pd.DataFrame) -> None:
    """Desistance is lost where engagement was good and the person reoffended: complete cases are wrong of it."""
    rng = np.random.default_rng(5)
    names = sorted({term.name for model in BULLETIN_MODELS for term in model.terms})
    base = cases[names].ffill().bfill().assign(termination_outcome=None, reoffences=pd.NA)
    good = (base["engagement"] == "yes").to_numpy()
    has_reoffended = rng.random(len(base)) < np.where(good, 0.3, 0.5)
    base["reoffended"] = pd.array(has_reoffended.astype(int), dtype="Int64")
    holes = base.assign(desistance=base["desistance"].mask(good & has_reoffended & (rng.random(len(base)) < 0.6)))
    truth, naive = (next(m for m in published_fits(f) if m.specification.model_id == KEY) for f in (base, holes))
    found = imputed.imputed_estimates([naive], holes, 5).set_index("coefficient").loc["engagement=yes"]
    column = truth.design.coefficients.index("engagement=yes")
    target, error = truth.fit.estimates[column], np.sqrt(truth.fit.covariance[column, column])
    assert abs(naive.fit.estimates[column] - target) > 4 * error
    assert abs(found["estimate"] - target) < 0.5 * error
    assert found["std_error"] == pytest.approx(error, rel=0.1)


@pytest.mark.parametrize(
    ("draws", "change", "why"),
    [(1, {}, imputed.NOT_ASKED), (2, {"desistance": None}, "no case has a value: desistance")],
    ids=["not asked for", "nothing observed"],
)
def test_where_nothing_can_be_imputed_every_row_says_why(
    draws: int, change: dict[str, object], why: str, cases: pd.DataFrame
) -> None:
    own = cases.assign(**change).astype({name: "object" for name in change})
    found = imputed.imputed_estimates(published_fits(own), own, draws)
    assert set(found["not_estimable_because"]) == {why}
    assert found[["estimate", "p"]].isna().all(axis=None)


def linked(seed: int, false_share: float, fits: dict[str, PublishedFit]) -> tuple[PublishedFit, float]:
    """A model of two columns and 4,000 cases with a known coefficient, of which a share has anybody's outcome."""
    rng = np.random.default_rng(seed)
    template = fits[KEY]
    term = template.specification.judgements[0]
    matrix = np.column_stack([np.ones(4000), rng.integers(0, 2, 4000)]).astype(float)
    outcome = (rng.random(4000) < 1 / (1 + np.exp(-(matrix @ [-1.0, 2.0])))).astype(float)
    false = rng.random(4000) < false_share
    outcome[false] = rng.permutation(outcome)[false]
    names = ("intercept", *term.coefficients)
    design = replace(template.design, matrix=matrix, outcome=outcome, coefficients=names, terms=(term,))
    specification = replace(template.specification, controls=(), judgements=(term,))
    return PublishedFit(specification, design, LOGISTIC, fit_family(LOGISTIC, matrix, outcome)), 2.0


def test_drawing_false_links_brings_back_what_they_dilute(fits: dict[str, PublishedFit]) -> None:
    naive, corrected, within = [], [], 0
    for seed in range(8):
        model, truth = linked(seed, 0.2, fits)
        row = linkage_error.relinked_estimates([model], 0.2, 10).iloc[0]
        naive.append(model.fit.estimates[1])
        corrected.append(row["estimate"])
        within += int(row["ci_low"] <= np.exp(truth) <= row["ci_high"])
    assert np.mean(naive) < 1.65
    assert np.mean(corrected) == pytest.approx(2.0, abs=0.15)
    assert within >= 6


def test_without_false_links_the_relinked_estimates_are_the_published(fits: dict[str, PublishedFit]) -> None:
    for model_id in (KEY, "reoffences__key_questions"):
        found = linkage_error.relinked_estimates([fits[model_id]], 0.0, 2).set_index("coefficient")
        column = fits[model_id].design.coefficients.index("engagement=yes")
        assert found.loc["engagement=yes", "estimate"] == pytest.approx(fits[model_id].fit.estimates[column], rel=1e-6)
        assert (found["mean_false"] == 0).all()


@pytest.mark.parametrize("seed", range(6))
def test_a_quick_fit_is_the_full_one_also_where_cases_separate(seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = np.column_stack([np.ones(80), rng.normal(0, 1000, 80), rng.random((80, 2)) < 0.15]).astype(float)
    outcome = (rng.random(80) < 0.3).astype(float)
    if seed % 2:
        outcome[matrix[:, 2] == 1] = 0.0
    quick, full = quick_fit(LOGISTIC, matrix, outcome), fit_family(LOGISTIC, matrix, outcome)
    np.testing.assert_allclose(quick.estimates, full.estimates, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(quick.covariance, full.covariance, rtol=1e-5, atol=1e-12)


def test_the_published_specification_is_the_published_estimate_and_others_are_statsmodels(
    cases: pd.DataFrame, fits: dict[str, PublishedFit], tables: dict[str, pd.DataFrame]
) -> None:
    found = tables["specifications"]
    for row in found[found["is_published"]].itertuples():
        model = fits[row.model_id]
        column = model.design.coefficients.index(row.coefficient)
        assert row.estimate == pytest.approx(model.fit.estimates[column], rel=1e-6)
    keys = ["model_id", "coefficient", "controls", "judgements", "cases", "distribution"]
    assert not found.duplicated(keys).any()
    assert found.groupby("model_id").size().to_dict() == {
        "termination__key_questions": 60, KEY: 60, "reoffences__key_questions": 180
    }  # fmt: skip
    known = cases[cases["reoffended"].notna() & cases["engagement"].notna()]
    columns = np.column_stack([np.ones(len(known)), known["engagement"] == "yes"]).astype(float)
    theirs = Logit(known["reoffended"].to_numpy(dtype=float), columns).fit(disp=0)
    own = found.set_index(keys).loc[(KEY, "engagement=yes", "none", "alone", "published", "published")]
    assert own["estimate"] == pytest.approx(theirs.params[1], rel=1e-6)
    assert own["p"] == pytest.approx(theirs.pvalues[1], rel=1e-5)


def test_calibration_is_of_predictions_by_models_that_did_not_see_the_provider(
    fits: dict[str, PublishedFit], providers: pd.Series
) -> None:
    model = fits[KEY]
    own, predicted = providers.loc[model.design.cases], np.empty(model.design.n)
    for label in own.unique():
        apart = (own == label).to_numpy()
        theirs = Logit(model.design.outcome[~apart], model.design.matrix[~apart]).fit(disp=0, maxiter=100)
        predicted[apart] = theirs.predict(model.design.matrix[apart])
    np.testing.assert_allclose(predicted_elsewhere(model, own)[0], predicted, rtol=1e-5)
    log_odds = np.log(predicted / (1 - predicted))
    theirs = Logit(model.design.outcome, np.column_stack([np.ones(len(log_odds)), log_odds])).fit(disp=0)
    row = calibration([model], providers).iloc[0]
    assert row["slope"] == pytest.approx(theirs.params[1], rel=1e-5)
    assert row["brier"] == pytest.approx(
        np.mean([(y - p) ** 2 for y, p in zip(model.design.outcome, predicted, strict=True)])
    )
    expected = 1 / (1 + np.exp(-(log_odds + row["intercept"])))
    assert expected.sum() == pytest.approx(model.design.outcome.sum())
    groups = calibration_groups([model], providers)
    assert groups["n"].sum() == model.design.n
    assert groups["predicted"].is_monotonic_increasing


def test_with_one_provider_calibration_and_intercepts_say_so(
    fits: dict[str, PublishedFit], cases: pd.DataFrame
) -> None:
    one = pd.Series("one", index=cases.index)
    row = calibration([fits[KEY]], one).iloc[0]
    assert row["not_estimable_because"] == ONE_CLUSTER
    assert np.isnan(row["slope"])
    found = provider_intercepts.provider_intercepts([fits[KEY]], one)
    assert set(found["not_estimable_because"]) == {ONE_CLUSTER}
    assert found[["estimate", "spread"]].isna().all(axis=None)


@pytest.mark.parametrize("model_id", [KEY, "reoffences__key_questions"])
def test_bends_are_harrells_and_their_test_statsmodels(model_id: str, fits: dict[str, PublishedFit]) -> None:
    model = fits[model_id]
    bends = []
    for place in (1, 2, 3):
        x = model.design.matrix[:, place]
        k = np.quantile(x, [0.05, 0.35, 0.65, 0.95])
        for j in range(2):
            cubes = [np.maximum(x - knot, 0) ** 3 for knot in (k[j], k[2], k[3])]
            bend = cubes[0] - cubes[1] * (k[3] - k[j]) / (k[3] - k[2]) + cubes[2] * (k[2] - k[j]) / (k[3] - k[2])
            bends.append(bend / (k[3] - k[0]) ** 2)
    whole = np.column_stack([model.design.matrix, *bends])
    whole, plain = (m / np.abs(m).max(axis=0) for m in (whole, model.design.matrix))
    if model.is_count:
        larger, smaller = (
            NegativeBinomial(model.design.outcome, m).fit(disp=0, method="bfgs", maxiter=2000, gtol=1e-8).llf
            for m in (whole, plain)
        )
    else:
        larger, smaller = (Logit(model.design.outcome, m).fit(disp=0, maxiter=100).llf for m in (whole, plain))
    row = spline_tests([model]).iloc[0]
    assert row["df"] == 6
    assert row["lr_chi2"] == pytest.approx(2 * (larger - smaller), abs=1e-3)


def test_good_delivery_is_the_doubly_robust_formula_by_loops(fits: dict[str, PublishedFit]) -> None:
    model = fits[KEY]
    contrast = next(c for c in contrasts([model]) if c.name == "engagement=yes")
    column = model.design.coefficients.index("engagement=yes")
    answer, y = model.design.matrix[:, column], model.design.outcome
    others = np.delete(model.design.matrix, column, axis=1)
    propensity = Logit(answer, others).fit(disp=0).predict()
    arms = [Logit(y[answer == a], others[answer == a]).fit(disp=0, maxiter=100).predict(others) for a in (1, 0)]
    parts = []
    for i in range(len(y)):
        part = arms[0][i] - arms[1][i]
        part += (y[i] - arms[0][i]) / propensity[i] if answer[i] else -(y[i] - arms[1][i]) / (1 - propensity[i])
        parts.append(100 * part)
    row = good_delivery([contrast]).iloc[0]
    error = np.std(parts, ddof=1) / np.sqrt(len(parts))
    assert row["effect"] == pytest.approx(np.mean(parts), rel=1e-5)
    assert row["ci_high"] - row["effect"] == pytest.approx(norm.isf(0.025) * error, rel=1e-5)
    weighted = [
        np.average(y[answer == a], weights=1 / np.where(answer, propensity, 1 - propensity)[answer == a])
        for a in (1, 0)
    ]
    assert row["weighted"] == pytest.approx(100 * (weighted[0] - weighted[1]), rel=1e-5)
    balance = delivery_balance([contrast])
    assert balance["difference_weighted"].abs().max() < 0.1


def test_where_all_answer_alike_there_is_no_contrast(cases: pd.DataFrame) -> None:
    own = contrasts(published_fits(cases.assign(engagement="yes")))
    found = good_delivery(own).set_index("coefficient")
    assert set(found.loc["engagement=yes", "not_estimable_because"]) == {ONE_ANSWER}
    assert found.loc["engagement=yes", ["effect", "p"]].isna().all(axis=None)


def test_levels_by_provider_have_normal_tests(fits: dict[str, PublishedFit], providers: pd.Series) -> None:
    found = provider_intercepts.provider_intercepts([fits[KEY]], providers)
    z = found["estimate"] / found["std_error"]
    np.testing.assert_allclose(found["p"], 2 * norm.sf(abs(z)))
    np.testing.assert_allclose(np.log(found["ci_high"]), found["estimate"] + norm.isf(0.025) * found["std_error"])
