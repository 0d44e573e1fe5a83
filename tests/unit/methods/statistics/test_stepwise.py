"""Stepwise selections against R's, and against what can be worked out by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.layouts.outcomes import OUTCOME
from orchestration.methods.layouts.specification import Term
from orchestration.methods.statistics.covariate_patterns import PatternModels, patterns_of
from orchestration.methods.statistics.design_matrix import Design, design_of
from orchestration.methods.statistics.stepwise import (
    REMOVAL,
    REMOVAL_TESTS,
    StepwiseSelection,
    select_among,
    select_terms,
)

REFERENCE = Path(__file__).parent / "reference"
CASES = pd.read_csv(REFERENCE / "stepwise_cases.csv")
TERMS = pd.read_csv(REFERENCE / "stepwise_terms.csv")
STEPS = pd.read_csv(REFERENCE / "stepwise_steps.csv", keep_default_na=False, na_values={"chi2": "", "p": ""})
SETS = tuple(dict.fromkeys(TERMS["set"]))
MOVED = ["step", "kind", "term", "action"]


def _term(name: str, width: int) -> Term:
    return Term(name, name, tuple(str(level + 1) for level in range(width)), "1")


def design_of_set(name: str) -> Design:
    """A reference set's design; its categories are numbered from 1, the reference."""
    rows = CASES[CASES["set"] == name]
    widths = TERMS[TERMS["set"] == name].set_index("term")["levels"]
    terms = tuple(_term(str(name), int(width)) for name, width in widths.items())
    cases = rows.loc[rows.index.repeat(rows["n"])].reset_index(drop=True)
    categories = cases[list(widths.index)].astype(int).astype(str)
    return design_of(categories.assign(**{OUTCOME: cases["y"].astype(float)}), terms)


def history_of(selection: StepwiseSelection) -> pd.DataFrame:
    rows = [(t.step, t.kind, t.term.name, t.action, t.test.chi2, t.test.df, t.test.p) for t in selection.history]
    return pd.DataFrame(rows, columns=[*MOVED, "chi2", "df", "p"])


def moves_of(selection: StepwiseSelection) -> list[tuple[int, str, str]]:
    return [(tested.step, tested.term.name, tested.action) for tested in selection.history if tested.action]


