"""From verdicts on pairs to shares of cases."""

import pandas as pd
import pytest

from orchestration.methods.linkage.accuracy.review_tables import case_states, review_table


def _pair(case, stratum, verdict, is_linked=False, is_in_window=True):
    return {
        "source": "terminations",
        "stratum": stratum,
        "case_number": case,
        "is_linked": is_linked,
        "is_in_window": is_in_window,
        "verdict": verdict,
    }


@pytest.mark.parametrize(
    ("pairs", "wrong", "right"),
    [
        ([("match", True), ("match", False)], "correct", "correct"),
        ([("not_match", True), ("match", False)], "missed", "missed"),
        ([("not_match", True), ("not_match", False)], "neither", "neither"),
        ([("unsure", True), ("not_match", False)], "neither", "correct"),
        ([("unsure", True), ("unsure", False)], "missed", "correct"),
        ([("unsure", False)], "missed", "neither"),
        ([("match", True), ("unsure", False)], "correct", "correct"),
        ([("match", True), (None, False)], "open", "open"),
    ],
    ids=[
        "link right",
        "link wrong, record missed",
        "link wrong, nothing missed",
        "unsure of the link",
        "unsure of both",
        "unsure of an unlinked pair",
        "unsure does not matter",
        "a verdict is open",
    ],
)
def test_a_case_is_judged_by_all_its_pairs_and_unsure_counts_either_way(pairs, wrong, right):
    frame = pd.DataFrame([_pair(1, "rule:pnc", verdict, is_linked) for verdict, is_linked in pairs])
    states = case_states(frame)
    assert states[["wrong", "right"]].to_numpy().tolist() == [[wrong, right]]


def test_a_record_outside_the_window_is_no_missed_link():
    pairs = pd.DataFrame(
        [
            _pair(1, "loose", "not_match"),
            _pair(1, "loose", "match", is_in_window=False),
            _pair(2, "outside_window", "match", is_in_window=False),
        ]
    )
    states = case_states(pairs).set_index("case_number")["wrong"].to_dict()
    assert states == {1: "neither", 2: "missed"}
    table = review_table(pairs, _strata({"loose": 5, "outside_window": 3}), {})
    row = table[table["measure"] == "found_outside_window"].iloc[0]
    assert (row["value"], row["population"]) == (100.0, 3)


def _strata(population):
    return pd.DataFrame(
        [{"source": "terminations", "stratum": name, "population": n} for name, n in population.items()]
    )


def test_the_whole_is_weighted_and_unsure_cases_bound_it():
    pairs = pd.DataFrame(
        [_pair(n, "rule:a", "match", True) for n in range(9)]
        + [_pair(9, "rule:a", "unsure", True)]
        + [_pair(n, "near", "match" if n < 22 else "not_match") for n in range(20, 30)]
    )
    table = review_table(pairs, _strata({"rule:a": 1000, "near": 100, "nothing_found": 40}), {})
    whole = table[table["stratum"] == "all"].set_index("measure")
    assert whole.loc["precision", ["value_if_unsure_wrong", "value", "value_if_unsure_right"]].tolist() == [
        90,
        100,
        100,
    ]
    assert whole.loc["recall", "value"] == pytest.approx(100 * 1000 / 1020)
    assert whole.loc["recall", "value_if_unsure_wrong"] == pytest.approx(100 * 900 / 920)
    assert whole.loc["precision", "ci_low"] < 90
    assert whole.loc["precision", "ci_high"] == 100
    assert whole["n_unsure"].tolist() == [1, 1, 1]
    assert whole["population"].tolist() == [1140] * 3


def test_open_cases_are_counted_and_left_out():
    pairs = pd.DataFrame([_pair(1, "rule:a", "match", True), _pair(2, "rule:a", None, True)])
    row = review_table(pairs, _strata({"rule:a": 10}), {}).set_index("stratum").loc["rule:a"]
    assert (row["n_reviewed"], row["n_open"], row["value"]) == (1, 1, 100.0)


def test_a_tier_is_the_strata_of_its_rules_weighted_to_their_populations():
    pairs = pd.DataFrame(
        [_pair(n, "rule:a", "match", True) for n in range(10)]
        + [_pair(n, "rule:b", "match" if n < 28 else "not_match", True) for n in range(20, 30)]
        + [_pair(n, "rule:c", "not_match", True) for n in range(40, 45)]
    )
    strata = _strata({"rule:a": 900, "rule:b": 100, "rule:c": 50, "near": 30})
    table = review_table(pairs, strata, {"c": "near", "a": "sure", "b": "sure", "unused": "surest"})
    tiers = table[table["stratum"].str.startswith("tier:")].set_index("stratum")
    assert tiers.index.tolist() == ["tier:near", "tier:sure"]
    assert tiers["measure"].unique().tolist() == ["precision"]
    assert tiers["value"].tolist() == pytest.approx([0.0, 98.0])
    assert tiers["population"].tolist() == [50, 1000]
    assert tiers["n_reviewed"].tolist() == [5, 20]
    assert tiers.loc["tier:sure", "ci_low"] < 98 < tiers.loc["tier:sure", "ci_high"] < 100
