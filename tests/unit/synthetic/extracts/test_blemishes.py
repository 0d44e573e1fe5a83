"""Every blemish is there, in a realistic share, seen from the files and the truth alone."""

import re
from datetime import date

import pytest

from orchestration.synthetic.extracts.deliveries import CALENDARS
from tests.unit.synthetic.extracts.conftest import Written
from tests.unit.synthetic.short_linkage import plain, valid_pnc

SOURCES = ("inspections", "terminations", "reoffending")


def share(rows: list[dict], is_hit) -> float:
    return sum(bool(is_hit(row)) for row in rows) / len(rows)


ROW_BLEMISHES = {
    "PNC identifier missing": (lambda r: not r["pnc_id"], SOURCES, 0.005, 0.08),
    "PNC identifier malformed": (lambda r: r["pnc_id"] and not valid_pnc(r["pnc_id"]), SOURCES, 0.002, 0.03),
    "PNC identifier of wrong letter": (
        lambda r: re.fullmatch(r"(19|20)\d\d/\d{7}[A-Z]", r["pnc_id"]) and not valid_pnc(r["pnc_id"]),
        SOURCES,
        0.001,
        0.02,
    ),
    "PNC identifier in short form": (lambda r: re.match(r"\d\d/", r["pnc_id"]), SOURCES, 0.05, 0.9),
    "PNC identifier in long form": (lambda r: re.match(r"\d{4}/", r["pnc_id"]), SOURCES, 0.05, 0.95),
    "PNC identifier without a slash": (
        lambda r: valid_pnc(r["pnc_id"]) and "/" not in r["pnc_id"],
        SOURCES,
        0.03,
        0.2,
    ),
    "PNC identifier in lower case": (lambda r: re.search("[a-z]", r["pnc_id"]), SOURCES[:2], 0.005, 0.1),
    "PNC identifier unpadded": (
        lambda r: valid_pnc(r["pnc_id"]) and re.search(r"/\d{1,6}[A-Z]", r["pnc_id"]),
        SOURCES,
        0.0001,
        0.02,
    ),
    "CRN missing": (lambda r: not r["crn"], SOURCES[:2], 0.001, 0.05),
    "CRN usually missing": (lambda r: not r["crn"], SOURCES[2:], 0.9, 0.99),
    "CRN malformed": (lambda r: r["crn"].strip() and not r["fields"]["crn"], SOURCES[:2], 0.0005, 0.02),
    "CRN in lower case or with a blank": (
        lambda r: r["fields"]["crn"] not in ("", r["crn"]),
        SOURCES[:2],
        0.01,
        0.06,
    ),
    "birthday missing": (lambda r: not r["date_of_birth"], SOURCES, 0.001, 0.03),
    "birthday a placeholder": (lambda r: re.search("190[01]", r["date_of_birth"]), SOURCES, 0.0005, 0.02),
    "birthday impossible": (
        lambda r: r["date_of_birth"] and not r["fields"]["dob"] and not re.search("190[01]", r["date_of_birth"]),
        SOURCES,
        0.0003,
        0.02,
    ),
    "name a placeholder": (lambda r: r["surname"] and not plain(r["surname"]), SOURCES, 0.0003, 0.01),
    "surname missing": (lambda r: not r["surname"], SOURCES[1:], 0.0003, 0.01),
    "forenames missing": (lambda r: not r["forenames"], SOURCES, 0.0003, 0.02),
    "title before the forenames": (
        lambda r: re.match("(Mr|Mrs|Miss|Ms|Dr) ", r["forenames"]),
        SOURCES[:2],
        0.001,
        0.01,
    ),
    "stray blanks": (lambda r: r["surname"] != r["surname"].strip(), SOURCES, 0.001, 0.02),
    "accents": (lambda r: not (r["surname"] + r["forenames"]).isascii(), SOURCES[:2], 0.005, 0.25),
    "capitals": (lambda r: (r["surname"] + r["forenames"]).isupper(), SOURCES[2:], 0.98, 1.0),
    "hyphen": (lambda r: "-" in r["surname"], SOURCES, 0.003, 0.05),
}
PARAMETERS = [
    pytest.param(is_hit, source, low, high, id=f"{source}: {name}")
    for name, (is_hit, sources, low, high) in ROW_BLEMISHES.items()
    for source in sources
]


