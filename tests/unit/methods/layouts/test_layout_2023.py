"""The layout of Annex B is the published one."""

import pandas as pd
import pytest

from orchestration.methods.layouts import layout_2023
from orchestration.methods.layouts.specification import BULLETIN_MODELS, Term
from orchestration.settings import PUBLISHED_FIGURES_DIR


def test_rows_are_the_published_ones_in_their_order() -> None:
    published = pd.read_csv(PUBLISHED_FIGURES_DIR / "annex_b.csv", dtype=str)
    ours = [(item.table_id, item.item, category.code, outcome.code) for item, category, outcome in layout_2023.rows()]
    keys = published[["table_id", "item", "category", "outcome"]]
    assert ours == list(keys.itertuples(index=False, name=None))
    assert len(ours) == 168


def test_units_are_the_published_ones() -> None:
    published = pd.read_csv(PUBLISHED_FIGURES_DIR / "annex_b.csv").groupby("outcome")["unit"].unique()
    assert {code: list(units) for code, units in published.items()} == {
        outcome.code: [outcome.unit] for outcome in layout_2023.OUTCOMES
    }


def test_one_row_has_no_cell() -> None:
    assert sum(layout_2023.is_outside_the_table(*row) for row in layout_2023.rows()) == 1


@pytest.mark.parametrize("model", BULLETIN_MODELS, ids=lambda model: model.model_id)
def test_models_hold_the_terms_the_bulletin_names(model) -> None:
    names = [term.name for term in model.terms]
    assert names[:6] == ["age", "previous_sanctions", "ogrs_score", "gender", "ethnicity", "rosh_group"]
    assert ("case_type" in names) == (model.outcome != "termination_positive")
    is_prompts = model.model_id.endswith("prompts")
    assert len(model.judgements) == (10 if is_prompts else 2)
    assert ("engagement" in names) != is_prompts
    assert all(term.reference == "no" for term in model.judgements)


def test_interval_terms_have_one_coefficient_and_categories_one_a_contrast() -> None:
    assert Term("age", "Age").coefficients == ("age",)
    assert Term("gender", "Gender", ("male", "female"), "male").coefficients == ("gender=female",)
