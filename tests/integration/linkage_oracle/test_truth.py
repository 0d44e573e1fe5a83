"""The SQL and the evaluation together, on a world made by hand in which every kind of loss happens once."""

import datetime

import pandas as pd
import pytest

from orchestration.errors import PipelineError
from orchestration.linkage.evidence import collect_evidence
from orchestration.methods.linkage.accuracy.losses import FALSE_REASONS, MISSED_REASONS, REJECTED, linkage_losses
from orchestration.methods.linkage.accuracy.quality import linkage_quality
from orchestration.settings import ROADS
from tests.integration.linkage_oracle.compiled import load, run
from tests.integration.linkage_oracle.normalising import check_letter
from tests.integration.linkage_oracle.oracle import Row
from tests.integration.linkage_oracle.worlds import World

START = datetime.date(2018, 6, 1)
BIRTH, OTHER_BIRTH = datetime.date(1980, 5, 17), datetime.date(1991, 11, 3)


def _pnc(number: int) -> str:
    return f"2001/{number:07d}{check_letter(2001, number)}"


def _row(row_id: str, name: str, days: int = 0, **values: object) -> Row:
    given = {"surname": name, "forenames": "Anna", "date_of_birth": BIRTH, **values}
    return Row(id=row_id, own_date=START + datetime.timedelta(days=days), **given)


# Case -> its row, its records (T... are of its person, S... of strangers), what should become of it.
CASES = {
    "found": (
        [_row("c-found", "Found", pnc_id=_pnc(1))],
        [_row("T-found", "Found", 2, pnc_id=_pnc(1)), _row("T-found-earlier", "Found", -300, pnc_id=_pnc(1))],
    ),
    "wrong_record_chosen": (
        [_row("c-wrong-record", "Record", pnc_id=_pnc(2))],
        [_row("T-wrong-record", "Record", 3, pnc_id=_pnc(2)), _row("S-closer", "Stranger", 0, pnc_id=_pnc(2))],
    ),
    "wrong_person_chosen": (
        [_row("c-wrong-person", "Person", pnc_id=_pnc(3))],
        [_row("T-wrong-person", "Person", 0, pnc_id=_pnc(4)), _row("S-borrower", "Borrower", 1, pnc_id=_pnc(3))],
    ),
    "no_true_record": (
        [_row("c-planted", "Planted", pnc_id=_pnc(5))],
        [_row("S-planted", "Planted", 1, pnc_id=_pnc(5))],
    ),
    "ambiguous": (
        [_row("c-ambiguous", "Twice")],
        [_row("T-ambiguous", "Twice", 0, pnc_id=_pnc(6)), _row("S-namesake", "Twice", 4, pnc_id=_pnc(7))],
    ),
    "vetoed": ([_row("c-vetoed", "Veto", pnc_id=_pnc(8))], [_row("T-vetoed", "Veto", pnc_id=_pnc(9))]),
    "contradicted": (
        [_row("c-contradicted", "Contra", crn="X123456")],
        [_row("T-contradicted", "Dicted", crn="X123456", forenames="Bea", date_of_birth=OTHER_BIRTH)],
    ),
    "no_rule_satisfied": ([_row("c-no-rule", "Norule")], [_row("T-no-rule", "Norule", forenames=None)]),
    "not_a_candidate_disagreeing": ([_row("c-disagrees", "Spelt")], [_row("T-disagrees", "Misspelt", forenames="Bea")]),
    "not_a_candidate_missing": (
        [_row("c-missing", "Undated", date_of_birth=datetime.date(1900, 1, 1))],
        [_row("T-missing", "Undated", pnc_id="not a number", forenames=None)],
    ),
    "withheld": ([_row("c-withheld", "Held", pnc_id=_pnc(10))], [_row("T-withheld", "Held", pnc_id=_pnc(10))]),
    "rejected": ([_row("c-rejected", "Rejected")], []),
    "outside": ([_row("c-outside", "Outside")], [_row("T-outside", "Outside", 40)]),
    "unreviewed": ([_row("c-unreviewed", "Nobody", pnc_id=_pnc(11))], [_row("T-any", "Nobody", pnc_id=_pnc(11))]),
    "post_release": ([_row("c-post-release", "Released", case_type="post_release")], [_row("T-post", "Released")]),
}
TRUTH = [
    *((rows[0].id, record.id) for rows, records in CASES.values() for record in records if record.id[0] == "T"),
    ("c-planted", ""),
    ("c-rejected", "T-rejected"),
]
PARTIAL = [row for row in TRUTH if row[0] != "c-unreviewed"]


