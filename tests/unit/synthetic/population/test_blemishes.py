"""What an uncalibrated population's rows carry, measured from its files, and that nothing makes a case linkable."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from orchestration.synthetic.population.files import write_population
from orchestration.synthetic.population.size import Population
from tests.unit.synthetic.short_linkage import link, read_source

SOURCES = ("inspections", "terminations", "reoffending")
DIRTY = Population(
    n_cases=2500, n_terminations=8000, n_reoffending=24_000, blemishes=3.0, twins=0.2, inspected_twice=0.04
)


class Dirty(NamedTuple):
    """Rows of each source with their normalised fields, true pairs inside 20 days, and the decisions."""

    rows: dict[str, list[dict]]
    truth: dict[str, dict[str, set[str]]]
    pairs: dict[str, list[tuple[dict, dict]]]
    decided: dict[str, dict[str, tuple[str, int, list[dict]]]]


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Dirty:
    folder: Path = tmp_path_factory.mktemp("dirty")
    write_population(DIRTY, 11, folder / "landing", folder / "truth", "csv")
    rows = {source: read_source_parts(folder / "landing" / source) for source in SOURCES}
    truth, pairs, decided = {}, {}, {}
    for source in SOURCES[1:]:
        listed = pd.read_csv(folder / "truth" / f"{source}.csv", dtype=str)
        truth[source] = {case: set(ids) for case, ids in listed.groupby("case_id")["record_id"]}
        records = {row["record_id"]: row for row in rows[source]}
        pairs[source] = [
            (case, records[record_id])
            for case in rows["inspections"]
            for record_id in sorted(truth[source].get(case["case_id"], ()))
            if days_apart(case, records[record_id]) <= 20
        ]
        eligible = [c for c in rows["inspections"] if source == "reoffending" or c["case_type"] == "community"]
        decided[source] = link(eligible, rows[source])
    return Dirty(rows, truth, pairs, decided)


def read_source_parts(folder: Path) -> list[dict]:
    """All rows: there is one file a source at this size."""
    assert len(list(folder.glob("*.csv"))) == 1
    return read_source(folder)


def days_apart(case: dict, record: dict) -> int:
    return abs((case["fields"]["on"] - record["fields"]["on"]).days)


def linkable(dirty: Dirty, source: str) -> set[str]:
    inside = {case["case_id"] for case, record in dirty.pairs[source] if days_apart(case, record) <= 7}
    return inside & set(dirty.decided[source])


def assert_share(n_hit: int, n: int, expected: float) -> None:
    allowed = 4.5 * (expected * (1 - expected) / n) ** 0.5 + 1 / n
    assert n_hit / n == pytest.approx(expected, abs=allowed), (n_hit, n)


FIELD_STATES = {
    "pnc_missing": lambda row: not row["pnc_id"],
    "pnc_malformed": lambda row: row["pnc_id"] and not row["fields"]["pnc"],
    "crn_missing": lambda row: not row["crn"],
    "crn_malformed": lambda row: row["crn"] and not row["fields"]["crn"],
    "dob_missing": lambda row: not row["date_of_birth"],
    "dob_malformed": lambda row: row["date_of_birth"] and not row["fields"]["dob"],
}


@pytest.mark.parametrize("field", FIELD_STATES)
@pytest.mark.parametrize("source", SOURCES)
def test_rows_carry_each_fault_in_the_share_asked_for(dirty, source, field):
    rows = dirty.rows[source]
    n_hit = sum(bool(FIELD_STATES[field](row)) for row in rows)
    assert_share(n_hit, len(rows), getattr(DIRTY.faults(source), field))


def _is_blank(row: dict, column: str) -> bool:
    return not row[column].strip()


@pytest.mark.parametrize("source", SOURCES)
def test_names_are_missing_in_either_column_as_often_as_asked_for(dirty, source):
    faults, rows = DIRTY.faults(source), dirty.rows[source]
    n_missing = sum(_is_blank(row, "surname") + _is_blank(row, "forenames") for row in rows)
    assert_share(n_missing, 2 * len(rows), (faults.surname_missing + faults.forenames_missing) / 2)


def _both(*states: float) -> float:
    """Share of pairs in which either side differs, from the shares of either side among the compared."""
    one, other = states
    return one + other - one * other


@pytest.mark.parametrize("source", SOURCES[1:])
@pytest.mark.parametrize("field", ["pnc", "dob", "surname"])
def test_true_pairs_disagree_as_often_as_both_sides_faults_make_them(dirty, source, field):
    faults = DIRTY.faults("inspections"), DIRTY.faults(source)
    gone = {"pnc": ("missing", "malformed"), "dob": ("missing", "malformed"), "surname": ("missing", "malformed")}
    wrong = []
    for side in faults:
        compared = 1.0 - sum(getattr(side, f"{field}_{state}") for state in gone[field])
        wrong.append(getattr(side, f"{field}_wrong") / compared)
    swapped = _both(*(side.swapped for side in faults)) if field == "surname" else 0.0
    fields = [(case["fields"][field], record["fields"][field]) for case, record in dirty.pairs[source]]
    compared = [(one, other) for one, other in fields if one and other]
    differing = sum(one != other for one, other in compared)
    assert_share(differing, len(compared), _both(_both(*wrong), swapped))


@pytest.mark.parametrize("source", SOURCES[1:])
def test_cases_whose_sentence_is_recorded_are_as_many_as_asked_for(dirty, source):
    eligible = dirty.decided[source]
    # a sentence of another kind falls into the window by chance now and again
    assert_share(len(linkable(dirty, source)), len(eligible), DIRTY.recorded(source) + 0.01)


def test_most_inspected_sentences_are_dated_on_the_very_day(dirty):
    nearest = {}
    for case, record in dirty.pairs["reoffending"]:
        nearest[case["case_id"]] = min(days_apart(case, record), nearest.get(case["case_id"], 99))
    inside = [days for days in nearest.values() if days <= 7]
    assert_share(sum(days == 0 for days in inside), len(inside), DIRTY.exact_date + 0.01)
    assert {days for days in nearest.values() if days > 7} >= {8, 20}


def test_some_people_are_inspected_twice_at_different_times(dirty):
    by_pnc: dict[str, list[dict]] = {}
    for case in dirty.rows["inspections"]:
        by_pnc.setdefault(case["fields"]["pnc"], []).append(case)
    twice = [cases for pnc, cases in by_pnc.items() if pnc and len(cases) == 2]
    assert len(twice) > 40
    assert all(one["gender"] == other["gender"] for one, other in twice if one["gender"] and other["gender"])
    assert sum(one["start_date"] != other["start_date"] for one, other in twice) > 0.9 * len(twice)
    assert dirty.truth["reoffending"][twice[0][0]["case_id"]] == dirty.truth["reoffending"][twice[0][1]["case_id"]]


@pytest.mark.parametrize("source", SOURCES[1:])
def test_some_linkable_cases_are_lost_to_their_blemishes(dirty, source):
    statuses = [dirty.decided[source][case][0] for case in linkable(dirty, source)]
    lost = {status: statuses.count(status) for status in ("no_person", "no_record_in_window", "ambiguous")}
    assert sum(lost.values()) >= {"terminations": 2, "reoffending": 40}[source]
    assert lost["no_person"] > 0


def test_the_default_rules_are_still_right_nearly_always(dirty):
    n_right = n_matched = 0
    for source in SOURCES[1:]:
        for case_id, (status, _, records) in dirty.decided[source].items():
            if status == "matched":
                n_matched += 1
                n_right += records[0]["record_id"] in dirty.truth[source].get(case_id, ())
    assert n_matched > 3000
    assert n_right / n_matched > 0.995


def test_others_identifiers_stand_in_rows_inside_a_cases_window(dirty):
    starts = {case["fields"]["pnc"]: case for case in dirty.rows["inspections"] if case["fields"]["pnc"]}
    borrowed = [
        record
        for record in dirty.rows["reoffending"]
        if (case := starts.get(record["fields"]["pnc"]))
        and record["record_id"] not in dirty.truth["reoffending"].get(case["case_id"], ())
        and record["fields"]["dob"] != case["fields"]["dob"]
        and days_apart(case, record) <= 7
    ]
    assert len(borrowed) >= 5