@pytest.mark.parametrize("removal", REMOVAL_TESTS)
@pytest.mark.parametrize("name", SETS)
def test_every_test_of_every_step_is_rs_in_rs_order(name: str, removal: str) -> None:
    ours = history_of(select_terms(design_of_set(name), removal))
    theirs = STEPS[(STEPS["set"] == name) & (STEPS["removal"] == removal)].reset_index(drop=True)
    pd.testing.assert_frame_equal(ours[[*MOVED, "df"]], theirs[[*MOVED, "df"]], check_dtype=False)
    np.testing.assert_allclose(ours["chi2"], theirs["chi2"], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(ours["p"], theirs["p"], rtol=1e-6)


def test_a_term_leaves_when_later_ones_make_it_redundant_and_selection_goes_on() -> None:
    selection = select_terms(design_of_set("a_first_term_made_redundant_by_later_ones"))
    assert moves_of(selection) == [
        (1, "a", "entered"),
        (2, "b", "entered"),
        (3, "c", "entered"),
        (3, "a", "removed"),
        (4, "d", "entered"),
    ]
    assert [term.name for term in selection.retained] == ["b", "c", "d"]


def test_a_removal_that_would_repeat_a_model_is_not_made_and_ends_the_selection() -> None:
    selection = select_terms(design_of_set("an_entry_whose_removal_would_repeat_the_empty_model"))
    assert moves_of(selection) == [(1, "a", "entered"), (1, "a", "kept_at_repeat")]
    assert [term.name for term in selection.retained] == ["a"]
    entry, removal = (tested.test for tested in selection.history if tested.term.name == "a")
    # 1 event in 2 cases against 1 in 18, by hand: Pearson's chi-square is the score test of a single factor
    assert entry.chi2 == pytest.approx(20 * (1 * 17 - 1 * 1) ** 2 / (2 * 18 * 2 * 18))
    at_one_rate = 2 * np.log(2 / 20) + 18 * np.log(18 / 20)
    at_two_rates = 2 * np.log(1 / 2) + np.log(1 / 18) + 17 * np.log(17 / 18)
    assert removal.chi2 == pytest.approx(2 * (at_two_rates - at_one_rate))
    assert selection.verdicts["a"] == removal
    assert entry.p < 0.05 < 0.10 < removal.p


def test_an_entry_that_brings_a_model_back_ends_the_selection_in_that_model() -> None:
    selection = select_terms(design_of_set("an_entry_that_brings_a_model_back"), "wald")
    assert moves_of(selection) == [(1, "a", "entered"), (2, "b", "entered"), (2, "a", "removed"), (3, "a", "entered")]
    assert [term.name for term in selection.retained] == ["a", "b"]
    # both have a removal test of that model, on which no removal follows
    assert [(tested.kind, tested.action) for tested in selection.history[-2:]] == [(REMOVAL, ""), (REMOVAL, "")]


@pytest.mark.parametrize("removal", REMOVAL_TESTS)
@pytest.mark.parametrize("name", SETS)
def test_a_verdict_is_the_last_removal_test_of_a_retained_term_and_the_last_entry_test_of_any_other(
    name: str, removal: str
) -> None:
    selection = select_terms(design_of_set(name), removal)
    retained = {term.name for term in selection.retained}
    for term in TERMS.loc[TERMS["set"] == name, "term"]:
        kind = "removal" if term in retained else "entry"
        last = [tested.test for tested in selection.history if tested.term.name == term and tested.kind == kind][-1]
        assert selection.verdicts[term] is last


def test_a_level_that_predicts_perfectly_is_tested_at_the_limit_of_its_likelihood() -> None:
    design = design_of_set("a_level_that_predicts_perfectly")
    models = PatternModels(patterns_of(design))
    selection = select_among(models)
    assert [term.name for term in selection.retained] == ["a", "b", "c"]
    fit = models.fit(selection.retained)
    assert np.isnan(fit.estimates[models.patterns.keep(selection.retained).index(design.coefficients.index("b=4"))])
    assert (fit.probability == 1.0).any()
    assert fit.rank == 7


def test_of_equally_significant_terms_the_first_candidate_enters() -> None:
    design = design_of_set("two_terms_equally_good")
    assert moves_of(select_terms(design))[0] == (1, "a", "entered")
    turned = design_of(
        pd.DataFrame({"a": design.matrix[:, 1], "b": design.matrix[:, 2], OUTCOME: design.outcome})
        .replace({"a": {0.0: "1", 1.0: "2"}, "b": {0.0: "1", 1.0: "2"}})
        .astype({OUTCOME: float}),
        tuple(reversed(design.terms)),
    )
    assert moves_of(select_terms(turned))[0] == (1, "b", "entered")


def test_an_empty_level_adds_no_degree_of_freedom() -> None:
    selection = select_terms(design_of_set("a_level_without_a_case"))
    assert {tested.test.df for tested in selection.history if tested.term.name == "b"} == {1}


def test_a_factor_that_another_stands_in_for_adds_what_is_left_of_it() -> None:
    selection = select_terms(design_of_set("a_factor_that_says_the_same_as_another"))
    # a has three levels, b tells its first from the others: beside b, one contrast of a is left
    assert [tested.test.df for tested in selection.history if tested.term.name == "a"] == [2, 2, 1]
    assert [term.name for term in selection.retained] == ["b", "c"]


def test_a_term_without_a_wald_test_is_judged_by_the_ratio_and_keeps_no_other_from_leaving() -> None:
    # Wald's test has nothing of b to go by once each of its contrasts is infinite; a, which is redundant, still leaves.
    rng = np.random.default_rng(3)
    b = np.repeat([1, 2], [150, 60])
    a = np.where(rng.random(210) < 0.15, 3 - b, b)
    y = np.where(b == 2, 1.0, rng.permutation(210) % 3 == 0).astype(float)
    cases = pd.DataFrame({"a": a.astype(str), "b": b.astype(str), OUTCOME: y})
    design = design_of(cases, (Term("a", "a", ("1", "2"), "1"), Term("b", "b", ("1", "2"), "1")))
    selection = select_terms(design, "wald", entry_level=1.0, removal_level=0.10)
    models = PatternModels(patterns_of(design))
    assert selection.verdicts["b"] == REMOVAL_TESTS["likelihood_ratio"](models, selection.retained, design.terms[1])
    assert selection.verdicts["b"].p < 1e-9
    assert (2, "a", "entered") in moves_of(selection)
    assert moves_of(selection)[-1] == (2, "a", "kept_at_repeat")


def test_selection_stops_at_the_levels_it_is_given() -> None:
    design = design_of_set("seven_factors_as_in_the_bulletin")
    assert len(select_terms(design, entry_level=0.01).retained) == 1
    assert select_terms(design, entry_level=1e-9).retained == ()
