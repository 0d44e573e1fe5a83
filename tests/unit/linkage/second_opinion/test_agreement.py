"""Splink's answer is chosen as ours is, and the tables count what a reader would count by hand."""

from itertools import product

import pandas as pd
import pytest

from orchestration.linkage.second_opinion.agreement import (
    OURS,
    agreement_measures,
    agreement_table,
    answers,
    closest_records,
    cohens_kappa,
)
from orchestration.linkage.second_opinion.disagreements import disagreements


def pairs(*rows):
    columns = ["case_id", "record_id", "match_weight", "match_probability", "date_difference_days"]
    return pd.DataFrame(rows, columns=columns)


def ours(*rows):
    return pd.DataFrame(rows, columns=["case_id", "our_status", "our_record_id", "our_rule"])


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        pytest.param([("r1", 8)], None, id="eight days late is outside"),
        pytest.param([("r1", -8)], None, id="eight days early is outside"),
        pytest.param([("r1", 7)], "r1", id="seven days late is inside"),
        pytest.param([("r1", -7)], "r1", id="seven days early is inside"),
        pytest.param([("r1", -3), ("r2", 2)], "r2", id="the closest of two"),
        pytest.param([("r1", -3), ("r2", 3)], "r2", id="a tie goes to the record on or after the start"),
        pytest.param([("r2", 3), ("r1", 3)], "r1", id="a tie of ties goes to the smaller id"),
    ],
)
def test_splinks_record_is_the_closest_inside_the_window(candidates, expected):
    found = closest_records(pairs(*(("c", r, 5.0, 0.99, days) for r, days in candidates)), 7)
    assert found["record_id"].tolist() == ([expected] if expected else [])


EXAMPLE_OURS = ours(
    ("a", "matched", "r1", "pnc_dob"),
    ("b", "matched", "r2", "pnc_dob"),
    ("c", "matched", "r3", "pnc_dob"),
    ("d", "matched", "r4", "pnc_dob"),
    ("e", "ambiguous", None, None),
    ("f", "no_person", None, None),
    ("g", "no_record_in_window", None, None),
)
EXAMPLE_PAIRS = pairs(
    ("a", "r1", 12.0, 0.999, 0),
    ("b", "r2", 1.0, 0.6, 0),
    ("b", "r9", 6.0, 0.98, 1),
    ("c", "r3", -2.0, 0.2, 0),
    ("c", "r8", 6.0, 0.98, 30),
    ("e", "r5", 9.0, 0.99, -2),
    ("g", "r7", 9.0, 0.99, 9),
)


def test_every_answer_is_told_apart():
    found = answers(EXAMPLE_OURS, EXAMPLE_PAIRS, 0.9, 7).set_index("case_id")
    assert found["splink"].to_dict() == {
        "a": "same_record",
        "b": "other_record",
        "c": "no_record_in_window",
        "d": "no_pair",
        "e": "a_record",
        "f": "no_pair",
        "g": "no_record_in_window",
    }
    assert found.loc["c", "our_match_weight"] == -2.0
    assert pd.isna(found.loc["d", "our_match_weight"])


def test_a_threshold_is_inclusive_and_decides_which_pairs_count():
    low = answers(EXAMPLE_OURS, EXAMPLE_PAIRS, 0.6, 7).set_index("case_id")
    assert low.loc["b", "splink"] == "same_record"


def test_the_table_holds_every_possible_pair_of_answers_and_adds_up_to_the_cases():
    table = agreement_table({0.9: answers(EXAMPLE_OURS, EXAMPLE_PAIRS, 0.9, 7)})
    assert table["n"].sum() == len(EXAMPLE_OURS)
    assert set(table["ours"]) == set(OURS)
    assert len(table) == 4 + 3 * 3
    counted = table[table["n"] > 0].set_index(["ours", "splink"])["n"].to_dict()
    assert counted[("matched", "same_record")] == 1
    assert counted[("ambiguous", "a_record")] == 1


def test_measures_count_what_they_say():
    found = agreement_measures({0.9: answers(EXAMPLE_OURS, EXAMPLE_PAIRS, 0.9, 7)}).set_index("measure")
    assert found[["numerator", "n"]].to_dict("index") == {
        "same_answer": {"numerator": 3, "n": 7},
        "links_confirmed": {"numerator": 1, "n": 4},
        "links_shared": {"numerator": 1, "n": 3},
        "kappa": {"numerator": 4, "n": 7},
    }
    # Wilson's interval of 3 of 7, from the closed form as R's prop.test(3, 7, correct = FALSE) prints it.
    assert found.loc["same_answer", ["ci_low", "ci_high"]].tolist() == pytest.approx([15.8219855, 74.9541635], abs=1e-6)


def test_kappa_is_observed_agreement_beyond_chance():
    # 2 x 2 table 20, 5, 10, 15: observed .7, by chance .5, kappa .4 (the usual textbook example).
    first = pd.Series([True] * 25 + [False] * 25)
    second = pd.Series([True] * 20 + [False] * 5 + [True] * 10 + [False] * 15)
    assert cohens_kappa(first, second) == pytest.approx(0.4)
    assert pd.isna(cohens_kappa(first | True, first | True))


def test_nothing_to_count_gives_nothing_not_a_failure():
    nobody = answers(ours().astype(object), pairs(), 0.9, 7)
    assert agreement_table({0.9: nobody})["n"].sum() == 0
    assert agreement_measures({0.9: nobody})["value"].isna().all()


def test_disagreements_are_ranked_by_how_far_splinks_evidence_speaks_against_us():
    found = disagreements(answers(EXAMPLE_OURS, EXAMPLE_PAIRS, 0.5, 7), 0.5, prior=2**-10 / (1 + 2**-10))
    # At a threshold of one half the limit is 0 bits. d was never scored: it counts as two rows at random, -10 bits.
    assert found[["case_id", "side", "strength"]].to_numpy().tolist() == [
        ["d", "only_ours", 10.0],
        ["e", "only_splink", 9.0],
        ["c", "only_ours", 2.0],
    ]
    assert found["review_rank"].tolist() == [1, 2, 3]


def test_two_records_are_as_far_apart_as_their_weights():
    found = disagreements(answers(EXAMPLE_OURS, EXAMPLE_PAIRS, 0.9, 7), 0.9, prior=0.001).set_index("case_id")
    assert found.loc["b", ["side", "strength"]].tolist() == ["other_record", 5.0]


def test_cases_that_agree_are_on_no_list():
    for threshold, window in product((0.5, 0.9), (7, 40)):
        found = answers(EXAMPLE_OURS, EXAMPLE_PAIRS, threshold, window)
        listed = set(disagreements(found, threshold, 0.001)["case_id"])
        assert listed.isdisjoint({"a", "f"})
