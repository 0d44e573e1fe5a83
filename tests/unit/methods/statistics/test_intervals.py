"""Intervals against published values, statsmodels and simulation."""

from math import isnan

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from orchestration.methods.statistics.intervals import f1_interval, f1_score, stratified_proportion, wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
    ids=["81 of 263", "15 of 148", "none of 20", "1 of 29"],
)
def test_wilson_gives_the_intervals_printed_by_newcombe(successes, n, low, high):
    # Newcombe (1998), Statistics in Medicine 17, Table I, method 3.
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_wilson_agrees_with_statsmodels(level):
    for n in (1, 2, 17, 1000, 2_974_000):
        for successes in {0, 1, n // 3, n - 1, n}:
            expected = proportion_confint(successes, n, alpha=1 - level, method="wilson")
            assert wilson(successes, n, level) == pytest.approx(expected, abs=1e-12)


def test_wilson_touches_nought_and_one_exactly_and_says_nothing_of_nothing():
    assert wilson(0, 7)[0] == 0.0
    assert wilson(7, 7)[1] == 1.0
    assert all(isnan(end) for end in wilson(0, 0))


@pytest.mark.parametrize(("successes", "n"), [(3, 2), (-1, 2)], ids=["more than tried", "negative"])
def test_wilson_refuses_impossible_counts(successes, n):
    with pytest.raises(ValueError, match="between 0 and n"):
        wilson(successes, n)


def test_f1_is_the_harmonic_mean_of_precision_and_recall():
    precision, recall = 90 / 95, 90 / 110
    assert f1_score(90, 5, 20) == pytest.approx(2 * precision * recall / (precision + recall))
    assert isnan(f1_score(0, 0, 0))


def test_f1_interval_covers_the_true_score_as_often_as_it_says():
    shares = np.array([0.9, 0.02, 0.08])
    truth = f1_score(*shares)
    draws = np.random.default_rng(5).multinomial(400, shares, size=4000)
    held = [low <= truth <= high for low, high in (f1_interval(*draw) for draw in draws.tolist())]
    assert np.mean(held) == pytest.approx(0.95, abs=0.012)


def test_a_stratified_proportion_of_proportional_strata_is_close_to_the_simple_one():
    weighted = stratified_proportion([45, 45], [50, 50], [50_000, 50_000])
    assert weighted.value == pytest.approx(0.9)
    assert (weighted.low, weighted.high) == pytest.approx(wilson(90, 100), abs=0.002)


def test_a_stratified_proportion_weighs_each_stratum_by_its_population():
    assert stratified_proportion([10, 5], [10, 10], [900, 100]).value == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("sizes", "shares", "sampled"),
    [
        ([5000, 800, 200], [0.98, 0.8, 0.3], [120, 60, 40]),
        ([4000, 100, 100], [0.99, 0.6, 0.2], [50, 50, 50]),
        ([100_000, 2000, 500], [0.9995, 0.97, 0.9], [300, 100, 100]),
    ],
    ids=["middling shares", "a large stratum mostly unanimous", "nearly perfect links"],
)
def test_a_stratified_interval_covers_the_population_nearly_as_often_as_it_says_or_more(sizes, shares, sampled):
    rng = np.random.default_rng(11)
    hits = [round(size * share) for size, share in zip(sizes, shares, strict=True)]
    truth = sum(hits) / sum(sizes)
    held = 0
    for _ in range(4000):
        found = [int(rng.hypergeometric(hit, size - hit, n)) for hit, size, n in zip(hits, sizes, sampled, strict=True)]
        result = stratified_proportion(found, sampled, sizes)
        held += result.low <= truth <= result.high
    assert held / 4000 >= 0.93


def test_unanimous_strata_still_have_an_interval_and_a_census_has_none():
    unanimous = stratified_proportion([10, 10], [10, 10], [500, 500])
    assert unanimous.value == 1.0
    assert unanimous.low == pytest.approx(wilson(20, 20)[0], abs=0.01)
    census = stratified_proportion([9, 4], [10, 5], [10, 5])
    assert census[:3] == pytest.approx((13 / 15, 13 / 15, 13 / 15))


def test_a_stratum_nobody_looked_at_leaves_the_whole_unknown():
    assert isnan(stratified_proportion([5, 0], [5, 0], [50, 50]).value)
    assert stratified_proportion([5, 0], [5, 0], [50, 0]).value == 1.0
