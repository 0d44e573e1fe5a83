"""Whom a number counts: every group counted again among the cases themselves, condition by condition."""

import pandas as pd
import pytest

from orchestration.disclosure.bounds import true_values
from orchestration.disclosure.groups import ANSWERED, MEASURED_BY
from orchestration.disclosure.protection import claims_of
from orchestration.disclosure.relations import sums
from orchestration.releases.figures_told import FIGURES_TOLD
from tests.made_up.populations import counted, population
from tests.made_up.small_models import typed

_BANDS = {
    "low_medium": ("low", "medium"),
    "high_very_high": ("high", "very_high", "high_very_high"),
}
_NUMBERS = {"needs": "need_", "strengths": "strength_"}


@pytest.fixture(scope="module")
def cases() -> pd.DataFrame:
    return population(seed=4)


@pytest.fixture(scope="module")
def claims(cases):
    return tuple(claims_of(counted(cases), FIGURES_TOLD))


def holds(cases: pd.DataFrame, asked: str, answer: str) -> pd.Series:
    """Whether a condition is true of each case, read from the columns of marts.cases."""
    if asked == "termination":
        matched, outcome = cases["termination_matched"].fillna(False).astype(bool), cases["termination_outcome"]
        return {
            "matched": matched,
            "positive or negative": outcome.isin(["positive", "negative"]),
            "positive": outcome == "positive",
        }.get(answer, matched & (cases["termination_reason"] == answer))
    if asked == "reoffending":
        reoffences = cases["reoffences"].fillna(0)
        if answer in ("matched", "reoffended", "3 or fewer", "10+ reoffences"):
            return {
                "matched": cases["reoffending_matched"].fillna(False).astype(bool),
                "reoffended": (cases["reoffended"] == 1).fillna(False),
                "3 or fewer": reoffences.between(1, 3),
                "10+ reoffences": reoffences >= 10,
            }[answer]
        return reoffences == int(answer.removesuffix(" reoffences"))
    if asked.startswith("reoffence of "):
        return cases["offence_groups"].fillna("").str.split().map(lambda names: asked.split()[-1] in names)
    if asked.startswith(MEASURED_BY):
        return cases[f"reoffences_{asked.removeprefix(MEASURED_BY)}"] > 0
    if asked.startswith("number_of_"):
        prefix = _NUMBERS[asked.removeprefix("number_of_")]
        number = (cases[[name for name in cases if name.startswith(prefix)]] == "yes").sum(axis=1)
        return number >= int(answer[:-1]) if answer.endswith("+") else number == int(answer)
    if answer == ANSWERED:
        return cases[asked].notna() if asked == "ogrs_group" else cases[asked].isin(["yes", "no"])
    return cases[asked].isin(_BANDS.get(answer, (answer,)))


def test_every_claim_counts_the_people_it_names(cases, claims):
    for quantity, value in true_values(claims).items():
        people = pd.Series(True, index=cases.index)
        for asked, answer in quantity.group:
            people &= holds(cases, asked, answer).fillna(False).astype(bool)
        if quantity.of == "people":
            assert int(people.sum()) == value, quantity
        elif quantity.of.startswith("reoffences"):
            summed = quantity.of.replace(", ", "_")
            assert float(cases.loc[people, summed].sum()) == pytest.approx(value), quantity


def test_numbers_of_the_same_people_agree_wherever_they_stand(claims):
    values = true_values(claims)
    for claim in claims:
        if claim.weights and claim.is_exact:
            told = sum(values[quantity] * weight for quantity, weight in claim.weights.items())
            assert told == pytest.approx(claim.value, abs=1e-6), claim.place


def test_a_release_that_is_out_can_be_read_where_the_lowest_group_is_not_named():
    """Its test may be kept back, and its name with it, where its percentage is told."""
    annex = typed("annex_c", [{"outcome": "need_drugs", "item": "gender", "category": "male", "n": 100, "value": 40.0}])
    row = {"outcome": "need_drugs", "item": "gender", "lowest_value": 40.0, "highest_value": 50.0}
    differences = typed("subgroup_differences", [row])
    out = claims_of({"annex_c": annex, "subgroup_differences": differences}, FIGURES_TOLD)
    assert {claim.table for claim in out} == {"annex_c"}


def test_every_sum_holds(claims):
    values = true_values(claims)
    added = sums(values)
    assert {each.rest for each in added} == {"answer", "missing", "nobody"}
    for each in added:
        rest = values[each.whole] - sum(values[part] * times for part, times in each.parts)
        assert rest == pytest.approx(0, abs=1e-6) if each.rest == "nobody" else rest >= -1e-6, each
