"""Strata, allocation and draw of a review sample."""

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.linkage.accuracy.review_sample import allocate, draw, strata_of


def _case(**facts):
    nothing = {"status": "no_person", "rule": None, "is_linked": False}
    return nothing | {"has_near": False, "has_loose": False, "has_outside": False} | facts


@pytest.mark.parametrize(
    ("facts", "stratum"),
    [
        ({"status": "matched", "rule": "pnc_dob", "is_linked": True}, "rule:pnc_dob"),
        ({"status": "matched", "is_linked": True}, "rule:override"),
        ({"status": "ambiguous", "rule": "crn", "has_near": True}, "ambiguous"),
        ({"has_near": True, "has_loose": True}, "near"),
        ({"has_loose": True, "has_outside": True}, "loose"),
        ({"status": "no_record_in_window", "has_outside": True}, "outside_window"),
        ({}, "nothing_found"),
    ],
)
def test_a_case_belongs_to_the_stratum_of_its_decision_or_of_what_was_found(facts, stratum):
    assert strata_of(pd.DataFrame([_case(**facts)])).tolist() == [stratum]


def test_every_stratum_gets_its_minimum_or_all_it_has_and_the_rest_goes_where_it_tells_most():
    population = pd.Series(
        {"rule:pnc": 4, "rule:dob": 900, "ambiguous": 100, "outside_window": 50, "nothing_found": 70}
    )
    drawn = allocate(population, total=100, minimum=10)
    assert drawn.sum() == 100
    assert drawn["rule:pnc"] == 4
    assert drawn["outside_window"] == 10
    assert "nothing_found" not in drawn
    # Neyman: size times standard deviation is 900 * .14 = 126 against 100 * .5 = 50, of the 66 left
    assert (drawn["rule:dob"], drawn["ambiguous"]) == (10 + 47, 10 + 19)


def test_no_stratum_gives_more_than_it_has():
    population = pd.Series({"rule:a": 30, "rule:b": 12})
    assert allocate(population, total=500, minimum=10).to_dict() == {"rule:a": 30, "rule:b": 12}


def test_a_sample_below_the_minimum_is_refused():
    with pytest.raises(ValueError, match="20 cases are needed"):
        allocate(pd.Series({"rule:a": 30, "rule:b": 12}), total=19, minimum=10)


def test_a_draw_takes_the_allotted_number_of_each_stratum_and_the_seed_fixes_it():
    strata = pd.Series(["a"] * 50 + ["b"] * 5)
    first, again, other = (
        draw(strata, pd.Series({"a": 10, "b": 5}), np.random.default_rng(s)).tolist() for s in (1, 1, 2)
    )
    assert first == again != other
    assert strata.loc[first].value_counts().to_dict() == {"a": 10, "b": 5}


def test_every_case_of_a_stratum_is_as_likely():
    strata = pd.Series(["a"] * 6)
    rng = np.random.default_rng(5)
    counts = np.zeros(6)
    for _ in range(3000):
        counts[draw(strata, pd.Series({"a": 2}), rng)] += 1
    assert counts == pytest.approx(1000, abs=120)
