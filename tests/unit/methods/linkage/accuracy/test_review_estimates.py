"""Estimates from a stratified review: exact limits, closed forms, no bias, and the promised coverage."""

from itertools import combinations
from math import comb

import numpy as np
import pytest

from orchestration.methods.linkage.accuracy.review_estimates import (
    MEASURES,
    Stratum,
    count_limits,
    interval,
    point_estimate,
)

# population, correct, missed, linked, reviewed: mostly right links, rules of unequal quality, several small strata
GOOD_LINKAGE = [
    (1476, 1475, 1, True, 60),
    (156, 154, 1, True, 20),
    (34, 33, 0, True, 10),
    (16, 15, 0, True, 10),
    (10, 9, 1, True, 10),
    (5, 0, 2, False, 5),
    (60, 0, 9, False, 20),
    (29, 0, 2, False, 10),
]
POOR_LINKAGE = [
    (500, 350, 100, True, 40),
    (300, 180, 90, True, 30),
    (100, 50, 40, True, 20),
    (100, 0, 40, False, 20),
    (200, 0, 60, False, 20),
]


def _chance(x: int, population: int, positives: int, reviewed: int) -> float:
    if not 0 <= x <= positives or reviewed - x > population - positives:
        return 0.0
    return comb(positives, x) * comb(population - positives, reviewed - x) / comb(population, reviewed)


@pytest.mark.parametrize(
    ("positives", "reviewed", "population"), [(0, 10, 50), (3, 10, 50), (10, 10, 50), (1, 2, 3), (5, 40, 43)]
)
def test_limits_are_the_values_that_the_sample_does_not_refute(positives, reviewed, population):
    """By going through every possible population, with probabilities from binomial coefficients."""
    kept = [
        truth
        for truth in range(population + 1)
        if sum(_chance(x, population, truth, reviewed) for x in range(positives, reviewed + 1)) > 0.025
        and sum(_chance(x, population, truth, reviewed) for x in range(positives + 1)) > 0.025
    ]
    assert count_limits(positives, reviewed, population) == (kept[0], kept[-1])


def test_a_stratum_reviewed_whole_leaves_no_doubt():
    assert count_limits(3, 12, 12) == (3, 3)


def test_nothing_reviewed_tells_nothing():
    assert count_limits(0, 0, 12) == (0, 12)


def test_counts_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="fit"):
        count_limits(4, 3, 12)


def test_one_stratum_without_error_has_the_exact_limit():
    strata = [Stratum(1000, 100, 100, 0, True)]
    low, high = interval(strata, "precision")
    assert (round(low * 1000), high) == (count_limits(100, 100, 1000)[0], 1.0)
    assert low == pytest.approx(count_limits(100, 100, 1000)[0] / 1000, abs=1e-9)


def test_estimates_weight_strata_by_their_size():
    strata = [Stratum(900, 10, 9, 0, True), Stratum(100, 10, 5, 5, True), Stratum(50, 10, 0, 2, False)]
    correct, missed, linked = 900 * 0.9 + 100 * 0.5, 100 * 0.5 + 50 * 0.2, 1000
    assert point_estimate(strata, "precision") == pytest.approx(correct / linked)
    assert point_estimate(strata, "recall") == pytest.approx(correct / (correct + missed))
    precision, recall = correct / linked, correct / (correct + missed)
    assert point_estimate(strata, "f1") == pytest.approx(2 * precision * recall / (precision + recall))


def test_a_stratum_without_a_reviewed_case_leaves_the_whole_unknown():
    strata = [Stratum(900, 10, 9, 0, True), Stratum(5, 0, 0, 0, False)]
    assert np.isnan(point_estimate(strata, "recall"))
    assert np.isnan(interval(strata, "recall")).all()


@pytest.mark.parametrize("measure", MEASURES)
def test_a_whole_review_gives_the_truth_without_width(measure):
    strata = [Stratum(n, n, c, d, is_linked) for n, c, d, is_linked, _ in POOR_LINKAGE]
    assert interval(strata, measure) == pytest.approx([point_estimate(strata, measure)] * 2, abs=1e-9)


def test_precision_has_no_bias_over_all_possible_samples():
    """Every sample of two small strata, each as likely as the others."""
    first, second = [1, 1, 1, 0, 1, 0], [1, 0, 1, 1]
    estimates = [
        point_estimate([Stratum(6, 3, sum(a), 0, True), Stratum(4, 2, sum(b), 0, True)], "precision")
        for a in combinations(first, 3)
        for b in combinations(second, 2)
    ]
    assert np.mean(estimates) == pytest.approx((sum(first) + sum(second)) / 10)


@pytest.mark.parametrize(
    ("population", "draws"), [(GOOD_LINKAGE, 400), (POOR_LINKAGE, 400)], ids=["good linkage", "poor linkage"]
)
def test_intervals_hold_the_truth_as_often_as_they_say(population, draws):
    """Simulated reviews of one population: 95% intervals, mean error near zero.

    Coverage is between .93 (few errors, most of them in small strata) and .98; at .93, 400 draws come out above .90
    in 99 of 100 runs.
    """
    rng = np.random.default_rng(20)
    whole = [Stratum(n, n, c, d, is_linked) for n, c, d, is_linked, _ in population]
    truth = {measure: point_estimate(whole, measure) for measure in MEASURES}
    held, errors = {measure: 0 for measure in MEASURES}, {measure: [] for measure in MEASURES}
    for _ in range(draws):
        sample = [_reviewed(stratum, rng) for stratum in population]
        for measure in MEASURES:
            low, high = interval(sample, measure)
            held[measure] += low - 1e-9 <= truth[measure] <= high + 1e-9
            errors[measure].append(point_estimate(sample, measure) - truth[measure])
    assert {measure: count / draws >= 0.90 for measure, count in held.items()} == dict.fromkeys(MEASURES, True)
    for measure in MEASURES:
        assert abs(np.mean(errors[measure])) < 4 * np.std(errors[measure]) / np.sqrt(draws)


def _reviewed(stratum: tuple, rng: np.random.Generator) -> Stratum:
    population, correct, missed, is_linked, reviewed = stratum
    drawn = rng.multivariate_hypergeometric([correct, missed, population - correct - missed], reviewed)
    return Stratum(population, reviewed, int(drawn[0]), int(drawn[1]), is_linked)
