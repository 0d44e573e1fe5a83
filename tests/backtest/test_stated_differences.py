"""The differences that the text of Bulletin 2020/03 states, out of a whole run: significant, and in its direction."""

import pandas as pd
import pytest

from tests.backtest.test_published_cells import results

UP, DOWN = 1, -1
# What the text says (section), and (measure, characteristic, direction from the first to the last category).
STATED = {
    "2.2.1 drug misuse rises with likelihood": [("need_drugs", "ogrs_group", UP)],
    "2.2.1 family need rises with risk of harm": [("need_family", "rosh_group", UP)],
    "2.2.1 alcohol and drug misuse differ by ethnic group": [
        ("need_alcohol", "ethnicity", None),
        ("need_drugs", "ethnicity", None),
    ],
    "2.2.1 ETE need falls with age": [("need_ete", "age_group", DOWN)],
    "2.2.1 alcohol misuse rises with age": [("need_alcohol", "age_group", UP)],
    "2.3.1 NPS above CRC for needs": [
        (judgement, "provider_type", UP)
        for judgement in ("assessment_needs", "planning_needs", "services_reduce_reoffending")
    ],
    "2.3.1 NPS above CRC for strengths": [
        (judgement, "provider_type", UP)
        for judgement in ("assessment_strengths", "planning_strengths", "strengths_built_upon")
    ],
    "2.3.1 accommodation and family by provider": [
        ("delivery_accommodation", "provider_type", UP),
        ("building_family", "provider_type", UP),
    ],
    "2.3.1 delivery falls with likelihood": [
        ("services_reduce_reoffending", "ogrs_group", DOWN),
        ("strengths_built_upon", "ogrs_group", DOWN),
        ("delivery_lifestyle", "ogrs_group", DOWN),
    ],
    "2.3.1 drug and alcohol delivery rise with age": [
        ("delivery_drugs", "age_group", UP),
        ("delivery_alcohol", "age_group", UP),
    ],
    "2.3.1 family and alcohol delivery better for women": [
        ("delivery_family", "gender", UP),
        ("delivery_alcohol", "gender", UP),
    ],
}


@pytest.fixture(scope="module")
def differences(finished_run) -> pd.DataFrame:
    return results(finished_run, "subgroup_differences").set_index(["outcome", "item"])


@pytest.mark.parametrize("statement", STATED)
def test_a_stated_difference_is_significant_and_in_its_direction(differences, statement):
    for outcome, item, direction in STATED[statement]:
        found = differences.loc[(outcome, item)]
        assert found["is_retained"], (outcome, item, found["p_value"])
        if direction is not None:
            assert found["last_less_first"] * direction > 0, (outcome, item, found["last_less_first"])


def test_minority_ethnic_groups_have_lower_levels_of_alcohol_and_drug_misuse(differences):
    for outcome in ("need_alcohol", "need_drugs"):
        assert differences.loc[(outcome, "ethnicity"), "highest_category"] == "white"


def test_drug_misuse_with_lifestyle_is_the_strongest_relationship_by_every_measure_of_association(finished_run):
    pairs = results(finished_run, "needs_cooccurrence")
    pair = pairs[(pairs["first"] == "need_lifestyle") & (pairs["second"] == "need_drugs")].iloc[0]
    assert [pair[f"rank_{measure}"] for measure in ("phi", "odds_ratio", "lift")] == [1, 1, 1]


def test_providers_are_rated_as_the_text_says(finished_run):
    rated = results(finished_run, "provider_ratings")
    found = rated[rated["n"] > 0].set_index(["provider_type", "rating"])["n"].to_dict()
    assert found == {
        ("crc", "good"): 12,
        ("crc", "requires_improvement"): 7,
        ("crc", "inadequate"): 2,
        ("nps", "good"): 6,
        ("nps", "requires_improvement"): 1,
    }


def test_delivery_falls_with_likelihood_in_crc_and_in_nps_cases_alike(finished_run):
    stated = results(finished_run, "stated_differences").set_index(["provider_type", "outcome"])
    for provider_type in ("crc", "nps"):
        assert (stated.loc[provider_type, "gap"] < -5).all()
    assert stated.loc[("nps", "services_reduce_reoffending"), "p_value"] > 0.05  # which the text does not say


def test_asian_people_have_most_of_the_strengths_more_often(finished_run):
    stated = results(finished_run, "stated_differences")
    assert (stated[stated["item"] == "ethnicity"]["gap"] > 0).sum() == 4
