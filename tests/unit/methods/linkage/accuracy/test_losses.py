"""Every reason for a false or missed link, and that the counts add up."""

import pytest

from orchestration.methods.linkage.accuracy.losses import (
    FALSE_REASONS,
    MISSED_REASONS,
    REJECTED,
    linkage_losses,
)
from orchestration.methods.linkage.accuracy.quality import linkage_quality
from orchestration.tables.linkage_quality import LINKAGE_LOSSES
from tests.made_up.evidence import case, evidence, pair, random_evidence

SEEDS = range(8)
TRUE = "is_true_in_window"
SHARED = "is_candidate"
HANDMADE = {
    "wrong_record_chosen": ("matched", [pair("C", "T1", "is_chosen", SHARED), pair("C", "T2", TRUE, "is_decided")]),
    "wrong_person_chosen": ("matched", [pair("C", "T1", "is_chosen", SHARED), pair("C", "T2", TRUE, SHARED)]),
    "ambiguous": ("ambiguous", [pair("C", "T1", TRUE, SHARED, "is_satisfying", "is_satisfying_unguarded")]),
    "withheld": ("no_person", [pair("C", "T1", TRUE, SHARED, "is_satisfying_unguarded")]),
    "vetoed": ("no_person", [pair("C", "T1", TRUE, SHARED, "has_conflicting_pnc", "is_satisfying_unguarded")]),
    "contradicted": ("no_person", [pair("C", "T1", TRUE, SHARED, "is_contradicted", "is_satisfying_unguarded")]),
    "no_rule_satisfied": ("no_person", [pair("C", "T1", TRUE, SHARED, surname="agrees", dob="agrees")]),
    "not_a_candidate_disagreeing": ("no_person", [pair("C", "T1", TRUE, surname="disagrees", dob="agrees")]),
    "not_a_candidate_missing": ("no_person", [pair("C", "T1", TRUE, surname="agrees", dob="invalid")]),
}


def _counts(losses, kind):
    table = losses.linkage_losses
    return {r.reason: r.n for r in table[table["kind"] == kind].itertuples() if r.n}


@pytest.mark.parametrize("reason", MISSED_REASONS)
def test_each_missed_link_has_its_reason(reason):
    status, pairs = HANDMADE[reason]
    losses = linkage_losses([evidence([case("C", status)], pairs)])
    assert _counts(losses, "missed_link") == {reason: 1}
    assert losses.missed_links["reason"].tolist() == [reason]


@pytest.mark.parametrize(
    ("reason", "others"),
    [
        ("wrong_record_chosen", [pair("C", "T2", TRUE, "is_decided")]),
        ("wrong_person_chosen", [pair("C", "T2", TRUE)]),
        ("no_true_record", []),
    ],
)
def test_each_false_link_has_its_reason(reason, others):
    pairs = [pair("C", "T1", "is_chosen", SHARED), *others]
    losses = linkage_losses([evidence([case("C", "matched", "names_dob")], pairs)])
    assert _counts(losses, "false_link") == {reason: 1}
    assert losses.false_links[["record_id", "rule", "reason"]].values.tolist() == [["T1", "names_dob", reason]]


def test_a_swapped_name_block_could_be_formed_from_names_and_birthday():
    swap = pair("C", "T1", TRUE, surname="disagrees", first_forename="disagrees", dob="disagrees")
    without = pair("C", "T1", TRUE, surname="disagrees", first_forename="disagrees", dob="missing")
    reasons = [
        next(iter(_counts(linkage_losses([evidence([case("C")], [p])]), "missed_link"))) for p in (swap, without)
    ]
    assert reasons == ["not_a_candidate_disagreeing", "not_a_candidate_missing"]


def test_of_several_true_records_the_one_that_came_furthest_is_listed_then_the_closest():
    pairs = [
        pair("C", "T1", TRUE),
        pair("C", "T2", TRUE, SHARED, days=-2),
        pair("C", "T3", TRUE, SHARED, days=2),
        pair("C", "T4", TRUE, SHARED, days=5),
    ]
    losses = linkage_losses([evidence([case("C")], pairs)])
    assert losses.missed_links["record_id"].tolist() == ["T3"]


def test_the_lists_name_the_fields_by_state():
    states = {"pnc": "disagrees", "dob": "agrees", "surname": "disagrees", "crn": "invalid"}
    listed = linkage_losses([evidence([case("C")], [pair("C", "T1", TRUE, "is_swapped", **states)])]).missed_links
    row = listed.iloc[0]
    assert row["fields_agreeing"] == "dob swapped_names"
    assert row["fields_disagreeing"] == "pnc surname"
    assert row["fields_missing"] == "forenames first_forename"
    assert row["fields_invalid"] == "crn"


def test_a_record_rejected_before_linkage_is_listed_and_is_no_missed_link():
    losses = linkage_losses([evidence([case("C", has_rejected_record=True)], [])])
    assert losses.missed_links[["case_id", "reason"]].values.tolist() == [["C", REJECTED]]
    assert _counts(losses, "missed_link") == {}
    assert _counts(losses, "lost_before_linkage") == {REJECTED: 1}


@pytest.mark.parametrize("seed", SEEDS)
def test_reasons_add_up_to_the_false_and_missed_links_of_the_quality_table(seed):
    given = random_evidence(seed)
    losses, quality = linkage_losses([given]), linkage_quality([given]).set_index(["measure", "item", "category"])
    precision, recall = (quality.loc[(measure, "all_cases", "all")] for measure in ("precision", "recall"))
    assert sum(_counts(losses, "false_link").values()) == precision["n"] - precision["numerator"]
    assert sum(_counts(losses, "missed_link").values()) == recall["n"] - recall["numerator"]
    lost = quality.loc[("lost_before_linkage", "all_cases", "all"), "numerator"]
    assert _counts(losses, "lost_before_linkage").get(REJECTED, 0) == lost
    assert len(losses.missed_links) == recall["n"] - recall["numerator"] + lost
    assert not losses.false_links["case_id"].duplicated().any()
    shares = losses.linkage_losses.groupby("kind")["share"].sum()
    assert shares[["false_link", "missed_link"]].tolist() == pytest.approx([100, 100])


@pytest.mark.parametrize("seed", SEEDS)
def test_each_field_is_counted_once_a_link(seed):
    losses = linkage_losses([random_evidence(seed)])
    for kind, listed in (("false_link", losses.false_links), ("missed_link", losses.missed_links)):
        fields = losses.linkage_loss_fields[losses.linkage_loss_fields["kind"] == kind]
        n_links = (listed["reason"] != REJECTED).sum()
        assert set(fields.groupby("field")["n"].sum()) == {n_links}
        n_disagreeing = fields.loc[fields["state"] == "disagrees", "n"].sum()
        assert n_disagreeing == sum(len(text.split()) for text in listed["fields_disagreeing"].dropna())


def test_every_reason_is_counted_even_where_it_did_not_occur():
    table = linkage_losses([evidence([case("C")], [])]).linkage_losses
    assert table["reason"].tolist() == [*FALSE_REASONS, *MISSED_REASONS, REJECTED]
    assert table["n"].tolist() == [0] * len(table)
    assert table["share"].isna().all()


def test_without_truth_all_tables_are_empty_and_have_their_columns():
    losses = linkage_losses([])
    assert losses.linkage_losses.empty
    assert list(losses.linkage_losses.columns) == LINKAGE_LOSSES.names
    assert list(losses.missed_links.columns) == list(losses.false_links.columns)
