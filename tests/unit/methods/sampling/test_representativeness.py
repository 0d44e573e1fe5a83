"""The sample beside its caseload: shares, indices, and which tests count together."""

import itertools

import numpy as np
import pytest

from orchestration.methods.sampling.allocation import allocate_cells, count_cells
from orchestration.methods.sampling.design_weights import weigh_cells
from orchestration.methods.sampling.representativeness import (
    dissimilarity,
    r_indicator,
    r_indicator_of_chance,
    sample_representativeness,
)
from tests.made_up.caseloads import listed

POPULATION = {
    ("Essex", "male", "community", "low"): 150,
    ("Essex", "female", "community", "medium"): 50,
    ("Essex", None, "post_release", "medium"): 4,
    ("Merseyside", "male", "post_release", "high"): 30,
    ("Merseyside", "female", "post_release", "low"): 30,
}
SAMPLE = {
    ("Essex", "male", "community", "low"): 60,
    ("Essex", "female", "community", "medium"): 40,
    ("Essex", None, "post_release", "medium"): 1,
    ("Merseyside", "male", "post_release", "high"): 10,
    ("Merseyside", "female", "post_release", "low"): 10,
}


def _table(population, sample):
    cells = count_cells(listed(population), listed(sample))
    return sample_representativeness(weigh_cells(cells.assign(allocated=allocate_cells(cells))))


@pytest.fixture(scope="module")
def table():
    return _table(POPULATION, SAMPLE)


def _row(table, provider, item, category):
    return table[(table[["provider", "item", "category"]] == [provider, item, category]).all(axis=1)].squeeze()


def test_shares_are_of_known_values(table):
    row = _row(table, "Essex", "gender", "female")
    assert (row["caseload"], row["achieved"]) == (50, 40)
    assert row["percent_caseload"] == pytest.approx(25)
    assert row["percent_expected"] == pytest.approx(25)
    assert row["percent_achieved"] == pytest.approx(40)
    assert row["dissimilarity"] == pytest.approx(15)


def test_missing_values_are_counted_and_not_tested(table):
    row = _row(table, "Essex", "gender", "missing")
    assert (row["caseload"], row["achieved"]) == (4, 1)
    assert np.isnan(row["percent_caseload"])
    assert np.isnan(row["p_value"])


def test_weights_bring_the_caseloads_shares_back(table):
    for category, percent in (("female", 25), ("male", 75)):
        assert _row(table, "Essex", "gender", category)["percent_weighted"] == pytest.approx(percent)


def test_all_providers_are_compared_each_with_its_own_caseload(table):
    row = _row(table, "all", "gender", "female")
    assert row["percent_caseload"] == pytest.approx(100 * 80 / 260)
    assert row["percent_expected"] == pytest.approx(100 * (100 * 0.25 + 20 * 0.5) / 120)
    assert row["percent_achieved"] == pytest.approx(100 * 50 / 120)


def test_too_many_women_are_found_at_the_provider_that_has_them(table):
    assert _row(table, "Essex", "gender", "female")["p_holm"] < 0.01
    assert _row(table, "Merseyside", "gender", "female")["p_holm"] > 0.5


def test_holm_counts_the_tests_of_providers_apart_from_those_of_all(table):
    once = table.drop_duplicates(["provider", "item"]).dropna(subset="p_value")
    for rows in (once[once["provider"] == "all"], once[once["provider"] != "all"]):
        smallest = rows["p_value"].min()
        found = rows.loc[rows["p_value"] == smallest, "p_holm"].iloc[0]
        assert found == pytest.approx(min(1.0, smallest * len(rows)))


def test_a_provider_that_only_one_side_has_is_not_compared():
    table = _table(
        POPULATION | {("Kent", "male", "community", "low"): 9}, SAMPLE | {("Wales", "male", "community", "low"): 9}
    )
    assert set(table["provider"]) == {"all", "Essex", "Merseyside"}


def test_proportionate_samples_have_an_index_of_nought():
    population = {("Essex", "male", "community", "low"): 400, ("Essex", "female", "community", "low"): 200}
    table = _table(population, {key: n // 10 for key, n in population.items()})
    assert table["dissimilarity"].max() == pytest.approx(0)
    assert table["p_value"].min() == pytest.approx(1)


def test_the_index_of_dissimilarity_by_hand():
    assert dissimilarity(np.array([50, 30, 20]), np.array([4, 4, 2])) == pytest.approx(10)
    assert np.isnan(dissimilarity(np.array([5, 5]), np.array([0, 0])))


def test_the_r_indicator_by_hand():
    # fractions .5 and .1 in strata of 10 and 30: mean .2, sum of squares 10 * .09 + 30 * .01 = 1.2
    found = r_indicator(np.array([10, 30]), np.array([5, 3]))
    assert found == pytest.approx(1 - 2 * np.sqrt(1.2 / 39))
    assert r_indicator(np.array([10, 30]), np.array([2, 6])) == pytest.approx(1)
    assert np.isnan(r_indicator(np.array([10, 30]), np.array([11, 3])))
    assert np.isnan(r_indicator(np.array([10, 30]), np.array([0, 0])))


def test_the_benchmark_is_the_mean_over_every_possible_sample():
    population, n = np.array([3, 2, 2]), 3
    people = np.repeat([0, 1, 2], population)
    squares = []
    for drawn in itertools.combinations(range(7), n):
        sample = np.bincount(people[list(drawn)], minlength=3)
        squares.append(((1 - r_indicator(population, sample)) / 2) ** 2)
    assert r_indicator_of_chance(population, n) == pytest.approx(1 - 2 * np.sqrt(np.mean(squares)))