@pytest.mark.parametrize(("is_hit", "source", "low", "high"), PARAMETERS)
def test_rows_carry_a_blemish_in_a_realistic_share(written: Written, is_hit, source, low, high):
    assert low <= share(written.rows[source], is_hit) <= high


@pytest.fixture(scope="module")
def own_pairs(written: Written):
    """(case, record) of one person and inspected sentence: records by the truth, at most 20 days apart."""
    pairs = []
    for source in SOURCES[1:]:
        records = {row["record_id"]: row for row in written.rows[source]}
        for case in written.rows["inspections"]:
            for record_id in written.truth[source].get(case["case_id"], ()):
                if abs((records[record_id]["fields"]["on"] - case["fields"]["on"]).days) <= 20:
                    pairs.append((case, records[record_id]))
    return pairs


def fields(pair):
    return pair[0]["fields"], pair[1]["fields"]


PAIR_BLEMISHES = {
    "surnames differ": (
        lambda c, r: c["surname"] and r["surname"] and c["surname"] != r["surname"],
        0.01,
        0.1,
    ),
    "first forenames differ": (
        lambda c, r: c["first"] and r["first"] and c["first"] != r["first"],
        0.01,
        0.1,
    ),
    "further forenames differ": (
        lambda c, r: c["first"] == r["first"] and c["forenames"] != r["forenames"],
        0.05,
        0.3,
    ),
    "names swapped": (
        lambda c, r: c["surname"] and (c["surname"], c["first"]) == (r["first"], r["surname"]),
        0.002,
        0.03,
    ),
    "birthdays differ": (lambda c, r: c["dob"] and r["dob"] and c["dob"] != r["dob"], 0.005, 0.04),
    "another's PNC identifier": (lambda c, r: c["pnc"] and r["pnc"] and c["pnc"] != r["pnc"], 0.001, 0.02),
    "same day": (lambda c, r: c["on"] == r["on"], 0.5, 0.85),
    "record later by 1 to 7 days": (lambda c, r: 1 <= (r["on"] - c["on"]).days <= 7, 0.05, 0.3),
    "record earlier by 1 to 7 days": (lambda c, r: 1 <= (c["on"] - r["on"]).days <= 7, 0.05, 0.3),
    "exactly 7 days": (lambda c, r: abs((c["on"] - r["on"]).days) == 7, 0.005, 0.06),
    "near miss of 8 to 20 days": (lambda c, r: 8 <= abs((c["on"] - r["on"]).days) <= 20, 0.003, 0.05),
}


@pytest.mark.parametrize(("is_hit", "low", "high"), PAIR_BLEMISHES.values(), ids=PAIR_BLEMISHES)
def test_inspected_sentences_differ_from_their_case_in_a_realistic_share(own_pairs, is_hit, low, high):
    hits = sum(bool(is_hit(*fields(pair))) for pair in own_pairs)
    assert low <= hits / len(own_pairs) <= high


@pytest.mark.parametrize("source", SOURCES[1:])
def test_some_cases_have_two_records_in_the_window_and_some_are_tied(written: Written, source):
    records = {row["record_id"]: row["fields"]["on"] for row in written.rows[source]}
    n_two, n_tied = 0, 0
    for case in written.rows["inspections"]:
        dates = [records[r] for r in written.truth[source].get(case["case_id"], ())]
        days = sorted(abs((on - case["fields"]["on"]).days) for on in dates)
        if len(days) >= 2 and days[1] <= 7:
            n_two += 1
            n_tied += days[0] == days[1]
    assert 10 <= n_two <= 150
    assert n_tied >= 3


@pytest.mark.parametrize("source", SOURCES[1:])
def test_case_people_have_sentences_before_and_after(written: Written, source):
    records = {row["record_id"]: row["fields"]["on"] for row in written.rows[source]}
    days = [
        (records[r] - case["fields"]["on"]).days
        for case in written.rows["inspections"]
        for r in written.truth[source].get(case["case_id"], ())
    ]
    assert sum(d < -20 for d in days) > 100
    assert sum(d > 20 for d in days) > 100
    assert not [d for d in days if 20 < abs(d) < 30]


