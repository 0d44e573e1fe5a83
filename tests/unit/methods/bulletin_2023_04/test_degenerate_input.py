"""Whatever the cases are like, every row is there and says why it has no number; nothing crashes."""

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.bulletin_2023_04.annex_b import annex_b
from orchestration.methods.bulletin_2023_04.headlines import headlines
from orchestration.methods.bulletin_2023_04.match_rates import match_rates
from orchestration.methods.bulletin_2023_04.models import fit_bulletin_models


def no_terminations(cases: pd.DataFrame) -> pd.DataFrame:
    nothing = pd.Series([None] * len(cases), dtype="str")
    unmatched = cases["termination_matched"].where(cases["termination_matched"].isna(), False)
    return cases.assign(termination_matched=unmatched, termination_outcome=nothing, termination_reason=nothing)


DEGENERATE = {
    "no case": lambda cases: cases.iloc[:0],
    "one case": lambda cases: cases.iloc[:1],
    "fewer cases than coefficients": lambda cases: cases.iloc[:25],
    "few cases": lambda cases: cases.iloc[:90],
    "everybody reoffended": lambda cases: cases.assign(reoffended=cases["reoffended"].where(cases["reoffended"] == 1)),
    "nobody reoffended": lambda cases: cases.assign(reoffended=cases["reoffended"].where(cases["reoffended"] == 0)),
    "one reoffence each": lambda cases: cases.assign(reoffences=cases["reoffended"]),
    "no termination matched": no_terminations,
    "all completed": lambda cases: cases.assign(
        termination_outcome=cases["termination_outcome"].where(cases["termination_outcome"] == "positive")
    ),
    "one gender only": lambda cases: cases.assign(gender="male"),
    "gender always missing": lambda cases: cases.assign(gender=pd.Series([None] * len(cases), dtype="str")),
    "everybody of one age": lambda cases: cases.assign(age=pd.array([40] * len(cases), dtype="Int64")),
    "codes outside the layout": lambda cases: cases.assign(ethnicity="not known"),
}


@pytest.mark.parametrize("change", DEGENERATE.values(), ids=DEGENERATE)
def test_every_row_is_there_and_numbers_are_where_the_flags_say(change, cases, models) -> None:
    changed = change(cases)
    tables = fit_bulletin_models(changed)
    published = tables.models["is_published"]
    assert set(tables.models.loc[published, "model_id"]) == set(
        models.models.loc[models.models["is_published"], "model_id"]
    )
    assert len(tables.model_terms) == len(models.model_terms)
    terms, coefficients = tables.model_terms, tables.model_coefficients
    assert (terms["wald_p"].notna() == terms["estimable"]).all()
    assert terms.loc[terms["estimable"], "lr_p"].notna().all()
    assert (coefficients["estimate"].notna() == coefficients["estimable"]).all()
    noted = set(tables.model_notes["model_id"])
    assert set(terms.loc[~terms["estimable"], "model_id"]) <= noted
    estimates = coefficients.loc[coefficients["estimable"] & (coefficients["coefficient"] != "alpha")]
    assert (estimates["std_error"] < 100).all()
    cells = annex_b(changed, tables.model_terms)
    rates = match_rates(changed)
    assert len(cells) == 168
    assert cells["significant"].isna().equals(cells["p_value"].isna())
    assert (cells["value"].isna() == cells["n"].fillna(0).eq(0)).all()
    assert (rates["rate"].isna() == rates["eligible"].eq(0)).all()
    assert headlines(changed, cells, rates)["id"].is_unique


def test_results_do_not_depend_on_the_order_of_cases(cases, models) -> None:
    shuffled = cases.sample(frac=1, random_state=3)
    again = fit_bulletin_models(shuffled)
    for name in ("model_terms", "model_coefficients", "model_levels", "model_exclusions"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(models, name), rtol=1e-7, atol=1e-9)
    pd.testing.assert_frame_equal(annex_b(shuffled, models.model_terms), annex_b(cases, models.model_terms))
    pd.testing.assert_frame_equal(match_rates(shuffled), match_rates(cases))


def test_results_are_the_same_to_the_last_bit_when_run_again(cases, models) -> None:
    again = fit_bulletin_models(cases)
    for name in ("models", "model_terms", "model_coefficients", "overdispersion_tests"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(models, name), check_exact=True)


def test_cases_are_left_as_they_were(cases) -> None:
    before = cases.copy(deep=True)
    tables = fit_bulletin_models(cases)
    headlines(cases, annex_b(cases, tables.model_terms), match_rates(cases))
    pd.testing.assert_frame_equal(cases, before)


def test_lost_cases_add_up(models) -> None:
    lost = models.model_exclusions.groupby("model_id")["n_lost"].sum()
    sizes = models.models.drop_duplicates("model_id").set_index("model_id")
    np.testing.assert_array_equal((sizes["n_with_outcome"] - sizes["n"])[lost.index], lost)
    assert (models.model_exclusions["n_lost"] <= models.model_exclusions["n_missing"]).all()
