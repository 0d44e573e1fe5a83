"""Matched against unmatched, the model of being matched, and the weights made from it."""

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.bulletin_2023_04.annex_b import annex_b
from orchestration.methods.bulletin_2023_04.match_rates import match_rates
from orchestration.methods.bulletin_2023_04.models import fit_bulletin_models
from orchestration.methods.layouts.outcomes import MATCHED_COLUMNS
from orchestration.methods.linkage.bias.match_bias import ITEMS, match_bias
from orchestration.methods.linkage.bias.match_models import LEAST_MISSING, fit_match_models, match_model_tables
from orchestration.methods.linkage.bias.summary import bias_tables
from orchestration.methods.linkage.bias.weights import (
    Truncation,
    balance,
    effective_n,
    linkage_weights,
    weight_summary,
)
from tests.unit.methods.example_cases import example_cases
from tests.unit.methods.linkage.bias.bias_cases import SHARE_MATCHED, biased_population, with_needs


@pytest.fixture(scope="module")
def population() -> tuple[pd.DataFrame, pd.DataFrame]:
    return biased_population()


@pytest.fixture(scope="module")
def linked(population) -> pd.DataFrame:
    return population[1]


@pytest.fixture(scope="module")
def tables(linked) -> dict[str, pd.DataFrame]:
    return all_tables(linked)


@pytest.fixture(scope="module")
def bias(linked) -> pd.DataFrame:
    return match_bias(linked)


@pytest.fixture(scope="module")
def fitted(linked):
    return fit_match_models(linked)


def reoffending(models):
    return next(model for model in models if model.source == "reoffending")


def all_tables(cases: pd.DataFrame) -> dict[str, pd.DataFrame]:
    published = fit_bulletin_models(cases)
    annex = annex_b(cases, published.model_terms)
    return bias_tables(cases, annex, published.model_coefficients, published.model_terms)


def test_every_item_is_compared_for_both_sources_with_its_missing_cases(bias) -> None:
    for source in MATCHED_COLUMNS:
        of = bias[bias["source"] == source]
        assert list(dict.fromkeys(of["item"])) == ["all_cases", *(item.item for item in ITEMS)]
        with_codes = of[of["unit"].eq("percent") & of["item"].ne("all_cases")].groupby("item")
        assert with_codes["category"].apply(lambda codes: codes.iloc[-1] == "missing").all()


def test_counts_are_those_of_the_match_rates(bias, linked) -> None:
    key = ["source", "item", "category"]
    both = match_rates(linked).merge(bias, on=key)
    assert len(both) > 50
    assert (both["matched"] == both["n_matched"]).all()
    assert (both["eligible"] - both["matched"] == both["n_unmatched"]).all()
    tested = both[both["test"] == "pearson"]
    np.testing.assert_allclose(tested["p_value_y"], tested["p_value_x"], rtol=1e-12)


def test_percentages_of_known_cases_add_up_and_missing_ones_are_of_all(bias, linked) -> None:
    of = bias[(bias["source"] == "reoffending") & (bias["item"] == "ethnicity")]
    for group, is_matched in (("matched", True), ("unmatched", False)):
        column = f"percent_{group}_group"
        assert of.loc[of["category"] != "missing", column].sum() == pytest.approx(100)
        cases = linked[linked["reoffending_matched"] == is_matched]
        share = 100 * cases["ethnicity"].isna().mean()
        assert of.loc[of["category"] == "missing", column].item() == pytest.approx(share)


def test_the_cause_of_the_bias_stands_out(bias) -> None:
    of = bias[(bias["source"] == "reoffending") & (bias["kind"] == "characteristic")]
    top = of.loc[of["item_standardised_difference"].idxmax(), "item"]
    assert top in {"ogrs_group", "ogrs_score"}
    assert (of[of["item"] == "ogrs_group"]["p_holm"].iloc[:4] < 1e-6).all()


def test_holm_counts_each_test_once(bias) -> None:
    of = bias[bias["source"] == "reoffending"]
    tests = of.drop_duplicates(["item", "test", "p_value"])
    n_tests = int(tests["p_value"].notna().sum())
    smallest = of.loc[of["p_value"].idxmin()]
    assert smallest["p_holm"] == pytest.approx(smallest["p_value"] * n_tests)


def test_the_model_finds_what_matching_depends_on(fitted) -> None:
    tables = match_model_tables(fitted)
    terms = tables["match_model_terms"].query("source == 'reoffending'").set_index("term")
    assert terms["lr_p"].idxmin() == "ogrs_group"
    ratios = tables["match_model_coefficients"].query("source == 'reoffending'").set_index("coefficient")
    for level in ("medium", "high", "very_high"):
        share, low = SHARE_MATCHED[level], SHARE_MATCHED["low"]
        odds = share / (1 - share) / (low / (1 - low))
        row = ratios.loc[f"ogrs_group={level}"]
        assert row["ci_low"] / 1.3 < odds < row["ci_high"] * 1.3