def strangers_like(written: Written, source: str, alike: tuple[str, ...], unlike: str) -> int:
    keys = {}
    for case in written.rows["inspections"]:
        key = tuple(case["fields"][f] for f in alike)
        if all(key):
            keys.setdefault(key, []).append(case)
    found = set()
    for record in written.rows[source]:
        for case in keys.get(tuple(record["fields"][f] for f in alike), []):
            is_own = record["record_id"] in written.truth[source].get(case["case_id"], ())
            if not is_own and record["fields"][unlike] != case["fields"][unlike]:
                found.add(case["case_id"])
    return len(found)


@pytest.mark.parametrize("source", SOURCES[1:])
@pytest.mark.parametrize(
    ("alike", "unlike"),
    [
        pytest.param(("surname", "dob"), "first", id="twins"),
        pytest.param(("surname", "forenames", "dob"), "pnc", id="namesakes born on one day"),
        pytest.param(("pnc",), "surname", id="a case's PNC identifier in a stranger's row"),
    ],
)
def test_strangers_resemble_some_cases(written: Written, source, alike, unlike):
    assert 2 <= strangers_like(written, source, alike, unlike) <= 0.06 * len(written.rows["inspections"])


@pytest.mark.parametrize("source", SOURCES)
def test_one_file_is_delivered_twice_and_some_rows_are_corrected_later(written: Written, source):
    files = sorted((written.landing / source).glob("*.csv"), key=lambda p: p.name[-14:])
    contents = [path.read_bytes() for path in files]
    assert len(set(contents)) == len(contents) - 1
    lines = {}
    for content in dict.fromkeys(contents):
        for line in content.decode("utf-8-sig").splitlines()[1:]:
            lines.setdefault(line.split(",")[0], set()).add(line)
    n_corrected = sum(len(versions) > 1 for versions in lines.values())
    assert 0.001 <= n_corrected / len(lines) <= 0.01


@pytest.mark.parametrize("source", SOURCES)
def test_dates_keep_to_the_bulletins_periods(written: Written, source):
    rows = written.rows[source]
    starts = [row["fields"]["on"] for row in written.rows["inspections"]]
    if source == "inspections":
        assert date(2017, 11, 8) <= min(starts)
        assert max(starts) <= date(2018, 12, 31)
    elif source == "terminations":
        ended = [date(*map(int, reversed(row["termination_date"].split("/")))) for row in rows]
        assert date(2017, 11, 1) <= min(ended)
        assert max(ended) <= date(2021, 12, 31)
        assert all(end >= row["fields"]["on"] for end, row in zip(ended, rows, strict=True))
    else:
        on = [row["fields"]["on"] for row in rows]
        assert date(2017, 11, 1) <= min(on) <= min(starts)
        assert max(on) <= date(2020, 6, 30)


def test_each_provider_was_inspected_on_one_monday_of_the_round(written: Written):
    weeks = {}
    for row in written.rows["inspections"]:
        day, month, year = map(int, row["fieldwork_date"].split("/"))
        weeks.setdefault((row["provider"], row["provider_type"]), set()).add(date(year, month, day))
    assert len(weeks) == 28
    assert all(len(days) == 1 and min(days).weekday() == 0 for days in weeks.values())
    assert all(date(2018, 6, 1) <= min(days) <= date(2019, 6, 30) for days in weeks.values())


def test_a_row_not_reoffended_has_no_reoffences_and_no_days(written: Written):
    for row in written.rows["reoffending"]:
        if row["reoffended"] == "0":
            assert (row["reoffences"], row["days_to_first_reoffence"]) == ("0", "")
        else:
            assert int(row["reoffences"]) >= 1
            assert 0 <= int(row["days_to_first_reoffence"]) <= 365


def test_every_source_is_written_in_one_of_the_contracts_date_formats():
    assert {calendar.date_format for calendar in CALENDARS.values()} == {"%d/%m/%Y", "%Y-%m-%d"}
