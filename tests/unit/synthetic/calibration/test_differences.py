"""The shipped profile finds the differences in delivery that Bulletin 2020/03 (2.3.1) calls significant."""

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.bulletin_2020_03.models import StepwiseTables, fit_stepwise_models
from orchestration.methods.layouts.layout_2020 import MEASURE_BY_CODE
from orchestration.synthetic.calibration.delivery import PAIRS, draw_delivery
from orchestration.synthetic.calibration.differences import LEANS, findings, lean, model_frame, wrong_differences
from orchestration.synthetic.calibration.draw import InfeasibleDrawError
from orchestration.synthetic.profile import read_profile

DELIVERY = [column for _, column in PAIRS if column.startswith("delivery_")]
BUILDING = [column for _, column in PAIRS if column.startswith("building_")]
JUDGEMENTS = ["assessment_needs", "planning_needs", "services_reduce_reoffending"]
JUDGEMENTS += ["assessment_strengths", "planning_strengths", "strengths_built_upon"]
PREVALENCE = ["need_alcohol", "need_drugs", "need_ete"]


@pytest.fixture(scope="module")
def profile() -> pd.DataFrame:
    return read_profile()


@pytest.fixture(scope="module")
def tables(profile: pd.DataFrame) -> StepwiseTables:
    columns = DELIVERY + BUILDING + JUDGEMENTS + PREVALENCE
    return fit_stepwise_models(model_frame(profile), measures=[MEASURE_BY_CODE[column] for column in columns])


def _with_difference(tables: StepwiseTables, item: str, columns: list[str], removal: str) -> list[str]:
    terms = tables.stepwise_terms
    chosen = terms[(terms["term"] == item) & (terms["removal_test"] == removal) & terms["is_retained"]]
    return [column for column in columns if column in set(chosen["outcome"])]


@pytest.mark.parametrize("removal", ["likelihood_ratio", "conditional", "wald"])
@pytest.mark.parametrize("item", ["provider_type", "ogrs_group"])
def test_provider_and_likelihood_differ_for_six_of_eight_needs_and_four_of_five_strengths(item, removal, tables):
    assert len(_with_difference(tables, item, DELIVERY, removal)) == 6
    assert len(_with_difference(tables, item, BUILDING, removal)) == 4


@pytest.mark.parametrize("removal", ["likelihood_ratio", "conditional", "wald"])
def test_gender_differs_for_family_and_alcohol_alone(removal, tables):
    assert _with_difference(tables, "gender", DELIVERY + BUILDING, removal) == ["delivery_family", "delivery_alcohol"]


@pytest.mark.parametrize("removal", ["likelihood_ratio", "conditional", "wald"])
def test_age_differs_for_alcohol_and_drugs_and_for_employment_where_the_cells_leave_no_choice(removal, tables):
    assert _with_difference(tables, "age_group", DELIVERY + BUILDING, removal) == [
        "delivery_ete",
        "delivery_alcohol",
        "delivery_drugs",
    ]


@pytest.mark.parametrize("column", DELIVERY + BUILDING)
def test_no_finding_of_the_text_hangs_on_the_last_digit(column, tables):
    terms = tables.stepwise_terms
    chosen = terms[(terms["outcome"] == column) & (terms["removal_test"] == "likelihood_ratio")].set_index("term")
    for item, is_significant in findings(column).items():
        p = chosen.loc[item, "p_value"]
        assert p < 0.04 if is_significant else p > 0.06, item


@pytest.mark.parametrize("column", ["delivery_family", "delivery_alcohol"])
def test_women_had_sufficient_services_more_often_with_the_other_terms_held(column, tables):
    assert _estimates(tables, column, "gender")["female"] > 0


@pytest.mark.parametrize("column", ["delivery_drugs", "delivery_alcohol"])
def test_younger_people_had_sufficient_services_less_often_with_the_other_terms_held(column, tables):
    estimates = _estimates(tables, column, "age_group")  # against 18 to 20
    assert estimates["21-24"] < estimates["30-39"] < estimates["40-49"] < estimates["50+"]
    assert estimates["40-49"] > 0


def test_provider_differs_for_all_six_judgements_and_likelihood_for_both_on_delivery(tables):
    assert _with_difference(tables, "provider_type", JUDGEMENTS, "likelihood_ratio") == JUDGEMENTS
    assert {"services_reduce_reoffending", "strengths_built_upon"} <= set(
        _with_difference(tables, "ogrs_group", JUDGEMENTS, "likelihood_ratio")
    )


def test_needs_differ_by_ethnicity_and_age_as_the_text_says(tables):
    assert {"need_alcohol", "need_drugs"} <= set(_with_difference(tables, "ethnicity", PREVALENCE, "likelihood_ratio"))
    for column in ("need_alcohol", "need_drugs"):
        assert min(_estimates(tables, column, "ethnicity").values()) < 0  # against white
    assert {"need_alcohol", "need_ete"} <= set(_with_difference(tables, "age_group", PREVALENCE, "likelihood_ratio"))
    assert (
        _estimates(tables, "need_ete", "age_group")["50+"] < 0 < _estimates(tables, "need_alcohol", "age_group")["50+"]
    )


def _estimates(tables: StepwiseTables, column: str, item: str) -> dict[str, float]:
    """Log odds of the item's levels against its first in a selected model."""
    rows = tables.models.model_coefficients
    rows = rows[(rows["model_id"] == f"stepwise__{column}") & (rows["term"] == item)]
    return rows.set_index("level")["estimate"].to_dict()


def test_answers_that_show_no_difference_by_provider_are_refused(profile):
    inside = profile[profile["need_lifestyle"] == "yes"].reset_index(drop=True)
    assert wrong_differences(inside, "delivery_lifestyle") == []
    shuffled = inside["delivery_lifestyle"].sample(frac=1, random_state=3).to_numpy()
    found = wrong_differences(inside.assign(delivery_lifestyle=pd.Series(shuffled, dtype="str")), "delivery_lifestyle")
    assert any(finding.startswith("provider_type p = ") for finding in found)


def test_a_draw_with_other_findings_ends_in_a_refusal_that_names_them(profile, monkeypatch):
    monkeypatch.setattr(
        "orchestration.synthetic.calibration.delivery.wrong_differences", lambda cases, column: ["gender p = 0.107"]
    )
    with pytest.raises(InfeasibleDrawError, match=r"building_identity: gender p = 0\.107"):
        draw_delivery(
            profile.assign(latent_quality=0.0), "strength_identity", "building_identity", np.random.default_rng(1)
        )


@pytest.mark.parametrize("column", sorted(LEANS))
def test_the_draw_leans_on_no_case_that_the_models_see(column, profile):
    identified = next(need for need, answers in PAIRS if answers == column)
    inside = profile[profile[identified] == "yes"].reset_index(drop=True)
    complete = inside[["gender", "age", "ethnicity", "case_type", "ogrs_score", "rosh_level"]].notna().all(axis=1)
    added = lean(inside, column)
    assert (added[complete] == 0).all()
    assert (added[~complete] != 0).any()


def test_a_finding_the_text_denies_is_heightened_among_the_cases_left_out_and_one_it_states_reversed(profile):
    left_out = profile[profile["ethnicity"].isna()]
    employed = lean(left_out, "building_employment")
    low = (left_out["ogrs_score"] < 50).fillna(False).to_numpy(dtype=bool)  # 75.1% against 71.2% of all
    assert (employed[low] > 0).all()
    family = lean(left_out, "delivery_family")
    assert (family[(left_out["gender"] == "female").to_numpy()] < 0).all()  # 44.9% against 40.0% of all
