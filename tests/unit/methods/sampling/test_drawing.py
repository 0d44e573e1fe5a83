"""The sampler: who is drawn, how often, and that nothing but list and seed decides it."""

from collections import Counter
from itertools import combinations

import pandas as pd
import pytest
from scipy.stats import chi2

from orchestration.methods.sampling.allocation import CELL
from orchestration.methods.sampling.drawing import draw_number, draw_sample
from orchestration.methods.sampling.sample_size import Precision
from tests.made_up.caseloads import CASELOAD, listed, with_ids

CASES = with_ids(listed(CASELOAD))
SMALL = with_ids(listed({("Essex", "male", "community", "low"): 6}))
HALF_OF_SIX = Precision(0.8, 0.32)


def test_the_random_number_is_the_sha256_that_anybody_can_compute():
    # printf '7:A1' | sha256sum
    assert draw_number(7, "A1") == "d17ae74269160ff7360acf01e5c180148e5702145538f13093f6147326df7906"


def test_the_sample_has_the_required_size_in_the_allocated_strata_and_no_case_twice():
    draw = draw_sample(CASES, seed=5, oversample=0.2)
    drawn = pd.concat([draw.sample, draw.reserves])
    assert drawn["caseload_id"].is_unique
    assert set(drawn["caseload_id"]) <= set(CASES["caseload_id"])
    for name, frame in (("sample", draw.sample), ("reserves", draw.reserves)):
        sizes = frame.groupby(list(CELL)).size()
        expected = draw.strata.set_index(list(CELL))[name]
        assert sizes.reindex(expected.index, fill_value=0).tolist() == expected.tolist()


def test_cases_keep_their_own_characteristics():
    draw = draw_sample(CASES, seed=5)
    found = draw.sample.merge(CASES.fillna("missing"), on=["caseload_id", *CELL])
    assert len(found) == len(draw.sample)


@pytest.mark.parametrize("order_seed", [1, 2, 3])
def test_the_order_of_the_list_changes_nothing(order_seed):
    shuffled = CASES.sample(frac=1, random_state=order_seed)
    first, second = (draw_sample(cases, seed=11, oversample=0.3) for cases in (CASES, shuffled))
    for name in ("sample", "reserves", "strata"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))


def test_cases_added_later_leave_the_order_of_the_others():
    later = with_ids(listed({("Essex", "male", "community", "low"): 9}))
    later = later.assign(caseload_id="later-" + later["caseload_id"])
    before, after = (
        draw_sample(cases, seed=6, precision=HALF_OF_SIX, oversample=10).reserves["caseload_id"].tolist()
        for cases in (SMALL, pd.concat([later, SMALL]))
    )
    everybody = sorted([*SMALL["caseload_id"], *later["caseload_id"]], key=lambda i: draw_number(6, i))
    assert after == everybody[-len(after) :]
    assert [i for i in after if i in before] == [i for i in before if i in after]


def test_another_seed_draws_other_cases():
    first, second = (set(draw_sample(CASES, seed).sample["caseload_id"]) for seed in (1, 2))
    assert first != second


def test_one_provider_alone_is_drawn_as_among_others():
    whole = draw_sample(CASES, seed=3, oversample=0.1)
    alone = draw_sample(CASES[CASES["provider"] == "Essex"], seed=3, oversample=0.1)
    expected = whole.sample[whole.sample["provider"] == "Essex"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone.sample, expected)


def test_every_case_and_every_pair_is_drawn_equally_often():
    providers, size = [f"P{k:03d}" for k in range(600)], 6
    cases = listed({(provider, "male", "community", "low"): size for provider in providers})
    cases["caseload_id"] = [f"{provider}-{k}" for provider in providers for k in range(size)]
    singles, pairs = Counter(), Counter()
    for seed in range(5):
        drawn = draw_sample(cases, seed, HALF_OF_SIX).sample
        who = drawn["caseload_id"].str[-1].groupby(drawn["provider"]).agg(sorted)
        assert set(who.str.len()) == {3}
        for three in who:
            singles.update(three)
            pairs.update(combinations(three, 2))
    for counts, n_kinds, n_drawn in ((singles, 6, 9000), (pairs, 15, 9000)):
        statistic = sum((n - n_drawn / n_kinds) ** 2 for n in counts.values()) / (n_drawn / n_kinds)
        assert len(counts) == n_kinds
        assert statistic < chi2.isf(1e-4, n_kinds - 1)


def test_reserves_follow_the_sample_of_their_stratum_in_draw_order():
    draw = draw_sample(CASES, seed=9, oversample=0.25)
    for stratum, sampled in draw.sample.groupby(list(CELL)):
        reserves = draw.reserves.set_index(list(CELL))["draw_order"].get([stratum], pd.Series(dtype=int)).tolist()
        orders = sampled["draw_order"].tolist() + reserves
        assert orders == list(range(1, len(orders) + 1))
        numbers = [draw_number(9, i) for i in sampled["caseload_id"]]
        assert numbers == sorted(numbers)


def test_a_reserve_is_who_a_larger_sample_would_have_had_next():
    draw = draw_sample(SMALL, 4, HALF_OF_SIX, oversample=10.0)
    everybody = [*draw.sample["caseload_id"], *draw.reserves["caseload_id"]]
    assert everybody == sorted(SMALL["caseload_id"], key=lambda i: draw_number(4, i))


def test_reserves_end_where_the_stratum_does():
    draw = draw_sample(CASES, seed=1, oversample=10.0)
    assert (draw.strata["sample"] + draw.strata["reserves"] <= draw.strata["caseload"]).all()
    reached = draw.strata[draw.strata["sample"] > 0]
    assert (reached["sample"] + reached["reserves"] == reached["caseload"]).all()


def test_a_provider_with_one_case_is_drawn_whole():
    draw = draw_sample(with_ids(listed({("Essex", "male", None, "low"): 1})), seed=1, oversample=1.0)
    assert (len(draw.sample), len(draw.reserves)) == (1, 0)


@pytest.mark.parametrize("ids", [["a", "a"], ["a", None]], ids=["repeated", "missing"])
def test_a_list_without_an_id_for_each_case_is_refused(ids):
    cases = listed({("Essex", "male", "community", "low"): 2}).assign(caseload_id=ids)
    with pytest.raises(ValueError, match="id of its own"):
        draw_sample(cases, seed=1)


def test_a_negative_oversample_is_refused():
    with pytest.raises(ValueError, match="oversample"):
        draw_sample(CASES, seed=1, oversample=-0.1)
