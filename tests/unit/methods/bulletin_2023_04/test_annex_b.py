"""Annex B's bases, values and significance, on cases small enough to count by hand."""

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.bulletin_2023_04.annex_b import annex_b, outcome_by
from orchestration.methods.layouts import layout_2023

HAND = pd.DataFrame(
    {
        "gender": ["male", "male", "male", "female", "female", None],
        "engagement": ["yes", "no", "yes", "yes", None, "no"],
        "termination_outcome": ["positive", "negative", "excluded", "positive", None, "negative"],
        "reoffended": pd.array([1, 0, 1, None, 1, 0], dtype="Int64"),
        "reoffences": pd.array([3, 0, 2, None, 5, 0], dtype="Int64"),
    }
)


@pytest.mark.parametrize(
    ("outcome", "by", "expected"),
    [
        ("termination_positive", [], [(4, 50.0)]),
        ("termination_positive", ["gender"], [("male", 2, 50.0), ("female", 1, 100.0)]),
        ("reoffended", ["gender"], [("male", 3, 200 / 3), ("female", 1, 100.0)]),
        ("reoffences", ["engagement"], [("yes", 2, 2.5)]),
        ("reoffences", [], [(3, 10 / 3)]),
        ("reoffended", ["gender", "engagement"], [("male", "no", 1, 0.0), ("male", "yes", 2, 100.0)]),
    ],
    ids=[
        "all terminations",
        "excluded terminations leave",
        "missing gender leaves",
        "reoffences among reoffenders only",
        "mean of reoffenders",
        "two columns, both present",
    ],
)
def test_bases_are_those_of_the_contract(outcome: str, by: list[str], expected: list[tuple]) -> None:
    assert list(outcome_by(HAND, by, outcome).itertuples(index=False, name=None)) == expected


def test_an_unknown_outcome_is_an_error() -> None:
    with pytest.raises(KeyError):
        outcome_by(HAND, [], "reoffending")


def test_sub_groups_add_up_to_the_cases_that_have_the_item(cases: pd.DataFrame) -> None:
    for item in layout_2023.CHARACTERISTICS:
        total = outcome_by(cases[cases[item.item].notna()], [], "reoffended")["n"].iloc[0]
        assert outcome_by(cases, [item.item], "reoffended")["n"].sum() == total


def test_every_cell_agrees_with_plain_counting(cases: pd.DataFrame, models) -> None:
    cells = annex_b(cases, models.model_terms).set_index(["item", "category", "outcome"])
    plain = cases.astype(object).where(cases.notna(), None).to_dict("records")
    for item, category, outcome in layout_2023.rows():
        if layout_2023.is_outside_the_table(item, category, outcome):
            continue
        counted = [
            value
            for case in plain
            if item is layout_2023.ALL_CASES or case[item.item] == category.code
            for value in [_value(case, outcome.code)]
            if value is not None
        ]
        cell = cells.loc[(item.item, category.code, outcome.code)]
        assert cell["n"] == len(counted)
        if counted:
            scale = 100 if outcome.unit == "percent" else 1
            assert cell["value"] == pytest.approx(scale * sum(counted) / len(counted), rel=1e-12)
            assert abs(cell["value_published"] - cell["value"]) <= 0.5 * 10.0**-outcome.decimals + 1e-9


def _value(case: dict, outcome: str) -> int | None:
    if outcome == "termination_positive":
        return {"positive": 1, "negative": 0}.get(case["termination_outcome"])
    if outcome == "reoffences":
        return case["reoffences"] if case["reoffended"] == 1 else None
    return case["reoffended"]


@pytest.mark.parametrize(
    ("item", "outcome", "model", "term"),
    [
        ("age_group", "termination_positive", "termination__prompts", "age"),
        ("previous_sanctions_group", "reoffences", "reoffences__prompts", "previous_sanctions"),
        ("ogrs_group", "reoffended", "reoffended__prompts", "ogrs_score"),
        ("case_type", "reoffended", "reoffended__prompts", "case_type"),
        ("engagement", "reoffences", "reoffences__key_questions", "engagement"),
        ("desistance", "termination_positive", "termination__key_questions", "desistance"),
        ("contact_sufficient", "reoffended", "reoffended__prompts", "contact_sufficient"),
    ],
)
def test_p_values_come_from_the_model_the_notes_name(item, outcome, model, term, cases, models) -> None:
    cells = annex_b(cases, models.model_terms)
    cells = cells[(cells["item"] == item) & (cells["outcome"] == outcome) & cells["n"].notna()]
    terms = models.model_terms.set_index(["model_id", "term"])
    assert (cells["p_value"] == terms.loc[(model, term), "wald_p"]).all()
    assert (cells["significant"] == (cells["p_value"] < 0.05)).all()


def test_nothing_is_tested_for_all_cases_and_for_terms_outside_the_model(cases, models) -> None:
    cells = annex_b(cases, models.model_terms)
    untested = cells[cells["p_value"].isna()]
    expected = {("all_cases", outcome.code) for outcome in layout_2023.OUTCOMES} | {
        ("case_type", "termination_positive")
    }
    assert set(zip(untested["item"], untested["outcome"], strict=True)) == expected
    assert untested["significant"].isna().all()


def test_the_row_without_a_cell_exists_and_is_empty(cases, models) -> None:
    cells = annex_b(cases, models.model_terms).set_index(["item", "category", "outcome"])
    assert cells.loc[("case_type", "post_release", "termination_positive")].drop("table_id").isna().all()


def test_the_significance_level_moves_the_shading_only(cases, models) -> None:
    strict = annex_b(cases, models.model_terms, 0.0001)
    usual = annex_b(cases, models.model_terms, 0.05)
    assert strict["significant"].sum() < usual["significant"].sum()
    pd.testing.assert_frame_equal(strict.drop(columns="significant"), usual.drop(columns="significant"))


def test_a_term_that_is_not_estimable_has_no_p_value(cases, models) -> None:
    terms = models.model_terms.copy()
    row = (terms["model_id"] == "reoffended__prompts") & (terms["term"] == "gender")
    terms.loc[row, ["wald_p", "lr_p"]] = np.nan
    cells = annex_b(cases, terms)
    rows = cells[(cells["item"] == "gender") & (cells["outcome"] == "reoffended")]
    assert rows["p_value"].isna().all()
    assert rows["significant"].isna().all()
    assert rows["value"].notna().all()