def test_every_eligible_case_has_a_probability_and_they_add_up_to_the_matched(fitted) -> None:
    for model in fitted:
        assert np.isfinite(model.fit.fitted).all()
        assert model.fit.fitted.sum() == pytest.approx(model.matched.sum(), rel=1e-9)


def test_the_c_statistic_counts_pairs(fitted) -> None:
    model = reoffending(fitted)
    matched, unmatched = model.fit.fitted[model.matched], model.fit.fitted[~model.matched]
    gap = matched[:, None] - unmatched[None, :]
    found = match_model_tables(fitted)["match_models"].set_index("source").loc["reoffending", "c_statistic"]
    assert found == pytest.approx(((gap > 0) + 0.5 * (gap == 0)).mean(), abs=1e-12)


def test_few_missing_cases_join_the_largest_category_and_many_stand_alone(linked) -> None:
    few, many = linked["gender"].copy(), linked["ethnicity"].copy()
    few, many = few.fillna("female"), many.fillna("black")
    few.iloc[: LEAST_MISSING - 1] = None
    many.iloc[: 4 * LEAST_MISSING] = None
    changed = linked.assign(gender=few, ethnicity=many)
    coefficients = reoffending(fit_match_models(changed)).design.coefficients
    assert "gender=missing" not in coefficients
    assert "ethnicity=missing" in coefficients


def test_weights_are_the_share_matched_over_the_probability(fitted) -> None:
    model = reoffending(fitted)
    weights = linkage_weights(model, Truncation(0, 100))
    expected = model.matched.mean() / model.fit.fitted[model.matched]
    np.testing.assert_allclose(weights.untruncated, expected, rtol=1e-14)
    np.testing.assert_array_equal(weights.truncated, weights.untruncated)
    assert weights.untruncated.mean() == pytest.approx(1, abs=0.03)


def test_truncation_holds_weights_between_its_percentiles(fitted) -> None:
    weights = linkage_weights(reoffending(fitted), Truncation(5, 90))
    low, high = np.quantile(weights.untruncated, [0.05, 0.9])
    assert weights.truncated.min() == low
    assert weights.truncated.max() == high
    inside = weights.untruncated.between(low, high)
    assert (weights.truncated[inside] == weights.untruncated[inside]).all()
    row = weight_summary([weights]).set_index("version").loc["truncated"]
    assert row["n_raised"] == (weights.untruncated < low).sum()
    assert row["n_lowered"] == (weights.untruncated > high).sum()
    assert row["truncated"] == pytest.approx(100 * (~inside).mean())


@pytest.mark.parametrize("percentiles", [(99, 1), (-1, 99), (1, 101), (50, 50)], ids=str)
def test_percentiles_that_are_none_are_refused(percentiles, fitted) -> None:
    with pytest.raises(ValueError, match="percentiles"):
        linkage_weights(reoffending(fitted), Truncation(*percentiles))


def test_the_effective_sample_size_is_kishs() -> None:
    assert effective_n(np.array([2.0, 2, 2, 2])) == pytest.approx(4)
    assert effective_n(np.array([1.0, 1, 4])) == pytest.approx(36 / 18)
    values = np.array([1.0, 1, 4])
    assert effective_n(values) == pytest.approx(3 / (1 + (values.std() / values.mean()) ** 2))


def test_weights_bring_the_matched_back_to_the_eligible(fitted, linked) -> None:
    weights = [linkage_weights(model) for model in fitted]
    table = balance(linked, weights, MATCHED_COLUMNS)
    of = table[(table["source"] == "reoffending") & (table["item"] == "ogrs_group")]
    assert of["item_difference_matched"].iloc[0] > 0.2
    assert of["item_difference_weighted"].iloc[0] < of["item_difference_matched"].iloc[0] / 4
    shares = 100 * linked["ogrs_group"].value_counts(normalize=True, dropna=False)
    assert of.set_index("category")["value_eligible"]["high"] == pytest.approx(shares["high"])
    assert of["value_weighted"].sum() == pytest.approx(100)
    high = linked.loc[weights[1].truncated.index, "ogrs_group"] == "high"
    share = 100 * weights[1].truncated[high.fillna(False)].sum() / weights[1].truncated.sum()
    assert of.set_index("category")["value_weighted"]["high"] == pytest.approx(share)


