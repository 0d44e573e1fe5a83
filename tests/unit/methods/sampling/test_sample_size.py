"""Required samples against published tables, hand calculations and the definition itself."""

import math

import pytest

from orchestration.methods.sampling.sample_size import Precision, margin_of_error, required_sample

# Krejcie and Morgan (1970), Table 1: 95% (chi-square 3.841), margin .05, share .5, rounded to the nearest.
KREJCIE_MORGAN = {
    10: 10, 15: 14, 20: 19, 50: 44, 100: 80, 150: 108, 200: 132, 300: 169, 400: 196, 500: 217,
    1000: 278, 2000: 322, 5000: 357, 10000: 370, 50000: 381,
}  # fmt: skip


@pytest.mark.parametrize(("population", "published"), KREJCIE_MORGAN.items())
def test_sizes_are_the_published_ones_or_the_next(population, published):
    assert required_sample(population, Precision(confidence=0.95)) - published in (0, 1)


@pytest.mark.parametrize(
    ("population", "by_hand"),
    [
        (500, 124),  # 164.2375 * 500 / 663.2375 = 123.81
        (1000, 142),  # 164.2375 * 1000 / 1163.2375 = 141.19
        (10**9, 165),  # 1.281552^2 * .25 / .0025 = 164.24
        (165, 83),  # 164.2375 * 165 / 328.2375 = 82.56
        (3, 3),
        (2, 2),
        (1, 1),
        (0, 0),
    ],
)
def test_sizes_at_eighty_per_cent_and_five_points_are_those_computed_by_hand(population, by_hand):
    assert required_sample(population) == by_hand


@pytest.mark.parametrize("population", [1, 2, 7, 40, 165, 333, 1000, 8191])
@pytest.mark.parametrize("precision", [Precision(), Precision(0.95, 0.03), Precision(0.8, 0.05, 0.1)], ids=str)
def test_the_required_sample_is_the_smallest_that_reaches_the_margin(population, precision):
    within = [n for n in range(1, population + 1) if margin_of_error(n, population, precision) <= precision.margin]
    assert required_sample(population, precision) == within[0]


def test_the_margin_is_the_quantile_times_the_standard_error_without_replacement():
    by_hand = 1.2815515655446004 * math.sqrt(0.25 / 100 * (400 - 100) / 399)
    assert margin_of_error(100, 400) == pytest.approx(by_hand, rel=1e-12)


def test_a_whole_caseload_leaves_no_margin_and_an_impossible_sample_has_none():
    assert margin_of_error(60, 60) == 0
    assert math.isnan(margin_of_error(0, 60))
    assert math.isnan(margin_of_error(61, 60))


@pytest.mark.parametrize("values", [(0.0, 0.05), (1.0, 0.05), (0.8, 0.0), (0.8, 5.0), (0.8, 0.05, 1.0)])
def test_percentages_given_as_whole_numbers_and_other_impossible_values_are_refused(values):
    with pytest.raises(ValueError, match="between 0 and 1"):
        Precision(*values)
