"""The stepwise models of Bulletin 2020/03 as tables: cases, verdicts, the last model and the forced one."""

from functools import cache

import pandas as pd
import pytest

from orchestration.methods.bulletin_2020_03.models import (
    CANDIDATES,
    StepwiseTables,
    design_of_measure,
    fit_stepwise_models,
)
from orchestration.methods.layouts.layout_2020 import GROUPS, MEASURE_BY_CODE, MODELLED
from orchestration.methods.statistics.stepwise import REMOVAL_TESTS
from tests.made_up.needs import example_needs

CODES = ("need_lifestyle", "strength_family", "strengths_built_upon", "delivery_thinking", "building_motivation")
ITEMS = [group.item for group in GROUPS]


@cache
def tables() -> StepwiseTables:
    return fit_stepwise_models(example_needs(), measures=tuple(MEASURE_BY_CODE[code] for code in CODES))


def test_there_is_a_model_for_each_of_the_32_measures_that_are_no_means() -> None:
    counts = pd.Series([measure.table_id for measure in MODELLED]).value_counts().to_dict()
    assert counts == {"C1": 8, "C2": 5, "C3": 3, "C4": 3, "C5": 8, "C6": 5}


def test_the_first_published_level_is_the_reference() -> None:
    references = {term.name: term.reference for term in CANDIDATES}
    assert references == {
        "provider_type": "crc",
        "gender": "male",
        "age_group": "18-20",
        "ethnicity": "white",
        "case_type": "community",
        "ogrs_group": "low",
        "rosh_group": "low",
    }


@pytest.mark.parametrize("code", CODES)
def test_a_model_rests_on_the_cases_complete_in_all_seven_candidates(code: str) -> None:
    cases = example_needs()
    complete = cases[[group.column for group in GROUPS]].notna().all(axis=1)
    kind, _, name = code.partition("_")
    if kind in ("delivery", "building"):
        complete &= cases[f"{'need' if kind == 'delivery' else 'strength'}_{name}"].eq("yes")
    if not code.startswith(("need_", "strength_")):
        complete &= cases[code].isin(["yes", "no"])
    assert design_of_measure(cases, MEASURE_BY_CODE[code]).n == complete.sum()
    models = tables().models.models
    n = models.loc[models["model_id"].isin([f"stepwise__{code}", f"stepwise__{code}__forced"]), "n"]
    assert list(n) == [complete.sum()] * 2


@pytest.mark.parametrize("removal", REMOVAL_TESTS)
@pytest.mark.parametrize("code", CODES)
def test_a_verdict_can_be_read_off_the_steps(code: str, removal: str) -> None:
    terms, steps = (
        table[(table["outcome"] == code) & (table["removal_test"] == removal)]
        for table in (tables().stepwise_terms, tables().stepwise_steps)
    )
    retained: list[str] = []
    for step in steps.to_dict("records"):
        if step["action"] == "entered":
            retained.append(step["term"])
        if step["action"] == "removed":
            retained.remove(step["term"])
    assert sorted(terms["term"]) == sorted(ITEMS)
    for row in terms.to_dict("records"):
        assert row["is_retained"] == (row["term"] in retained)
        kind = "removal" if row["is_retained"] else "entry"
        last = steps[(steps["term"] == row["term"]) & (steps["kind"] == kind)].iloc[-1]
        assert row["p_value"] == last["p_value"]


@pytest.mark.parametrize("code", CODES)
def test_the_last_model_holds_the_retained_terms_and_the_forced_one_all(code: str) -> None:
    found = tables()
    terms = found.stepwise_terms
    is_retained = (terms["outcome"] == code) & (terms["removal_test"] == "likelihood_ratio") & terms["is_retained"]
    fitted = found.models.model_terms
    last, forced = fitted[fitted["model_id"] == f"stepwise__{code}"], fitted[fitted["model_id"].str.endswith("forced")]
    assert sorted(last["term"]) == sorted(terms.loc[is_retained, "term"])
    assert list(forced.loc[forced["model_id"] == f"stepwise__{code}__forced", "term"]) == ITEMS
    # a retained term's removal test is its likelihood ratio in the last model
    removal = terms[is_retained].set_index("term")["p_value"].sort_index()
    pd.testing.assert_series_equal(
        last.set_index("term")["lr_p"].sort_index(), removal, check_names=False, rtol=1e-6, check_dtype=False
    )


def test_some_term_is_retained_and_some_is_not() -> None:
    verdicts = tables().stepwise_terms["is_retained"]
    assert verdicts.any()
    assert not verdicts.all()


def test_where_everybody_has_the_need_no_term_has_a_verdict() -> None:
    cases = example_needs().assign(need_ete="yes")
    found = fit_stepwise_models(cases, measures=[MEASURE_BY_CODE["need_ete"]])
    assert found.stepwise_terms["is_retained"].isna().all()
    assert found.stepwise_terms["p_value"].isna().all()
    assert set(found.models.models["converged"]) == {False}