def test_a_kind_of_case_that_is_always_or_never_matched_makes_no_weight_large(linked) -> None:
    always, never = linked["ethnicity"] == "other", linked["ethnicity"] == "mixed"
    matched = (linked["reoffending_matched"] | always.fillna(False)) & ~never.fillna(False)
    model = reoffending(fit_match_models(linked.assign(reoffending_matched=matched.astype("boolean"))))
    weights = linkage_weights(model, Truncation(0, 100))
    assert weights.n_never_matched == int(never.sum())
    others = weights.untruncated[always[always.fillna(False)].index].to_numpy()
    np.testing.assert_allclose(others, matched.mean(), rtol=1e-9)
    assert weights.untruncated.max() < 20
    coefficients = match_model_tables([model])["match_model_coefficients"].set_index("coefficient")
    for level in ("other", "mixed"):
        assert coefficients.loc[f"ethnicity={level}", "not_estimable_because"] == "infinite"
        assert pd.isna(coefficients.loc[f"ethnicity={level}", "exp_estimate"])


@pytest.mark.parametrize(("outcome", "scale"), [("reoffended", 100), ("reoffences", 1)])
def test_weighting_returns_the_population_where_linkage_missed_the_high_risk(
    outcome, scale, population, tables
) -> None:
    truth, linked = population
    whole, found = (cases.loc[cases["reoffended"] == 1] if scale == 1 else cases for cases in (truth, linked))
    row = tables["annex_b_weighted"].set_index(["item", "outcome"]).loc[("all_cases", outcome)]
    expected = scale * whole[outcome].astype(float).mean()
    error = scale * found[outcome].astype(float).std() / np.sqrt(row["effective_n"])
    assert abs(row["value_weighted"] - expected) < 2 * error
    if outcome == "reoffended":
        assert abs(row["value"] - expected) > 5 * error


def test_the_summary_repeats_what_the_tables_say(tables) -> None:
    told = tables["match_bias_summary"]
    ratios = tables["model_coefficients_weighted"]
    for row in told[told["measure"] == "largest_ratio_change"].itertuples():
        of = ratios[(ratios["model_id"] == row.subject) & (ratios["block"] == "judgements")]
        changes = 100 * (of["exp_estimate"] / of["published_exp_estimate"] - 1)
        assert abs(row.value) == pytest.approx(changes.abs().max())
        assert row.value == pytest.approx(100 * (row.after / row.before - 1))
    changed = tables["model_terms_weighted"].groupby("model_id")["changes"].sum()
    counted = told[told["measure"] == "terms_changing_significance"].set_index("subject")["value"]
    assert counted.to_dict() == changed.astype(float).to_dict()
    cells = tables["annex_b_weighted"]
    for row in told[told["measure"] == "largest_cell_change"].itertuples():
        of = cells[cells["outcome"] == row.subject]
        assert abs(row.value) == pytest.approx((of["value_weighted"] - of["value"]).abs().max())


@pytest.mark.parametrize("share", [0.0, 1.0], ids=["nobody matched", "everybody matched"])
def test_a_matching_without_a_contrast_has_every_row_and_weights_of_one(share) -> None:
    cases = with_needs(example_cases(900, seed=2))
    matched = pd.array([share == 1.0] * len(cases), dtype="boolean")
    cases = cases.assign(reoffending_matched=matched)
    if not share:
        cases = cases.assign(reoffended=cases["reoffended"].mask(~matched), reoffences=pd.NA)
        cases["reoffences"] = cases["reoffences"].astype("Int64")
    else:
        cases = cases.assign(reoffended=cases["reoffended"].fillna(0), reoffences=cases["reoffences"].fillna(0))
    tables = all_tables(cases)
    model = tables["match_models"].set_index("source").loc["reoffending"]
    assert model["failure"] == "every case has the same outcome"
    weights = tables["linkage_weights"].query("source == 'reoffending'")
    assert (weights["n"] == (900 if share else 0)).all()
    assert (weights["max"].dropna() == 1).all()
    ratios = tables["model_coefficients_weighted"]
    if share:
        known = ratios[ratios["model_id"].str.startswith("reoffended")].dropna(subset="exp_estimate")
        np.testing.assert_allclose(known["exp_estimate"], known["published_exp_estimate"], rtol=1e-8)


def test_an_extract_without_a_community_case_has_no_terminations_to_compare() -> None:
    cases = with_needs(example_cases(900, seed=2))
    nothing = {"termination_matched": pd.NA, "termination_reason": None, "termination_outcome": None}
    cases = cases.assign(case_type="post_release", **nothing).astype(
        {"case_type": "str", "termination_matched": "boolean", "termination_outcome": "str"}
    )
    tables = all_tables(cases)
    assert tables["match_models"].set_index("source").loc["terminations", "n"] == 0
    assert tables["linkage_weights"].query("source == 'terminations'")["n"].eq(0).all()
    assert tables["match_bias"].query("source == 'terminations'")["p_value"].isna().all()
