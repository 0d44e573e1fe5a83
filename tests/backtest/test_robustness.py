"""What the text of Bulletin 2023/04 says and no table of it holds, tested on a whole run of the shipped extracts.

The numbers are of R: anova of the nested models, clubSandwich's CR2, p.adjust.
"""

import pandas as pd
import pytest

from tests.backtest.test_published_cells import results

PROMPTS, KEY = "reoffended__prompts", "reoffended__key_questions"


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


def test_errors_by_provider_are_clubsandwichs(finished_run):
    found = results(finished_run, "clustered_errors").set_index(["model_id", "coefficient"])
    row = found.loc[(KEY, "engagement=yes")]
    assert row["n_clusters"] == 28
    assert row["published_std_error"] == pytest.approx(0.1157, abs=5e-5)
    assert row["std_error"] == pytest.approx(0.1088, abs=5e-5)
    assert row["df"] == pytest.approx(25.84, abs=5e-3)


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
