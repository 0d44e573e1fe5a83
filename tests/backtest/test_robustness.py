"""The checks of the findings on a whole run of the shipped extracts, against R.

Every table that R can make: `reference/robustness.R` (stats, MASS, clubSandwich, survival, lme4), run once and kept
with the versions. What the text of Bulletin 2023/04 says and no table of it holds is written out below.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.backtest.test_published_cells import results

BY_R = pd.read_csv(Path(__file__).parent / "reference" / "robustness.csv", dtype={"name": "str"}, keep_default_na=False)
BY_MICE = pd.read_csv(Path(__file__).parent / "reference" / "imputation.csv")
N_DRAWN_BY_MICE = 20
# What a row of a table is called in R's results: its columns for `model` and for `name`, put together.
ROWS = {
    "marginal_effects": (["model_id"], "coefficient"),
    "clustered_errors": (["model_id"], "coefficient"),
    "spline_tests": (["model_id"], ""),
    "likelihood_interactions": (["model_id"], "term"),
    "good_delivery": (["model_id"], "coefficient"),
    "strength_contrasts": (["model_id"], ""),
    "calibration": (["model_id"], ""),
    "provider_intercepts": (["model_id"], "coefficient"),
    "multiplicity": (["model_id"], "term"),
    "reoffence_hazards": (["period", "model_id"], "coefficient"),
    "reoffence_curves": (["judgement", "answer"], "day"),
}
CLOSE = {"provider_intercepts": 1e-3}  # lme4's optimum is that much looser; all others agree to 2 in a million

PROMPTS, KEY = "reoffended__prompts", "reoffended__key_questions"


@pytest.mark.parametrize("table", ROWS)
def test_a_table_is_the_one_that_r_makes(finished_run, table):
    models, name = ROWS[table]
    ours = results(finished_run, table)
    ours["model"] = ours[models].astype("str").agg(" ".join, axis=1)
    ours["name"] = ours[name].astype("str") if name else ""
    theirs = BY_R[BY_R["table"] == table].pivot(index=["model", "name"], columns="quantity", values="value")
    found = ours.set_index(["model", "name"]).loc[theirs.index, theirs.columns].astype(float)
    pd.testing.assert_frame_equal(found, theirs, rtol=CLOSE.get(table, 2e-6), atol=1e-8, check_names=False)
    assert len(theirs) > 0


def test_imputed_estimates_are_those_of_mice_but_for_what_drawing_leaves_to_chance(finished_run):
    """Two programs that draw what is missing agree as far as the variance between draws lets them."""
    key = ["model_id", "coefficient"]
    ours, theirs = results(finished_run, "imputed_estimates").set_index(key), BY_MICE.set_index(key)
    ours = ours.loc[theirs.index]
    assert (ours["n"] == theirs["n"]).all()
    by_chance = np.sqrt(theirs["between"] * (1 / ours["n_drawn"] + 1 / N_DRAWN_BY_MICE))
    apart = (ours["estimate"] - theirs["estimate"]) / by_chance
    assert apart.abs().max() < 3.5
    assert np.sqrt((apart**2).mean()) < 1.5
    assert (ours["std_error"] / theirs["std_error"]).between(0.95, 1.05).all()


@pytest.fixture(scope="module")
def interactions(finished_run) -> pd.Series:
    found = results(finished_run, "likelihood_interactions")
    return found.set_index(["model_id", "term"])["lr_p"]


def test_of_the_differences_across_levels_of_likelihood_only_engagement_on_completion_is_one(interactions):
    engagement = ("termination__key_questions", "engagement")
    assert interactions[engagement] == pytest.approx(0.006, abs=5e-4)
    assert interactions.drop(engagement).min() > 0.2


def test_strengths_built_upon_halve_the_odds_against_none_present(finished_run):
    found = results(finished_run, "strength_contrasts").set_index("model_id")
    assert found.loc[PROMPTS, "exp_estimate"] == pytest.approx(0.55, abs=5e-3)


@pytest.mark.parametrize(
    ("outcome", "gap"),
    [("termination_positive", (24.1, 18.3, 29.8)), ("reoffended", (-14.4, -19.2, -9.5))],
)
def test_the_combined_gaps_have_their_intervals(finished_run, outcome, gap):
    found = results(finished_run, "judgement_gaps").set_index(["outcome", "contrast", "likelihood"])
    row = found.loc[(outcome, "both", "all"), ["gap", "ci_low", "ci_high"]].astype(float)
    assert row.round(1).tolist() == list(gap)


@pytest.mark.parametrize(
    ("model_id", "e_value", "bound"), [(KEY, 1.88, 1.55), ("termination__key_questions", 1.96, 1.50)]
)
def test_engagement_has_its_e_values(finished_run, model_id, e_value, bound):
    found = results(finished_run, "e_values").set_index(["model_id", "coefficient"])
    row = found.loc[(model_id, "engagement=yes"), ["e_value", "e_value_bound"]].astype(float)
    assert row.round(2).tolist() == [e_value, bound]


def test_of_36_terms_19_are_told_and_fewer_with_allowance(finished_run):
    found = results(finished_run, "multiplicity")
    flags = ["is_significant", "is_significant_bh", "is_significant_holm"]
    assert (len(found), *found[flags].sum()) == (36, 19, 17, 15)


def test_nine_verdicts_of_2020_differ_from_those_of_the_full_model(finished_run):
    found = results(finished_run, "subgroup_differences")
    forced = found["forced_lr_p"] < 0.05
    assert found["forced_lr_p"].notna().all()
    assert (forced != found["is_retained"]).sum() == 9