@pytest.fixture(scope="module")
def hand_made(project):
    """The world linked, with the reviewer's veto on the withheld link played by hand."""
    from tests.integration.linkage_oracle import compiled

    con = compiled.open_warehouse(project)
    cases = [row for rows, _ in CASES.values() for row in rows]
    records = [row for _, rows in CASES.values() for row in rows]
    load(con, [World(cases, records, [])])
    run(con, project, "staging", "linkage", "marts")
    for table in ("termination_matches", "decided_records"):
        con.execute(f"delete from linkage.{table} where case_id = 'c-withheld'")
    con.execute("update linkage.pair_agreements set rule_ranks = [] where case_id = 'c-withheld'")
    con.execute("update linkage.decisions set status = 'no_person', rule = null where case_id = 'c-withheld'")
    con.execute("create table raw.inspections as select case_id from raw.parsed_inspections")
    for road in ROADS:
        con.execute(f"create table raw.{road} as from raw.parsed_{road}")
    con.execute("create table raw.terminations as select record_id, sentence_date from raw.parsed_terminations")
    con.execute("insert into raw.terminations values (' T-rejected ', date '2018-06-04')")
    con.execute("create table raw.deliveries (is_synthetic boolean)")
    con.execute("insert into raw.deliveries values (false)")
    yield con
    con.close()


def _evidence(con, folder, rows, source="terminations"):
    pd.DataFrame(rows, columns=["case_id", "record_id"]).to_csv(folder / f"{source}.csv", index=False)
    return collect_evidence(con, folder, 7)


@pytest.fixture
def losses(hand_made, tmp_path):
    return linkage_losses(_evidence(hand_made, tmp_path, PARTIAL))


def _listed(frame):
    return dict(zip(frame["case_id"], frame["reason"], strict=True))


def _case(reason):
    return CASES[reason][0][0].id


def test_every_missed_link_is_listed_with_the_reason_it_was_made_for(losses):
    expected = {_case(reason): reason for reason in MISSED_REASONS}
    assert _listed(losses.missed_links) == expected | {"c-rejected": REJECTED}


def test_every_false_link_is_listed_with_the_reason_it_was_made_for(losses):
    assert _listed(losses.false_links) == {_case(reason): reason for reason in FALSE_REASONS}


def test_the_lists_show_records_rules_and_fields(losses):
    rows = pd.concat([losses.false_links, losses.missed_links]).set_index(["case_id", "record_id"])
    planted = rows.loc[("c-planted", "S-planted")]
    assert (planted["rule"], planted["date_difference_days"]) == ("pnc_dob_surname", 1)
    assert planted["fields_agreeing"] == "pnc dob surname forenames first_forename"
    missing = rows.loc[("c-missing", "T-missing")]
    assert (missing["fields_invalid"], missing["fields_missing"]) == ("pnc dob", "crn forenames first_forename")
    assert rows.loc[("c-vetoed", "T-vetoed"), "fields_disagreeing"] == "pnc"
    assert rows.loc[("c-contradicted", "T-contradicted"), "fields_agreeing"] == "crn"


@pytest.mark.parametrize(
    ("measure", "counts"),
    {
        "precision": (1, 4),
        "recall": (1, 10),
        "specificity": (2, 3),
        "linkable": (10, 13),
        "lost_before_linkage": (1, 13),
        "pairs_kept_by_blocks": (8, 10),
        "cases_kept_by_blocks": (8, 10),
    }.items(),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_cases_a_partial_truth_names_are_counted_and_no_others(hand_made, tmp_path, measure, counts):
    table = linkage_quality(_evidence(hand_made, tmp_path, PARTIAL))
    row = table[(table["measure"] == measure) & (table["item"] == "all_cases")].iloc[0]
    assert (row["numerator"], row["n"]) == counts


def test_a_truth_of_synthetic_extracts_covers_the_cases_it_does_not_name(hand_made, tmp_path):
    named = [row for row in PARTIAL if row[1]]
    hand_made.execute("update raw.deliveries set is_synthetic = true")
    try:
        cases = _evidence(hand_made, tmp_path, named)[0].cases["case_id"]
    finally:
        hand_made.execute("update raw.deliveries set is_synthetic = false")
    assert {"c-unreviewed", "c-planted"} <= set(cases)
    assert "c-post-release" not in set(cases)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("c-found", "T-elsewhere"), "column record_id"),
        (("c-elsewhere", "T-found"), "column case_id"),
        (("c-found", "c-found"), "column record_id"),
    ],
    ids=["unknown record", "unknown case", "a case for a record"],
)
def test_ids_of_other_extracts_are_refused_by_line_and_column(hand_made, tmp_path, row, column):
    with pytest.raises(PipelineError) as refused:
        _evidence(hand_made, tmp_path, [*TRUTH, row])
    assert refused.value.where == f"truth/terminations.csv, line {len(TRUTH) + 2}, {column}"


def test_the_truth_of_the_other_source_is_refused(hand_made, tmp_path):
    with pytest.raises(PipelineError, match="probably made for other extracts"):
        _evidence(hand_made, tmp_path, TRUTH, "reoffending")


def test_without_truth_files_there_is_no_evidence(hand_made, tmp_path):
    assert collect_evidence(hand_made, tmp_path, 7) == []
