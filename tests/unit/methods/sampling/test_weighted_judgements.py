"""Weighted shares, and their variance against every sample that could have been drawn."""

import itertools

import numpy as np
import pytest

from orchestration.methods.sampling.allocation import count_cells
from orchestration.methods.sampling.design_weights import weigh_cases, weigh_cells
from orchestration.methods.sampling.weighted_judgements import JUDGEMENTS, ratio_variance, weighted_judgements
from tests.made_up.caseloads import judged, listed

POPULATION = {
    ("Essex", "male", "community", "low"): 80,
    ("Essex", "female", "community", "low"): 20,
}
SAMPLE = {("Essex", "male", "community", "low"): 8, ("Essex", "female", "community", "low"): 10}


def _cases(sample=SAMPLE):
    cells = weigh_cells(count_cells(listed(POPULATION), listed(sample)))
    return weigh_cases(judged(listed(sample)), cells), cells


def _row(cases, cells, judgement="engagement", provider_type="all"):
    table = weighted_judgements(cases, cells)
    return table[(table["judgement"] == judgement) & (table["provider_type"] == provider_type)].squeeze()


def test_the_variance_is_right_on_average_over_every_possible_sample():
    outcomes = (np.array([1.0, 0, 1, 1, 0]), np.array([0.0, 0, 1, 0]))
    sizes, drawn = (5, 4), (2, 3)
    weight = np.repeat([5 / 2, 4 / 3], drawn)
    group, group_size = np.repeat([0, 1], drawn), np.repeat(sizes, drawn).astype(float)
    estimates, variances = [], []
    for first in itertools.combinations(outcomes[0], drawn[0]):
        for second in itertools.combinations(outcomes[1], drawn[1]):
            outcome = np.array([*first, *second])
            estimates.append((weight * outcome).sum() / weight.sum())
            variances.append(ratio_variance(outcome, weight, group, group_size))
    assert np.mean(estimates) == pytest.approx(np.concatenate(outcomes).mean())
    assert np.mean(variances) == pytest.approx(np.var(estimates), rel=1e-12)


def test_one_stratum_answered_by_all_has_the_textbook_variance():
    outcome = np.array([1.0, 1, 0, 1, 0, 0, 1])
    found = ratio_variance(outcome, np.full(7, 30 / 7), np.zeros(7), np.full(7, 30.0))
    share = outcome.mean()
    assert found == pytest.approx((1 - 7 / 30) * share * (1 - share) / 6)


def test_unanswered_cases_make_the_base_random_but_do_not_answer():
    outcome = np.array([1.0, np.nan, 0, 1, np.nan, 0])
    found = ratio_variance(outcome, np.full(6, 5.0), np.zeros(6), np.full(6, 30.0))
    score = np.array([0.5, 0, -0.5, 0.5, 0, -0.5]) / 4
    assert found == pytest.approx((1 - 6 / 30) * 6 / 5 * (score**2).sum())


def test_a_whole_caseload_has_no_error_and_a_single_case_is_not_certain():
    outcome = np.array([1.0, 0, 1])
    assert ratio_variance(outcome, np.ones(3), np.zeros(3), np.full(3, 3.0)) == 0
    lonely = ratio_variance(outcome, np.full(3, 2.0), np.array([0, 0, 1]), np.array([4.0, 4.0, 2.0]))
    paired_only = ratio_variance(outcome, np.full(3, 2.0), np.array([0, 0, 1]), np.array([4.0, 4.0, 1.0]))
    assert lonely > paired_only


def test_weights_count_each_case_for_those_it_stands_for():
    cases, cells = _cases()
    is_yes = cases["engagement"] == "yes"
    row = _row(cases, cells)
    men, women = cases["gender"] == "male", cases["gender"] == "female"
    assert row["unweighted"] == pytest.approx(100 * is_yes.mean())
    assert row["weighted"] == pytest.approx(100 * (0.8 * is_yes[men].mean() + 0.2 * is_yes[women].mean()))
    assert row["difference"] == pytest.approx(row["weighted"] - row["unweighted"])
    assert row["cases_represented"] == pytest.approx(100)
    assert row["ci_low"] < row["weighted"] < row["ci_high"]
    assert row["ci_high"] - row["weighted"] == pytest.approx(1.959964 * row["std_error"], rel=1e-6)


def test_other_answers_and_missing_ones_leave_the_base():
    cases, cells = _cases()
    answers = cases["strengths_built_upon"].astype("object").copy()
    answers.iloc[0], answers.iloc[1] = "none_present", None
    row = _row(cases.assign(strengths_built_upon=answers), cells, "strengths_built_upon")
    assert row["n"] == len(cases) - 2


def test_even_weights_change_nothing():
    cases, cells = _cases({("Essex", "male", "community", "low"): 16, ("Essex", "female", "community", "low"): 4})
    row = _row(cases, cells)
    assert row["difference"] == pytest.approx(0)
    assert row["kish_design_effect"] == pytest.approx(1)


def test_cases_without_a_weight_count_on_neither_side():
    cases, cells = _cases(SAMPLE | {("Wales", "male", "community", "low"): 5})
    assert _row(cases, cells)["n"] == 18


def test_every_judgement_is_there_for_all_and_for_each_type():
    table = weighted_judgements(*_cases())
    assert table["judgement"].unique().tolist() == [measure.code for measure in JUDGEMENTS]
    assert len(JUDGEMENTS) == 8
    assert set(table["provider_type"]) == {"all", "crc"}


def test_a_judgement_that_nobody_answered_has_no_share():
    cases, cells = _cases()
    row = _row(cases.assign(engagement=None), cells)
    assert row["n"] == 0
    assert np.isnan(row["weighted"])
