"""Design weights: sums, the groups of strata, and Kish's design effect."""

import numpy as np
import pytest

from orchestration.methods.sampling.allocation import count_cells
from orchestration.methods.sampling.design_weights import design_weights, evenness, weigh_cases, weigh_cells
from tests.made_up.caseloads import listed

POPULATION = {
    ("Essex", "male", "community", "low"): 40,
    ("Essex", "male", "community", "medium"): 30,
    ("Essex", "male", "community", "high"): 6,
    ("Essex", "male", "post_release", "low"): 20,
    ("Essex", "female", "community", "very_high"): 4,
    ("Merseyside", "female", "community", "low"): 50,
}
SAMPLE = {
    ("Essex", "male", "community", "low"): 10,
    ("Essex", "male", "community", "medium"): 6,
    ("Essex", "male", "post_release", "low"): 2,
    ("Merseyside", "female", "community", "low"): 20,
}


def _weighed(population, sample):
    return weigh_cells(count_cells(listed(population), listed(sample)))


def _weight_of(cells, *stratum):
    found = cells[(cells[["provider", "gender", "case_type", "rosh_level"]] == list(stratum)).all(axis=1)]
    return found["weight"].item()


def test_a_case_weighs_its_share_of_the_strata_weighted_together():
    cells = _weighed(POPULATION, SAMPLE)
    # high joins medium (one step) rather than low (two); the woman's stratum the nearest risk among community cases
    assert _weight_of(cells, "Essex", "male", "community", "low") == 40 / 10
    assert _weight_of(cells, "Essex", "male", "community", "medium") == (30 + 6 + 4) / 6
    assert _weight_of(cells, "Essex", "male", "post_release", "low") == 20 / 2
    assert np.isnan(_weight_of(cells, "Essex", "male", "community", "high"))


@pytest.mark.parametrize(
    ("empty", "joined_with"),
    [
        pytest.param(("female", "community", "low"), ("female", "post_release", "high"), id="same-gender-first"),
        pytest.param(("male", "community", "high"), ("male", "community", "low"), id="then-same-disposal"),
        pytest.param(("male", "post_release", None), ("male", "community", "medium"), id="missing-joins-the-larger"),
        pytest.param((None, "community", "low"), ("male", "community", "low"), id="missing-gender-joins-the-same-rest"),
    ],
)
def test_a_stratum_without_a_case_joins_the_nearest(empty, joined_with):
    filled = [("male", "community", "low"), ("female", "post_release", "high")]
    filled += [("male", "community", "medium")] if empty[2] is None else []
    population = {("Essex", *stratum): 10 + 10 * (stratum[2] == "medium") for stratum in filled}
    cells = _weighed(population | {("Essex", *empty): 5}, {("Essex", *stratum): 5 for stratum in filled})
    groups = cells.set_index(["gender", "case_type", "rosh_level"])["weight_group"]
    assert groups[tuple(level or "missing" for level in empty)] == groups[joined_with]


def test_a_stratum_that_the_caseload_lacks_joins_another_and_loses_nobody():
    sample = SAMPLE | {("Essex", "male", "post_release", "medium"): 2}
    cells = _weighed(POPULATION, sample)
    assert _weight_of(cells, "Essex", "male", "post_release", "medium") == 20 / 4
    assert (cells["weight"] * cells["achieved"]).sum() == pytest.approx(sum(POPULATION.values()))


def test_where_no_stratum_has_both_the_provider_is_one_group():
    cells = _weighed({("Essex", "male", "community", "low"): 9}, {("Essex", "male", "community", "high"): 3})
    assert cells["weight_group"].nunique() == 1
    assert _weight_of(cells, "Essex", "male", "community", "high") == 3


def test_weights_add_up_to_each_caseload_on_random_samples():
    generator = np.random.default_rng(8)
    genders, types, levels = ("male", "female", None), ("community", "post_release"), ("low", "medium", "high", None)
    strata = [("Essex", g, t, r) for g in genders for t in types for r in levels]
    for _ in range(15):
        population = dict(zip(strata, generator.integers(0, 30, len(strata)).tolist(), strict=True))
        sample = {
            s: int(generator.integers(0, n + 1)) if generator.random() < 0.5 else 0 for s, n in population.items()
        }
        if not sum(sample.values()):
            continue
        cells = _weighed(population, sample)
        cases = weigh_cases(listed(sample), cells)
        assert cases["weight"].notna().all()
        assert cases["weight"].sum() == pytest.approx(sum(population.values()))


@pytest.mark.parametrize(
    ("population", "sample"),
    [
        pytest.param({}, {("Essex", "male", "community", "low"): 3}, id="no-caseload"),
        pytest.param({("Essex", "male", "community", "low"): 3}, {}, id="nobody-inspected"),
        pytest.param(
            {("Essex", "male", "community", "low"): 3}, {("Essex", "male", "community", "low"): 4}, id="more-than-all"
        ),
    ],
)
def test_a_provider_without_a_usable_caseload_has_no_weights(population, sample):
    cells = _weighed(population, sample)
    assert cells["weight"].isna().all()
    assert cells["weight_group"].isna().all()
    assert len(design_weights(cells)) == 0


def test_cases_keep_their_order_and_index():
    cases = listed(SAMPLE).sample(frac=1, random_state=2)
    weighed = weigh_cases(cases, _weighed(POPULATION, SAMPLE))
    assert weighed.index.equals(cases.index)
    is_merseyside = weighed["provider"] == "Merseyside"
    assert (weighed.loc[is_merseyside, "weight"] == 2.5).all()
    assert is_merseyside.sum() == 20


def test_the_summary_is_one_row_for_all_and_one_a_provider():
    table = design_weights(_weighed(POPULATION, SAMPLE)).set_index("provider")
    assert list(table.index) == ["all", "Essex", "Merseyside"]
    weights = np.array([4.0] * 10 + [40 / 6] * 6 + [10.0] * 2)
    essex = table.loc["Essex"]
    assert (essex["caseload"], essex["n"], essex["weight_groups"], essex["strata_joined"]) == (100, 18, 3, 2)
    assert essex["total"] == pytest.approx(100)
    assert essex["median"] == pytest.approx(4.0)
    assert essex["design_effect"] == pytest.approx(1 + weights.var() / weights.mean() ** 2)
    assert table.loc["all", "total"] == pytest.approx(150)
    assert table.loc["all", "n"] == 38


def test_kish_by_hand_and_equal_weights_cost_nothing():
    assert evenness(np.array([1.0, 1.0, 4.0])).design_effect == pytest.approx(3 * 18 / 36)
    assert evenness(np.array([1.0, 1.0, 4.0])).effective_n == pytest.approx(2.0)
    assert evenness(np.full(7, 2.5)).design_effect == pytest.approx(1.0)
    assert np.isnan(evenness(np.array([])).design_effect)
