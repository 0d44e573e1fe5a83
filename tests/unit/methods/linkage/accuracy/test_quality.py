"""Precision, recall and their kin against counts made by hand and by plain loops."""

import math

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from orchestration.methods.linkage.accuracy.evidence import ITEMS
from orchestration.methods.linkage.accuracy.quality import linkage_quality
from orchestration.tables.linkage_quality import LINKAGE_QUALITY
from tests.made_up.evidence import case, evidence, pair, random_evidence

SEEDS = range(8)


def _row(table, measure, item="all_cases", category="all"):
    found = table[(table["measure"] == measure) & (table["item"] == item) & (table["category"] == category)]
    assert len(found) == 1
    return found.iloc[0]


def _counts(table, *key):
    row = _row(table, *key)
    return row["numerator"], row["n"]


@pytest.fixture(scope="module")
def by_hand():
    """Six cases: a true link, a false link with a true record beside it, a false link without, two missed, none."""
    cases = [
        case("true", "matched", "pnc_dob", linked_termination_reason="a", true_termination_reason="a"),
        case("wrong", "matched", "names_dob", linked_termination_reason="a", true_termination_reason="b"),
        case("planted", "matched", "names_dob", linked_termination_reason="a", gender="female"),
        case("missed", true_termination_reason="a"),
        case("unblocked", true_termination_reason="a"),
        case("absent", has_rejected_record=True),
    ]
    pairs = [
        pair("true", "T1", "is_true_in_window", "is_candidate", "is_chosen"),
        pair("true", "T2", "is_true_in_window"),
        pair("wrong", "T3", "is_candidate", "is_chosen"),
        pair("wrong", "T4", "is_true_in_window", "is_candidate"),
        pair("planted", "T5", "is_candidate", "is_chosen"),
        pair("missed", "T6", "is_true_in_window", "is_candidate"),
        pair("unblocked", "T7", "is_true_in_window"),
    ]
    return linkage_quality([evidence(cases, pairs)])


@pytest.mark.parametrize(
    ("key", "counts"),
    {
        ("precision",): (1, 3),
        ("recall",): (1, 4),
        ("f1",): (2, 2 + 2 + 3),
        ("specificity",): (1, 2),
        ("matched",): (3, 6),
        ("linkable",): (4, 6),
        ("lost_before_linkage",): (1, 6),
        ("pairs_kept_by_blocks",): (3, 5),
        ("cases_kept_by_blocks",): (3, 4),
        ("linked_although_pair_lost",): (1, 2),
        ("precision", "rule", "pnc_dob"): (1, 1),
        ("precision", "rule", "names_dob"): (0, 2),
        ("share_of_true_links", "rule", "pnc_dob"): (1, 1),
        ("precision", "gender", "female"): (0, 1),
        ("precision", "gender", "male"): (0, 0),
        ("precision", "gender", "missing"): (1, 2),
        ("termination_reason_differs",): (2, 3),
        ("termination_reason_differs", "link", "true_link"): (0, 1),
        ("termination_reason_differs", "link", "false_link"): (2, 2),
    }.items(),
    ids=lambda value: " ".join(map(str, value)),
)
def test_each_measure_counts_what_it_says(by_hand, key, counts):
    assert _counts(by_hand, *key) == counts


def test_a_planted_false_link_lowers_precision_and_specificity():
    cases = [case("true", "matched", "pnc_dob"), case("absent")]
    pairs = [pair("true", "T1", "is_true_in_window", "is_candidate", "is_chosen")]
    before = linkage_quality([evidence(cases, pairs)])
    planted = [cases[0], case("absent", "matched", "pnc_dob")]
    after = linkage_quality([evidence(planted, [*pairs, pair("absent", "T2", "is_candidate", "is_chosen")])])
    assert [_row(t, "precision")["value"] for t in (before, after)] == [100, 50]
    assert [_row(t, "specificity")["value"] for t in (before, after)] == [100, 0]
    assert [_row(t, "recall")["value"] for t in (before, after)] == [100, 100]


def test_a_link_lost_lowers_recall_and_not_precision():
    found = [pair(c, c, "is_true_in_window", "is_candidate", "is_chosen") for c in ("C1", "C2")]
    lost = [found[0], pair("C2", "C2", "is_true_in_window")]
    cases = [case("C1", "matched", "pnc_dob"), case("C2", "matched", "pnc_dob")]
    before = linkage_quality([evidence(cases, found)])
    after = linkage_quality([evidence([cases[0], case("C2")], lost)])
    assert [_row(t, "recall")["value"] for t in (before, after)] == [100, 50]
    assert [_row(t, "precision")["value"] for t in (before, after)] == [100, 100]


@pytest.mark.parametrize("seed", SEEDS)
def test_random_evidence_gives_the_counts_of_plain_loops(seed):
    given = random_evidence(seed)
    table = linkage_quality([given])
    true, chosen = {}, {}
    for row in given.pairs.to_dict("records"):
        if row["is_true_in_window"]:
            true.setdefault(row["case_id"], set()).add(row["record_id"])
        if row["is_chosen"]:
            chosen[row["case_id"]] = row["record_id"]
    for item in (None, *ITEMS):
        for category in ["all"] if item is None else [*item.codes, "missing"]:
            ids = [
                c["case_id"]
                for c in given.cases.to_dict("records")
                if item is None or ("missing" if pd.isna(c[item.item]) else c[item.item]) == category
            ]
            hits = sum(chosen.get(i) in true.get(i, ()) for i in ids)
            name = "all_cases" if item is None else item.item
            if not ids and category == "missing":
                continue
            assert _counts(table, "precision", name, category) == (hits, sum(i in chosen for i in ids))
            assert _counts(table, "recall", name, category) == (hits, sum(i in true for i in ids))
            unlinkable = [i for i in ids if i not in true]
            assert _counts(table, "specificity", name, category) == (
                sum(i not in chosen for i in unlinkable),
                len(unlinkable),
            )


@pytest.mark.parametrize("seed", SEEDS)
def test_sub_groups_and_rules_add_up_to_all_cases(seed):
    table = linkage_quality([random_evidence(seed)])
    for measure in ("precision", "recall", "specificity"):
        whole = _counts(table, measure)
        for item in ITEMS:
            rows = table[(table["measure"] == measure) & (table["item"] == item.item)]
            assert (rows["numerator"].sum(), rows["n"].sum()) == whole
    rules = table[(table["measure"] == "precision") & (table["item"] == "rule")]
    assert (rules["numerator"].sum(), rules["n"].sum()) == _counts(table, "precision")
    tiers = table[(table["measure"] == "precision") & (table["item"] == "tier")]
    assert tiers["category"].tolist() == ["number_and_birthday", "names_and_birthday", "reviewed"]
    for column in ("numerator", "n"):
        assert tiers[column].tolist() == rules[column].tolist()  # a rule a tier, here
    shares = table[table["measure"] == "share_of_true_links"].groupby("item")["value"].sum()
    assert shares.to_dict() == pytest.approx({"rule": 100, "tier": 100})
    assert "override" in set(rules["category"])


@pytest.mark.parametrize("seed", SEEDS)
def test_intervals_are_wilsons_and_f1_is_the_harmonic_mean(seed):
    table = linkage_quality([random_evidence(seed)])
    proportions = table[(table["measure"] != "f1") & (table["n"] > 0)]
    for row in proportions.itertuples():
        low, high = proportion_confint(row.numerator, row.n, method="wilson")
        assert (row.ci_low, row.ci_high) == pytest.approx((100 * low, 100 * high), abs=1e-9)
        assert row.value == pytest.approx(100 * row.numerator / row.n)
    precision, recall = (_row(table, measure)["value"] for measure in ("precision", "recall"))
    assert _row(table, "f1")["value"] == pytest.approx(2 * precision * recall / (precision + recall))


@pytest.mark.parametrize(
    ("days", "other_days", "counts"),
    [(3, 1, (0, 1)), (1, 3, (1, 1)), (-2, 2, (0, 1)), (2, -2, (1, 1)), (2, 2, (1, 1))],
    ids=["another is closer", "it is the closest", "another is after", "it is after", "smaller record id"],
)
def test_a_true_link_is_told_from_a_link_to_the_closest_true_record(days, other_days, counts):
    pairs = [
        pair("C1", "T1", "is_true_in_window", "is_chosen", days=days),
        pair("C1", "T2", "is_true_in_window", days=other_days),
    ]
    assert _counts(linkage_quality([evidence([case("C1", "matched")], pairs)]), "closest_true_record") == counts


def test_reoffending_counts_the_records_combined():
    cases = [case("C1", "matched", "pnc_dob") | {f"{s}_{o}": 1 for s in ("linked", "true") for o in OUTCOMES}]
    pairs = [
        pair("C1", "R1", "is_true_in_window", "is_candidate", "is_chosen"),
        pair("C1", "R2", "is_true_in_window"),
        pair("C1", "R3", "is_decided"),
    ]
    given = evidence([], pairs, "reoffending")
    frame = pd.DataFrame(cases)
    table = linkage_quality([type(given)("reoffending", frame, given.pairs, given.rules, given.blocks)])
    assert _counts(table, "precision_of_records") == (1, 2)
    assert _counts(table, "recall_of_records") == (1, 2)
    assert _counts(table, "reoffences_differs") == (0, 1)


OUTCOMES = ("reoffended", "reoffences")


@pytest.mark.parametrize("given", [[], [evidence([], [])]], ids=["no truth file", "a truth that names nobody"])
def test_without_cases_the_table_is_empty_and_has_its_columns(given):
    table = linkage_quality(given)
    assert table.empty
    assert list(table.columns) == LINKAGE_QUALITY.names


def test_nothing_counted_is_a_missing_value():
    row = _row(linkage_quality([evidence([case("C1")], [])]), "precision")
    assert row["n"] == 0
    assert all(math.isnan(row[name]) for name in ("value", "ci_low", "ci_high"))
