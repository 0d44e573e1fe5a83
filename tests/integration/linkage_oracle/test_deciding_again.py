"""The sensitivity study's second writing of the decision equals the SQL, for several windows and sets of rules.

Belongs here: `methods.linkage.deciding` beside the linkage tables, row for row. Not here: whether the SQL is right
(`test_links`).
"""

import numpy as np
import pandas as pd
import pytest

from orchestration.linkage import sensitivity as sensitivity_reader
from orchestration.methods.linkage.choices.deciding import FINDINGS, STATUSES, UNDECIDED, decide
from tests.integration.linkage_oracle import compiled
from tests.integration.linkage_oracle.oracle import RULES
from tests.integration.linkage_oracle.worlds import overrides_of, world

N_WORLDS = 1500
WINDOWS = (0, 6, 10, 28)
RULE_SETS = {
    "without the first": [r for r in RULES if r.rank != 1],
    "names only": [r for r in RULES if r.is_unique],
    "without the rules on one number": [r for r in RULES if len(r.fields) > 1],
    "the CRN alone": [r for r in RULES if r.name == "crn"],
    "none": [],
}
COMPARED = ("status", "rule_rank", "record", "days", "is_tied", "records_combined", *FINDINGS)
UNIQUE = [r.rank for r in RULES if r.is_unique]
RANKS = [r.rank for r in RULES]


@pytest.fixture(scope="module")
def worlds():
    return [world(21, number) for number in range(N_WORLDS)]


@pytest.fixture(scope="module")
def linked(project, worlds):
    """A warehouse with the worlds linked at the default window with all rules."""
    con = compiled.open_warehouse(project)
    compiled.load(con, worlds)
    compiled.run(con, project, "staging", "linkage")
    yield con
    con.close()


@pytest.fixture(scope="module")
def relinked(project, worlds):
    """Another, to be linked with other rules and windows."""
    con = compiled.open_warehouse(project)
    compiled.load(con, worlds)
    compiled.run(con, project, "staging")
    yield con
    con.close()


def _decided(con, source, ranks, window) -> pd.DataFrame:
    """The study's decisions from the default run's tables, as `sensitivity_reader.linked` gives the linkage's."""
    n = con.execute("select count(*) from linkage.case_keys").fetchall()[0][0]
    found = decide(sensitivity_reader.reached(con, source, n), UNIQUE, ranks, window)
    eligible = sensitivity_reader.eligible_cases(con, source)
    frame = pd.DataFrame(
        {
            "case": eligible,
            "status": np.array(STATUSES, dtype=object)[found.status[eligible]],
            "rule_rank": found.rule_rank[eligible],
            "record": found.record[eligible],
            "days": found.days[eligible],
            "is_tied": found.is_tied[eligible],
            "records_combined": found.records_combined[eligible],
            **{name: found.findings[name][eligible] for name in FINDINGS},
        }
    )
    return _comparable(frame, source)


def _comparable(frame: pd.DataFrame, source: str) -> pd.DataFrame:
    """Rules stand beside a decision only, the rest beside a match; a termination has no combined findings."""
    is_matched = frame["status"] == "matched"
    is_decided = is_matched | (frame["status"] == "ambiguous")
    known = {name: pd.to_numeric(frame[name]).astype("Float64") for name in COMPARED[1:]}
    known["rule_rank"] = known["rule_rank"].mask(known["rule_rank"] == float(UNDECIDED)).where(is_decided)
    for name in COMPARED[2:]:
        known[name] = known[name].where(is_matched)
    return pd.DataFrame({"case": frame["case"].astype("int64"), "status": frame["status"].astype("str")} | known)


def _differences(con, expected_con, ranks, window) -> list[str]:
    lines = []
    for source in sensitivity_reader.SOURCES:
        found = _decided(con, source, ranks, window)
        expected = _comparable(_linked_in_numbers(expected_con, con, source), source)
        same = (found.eq(expected) | (found.isna() & expected.isna())).fillna(False).all(axis=1)
        assert found["case"].tolist() == expected["case"].tolist()
        lines += [
            f"{source} {i}: {found.loc[i].to_dict()} against {expected.loc[i].to_dict()}" for i in same[~same].index
        ]
    return lines


def _linked_in_numbers(expected_con, con, source) -> pd.DataFrame:
    """The other run's decisions, its record numbers turned into those of `con`."""
    own, other = (_record_ids(each, source) for each in (con, expected_con))
    frame = sensitivity_reader.linked(expected_con, source)
    number = {record_id: place for place, record_id in own.items()}
    return frame.assign(record=[number[other[int(r)]] if pd.notna(r) else None for r in frame["record"]])


def _record_ids(con, source) -> dict[int, str]:
    query = f"select record, record_id from ({sensitivity_reader.RECORD_NUMBERS}) where source = ?"
    return dict(con.execute(query, [source]).fetchall())


def test_at_the_default_window_and_rules_every_case_is_decided_as_the_sql_decides_it(linked):
    assert _differences(linked, linked, RANKS, 7)[:3] == []


@pytest.mark.parametrize("window", WINDOWS)
def test_a_window_decided_again_is_the_sql_run_with_that_window(project, linked, relinked, tmp_path, window):
    compiled.run(relinked, compiled.compile_project(tmp_path, match_window_days=window), "linkage")
    assert _differences(linked, relinked, RANKS, window)[:3] == []


@pytest.mark.parametrize("rules", [pytest.param(rules, id=name) for name, rules in RULE_SETS.items()])
def test_a_set_of_rules_decided_again_is_the_sql_run_with_those_rules(project, linked, relinked, rules):
    relinked.execute("delete from reference.match_rules")
    for rule in rules:
        relinked.execute("insert into reference.match_rules values (?, ?, ?, ?, ?, ?, ?)", compiled.rule_row(rule))
    compiled.run(relinked, project, "linkage")
    assert _differences(linked, relinked, [r.rank for r in rules], 7)[:3] == []


def test_a_reviewers_link_stands_as_long_as_its_record_is_in_the_window(project, tmp_path):
    worlds = [world(22, number) for number in range(400)]
    overrides = [override for w in worlds for override in overrides_of(w, 22)]
    published, narrow = compiled.open_warehouse(project), compiled.open_warehouse(project)
    for con, its_project in ((published, project), (narrow, compiled.compile_project(tmp_path, match_window_days=3))):
        compiled.load(con, worlds)
        compiled.load_overrides(con, overrides)
        compiled.run(con, its_project, "staging", "linkage")
    assert _differences(published, published, RANKS, 7)[:3] == []
    assert _differences(published, narrow, RANKS, 3)[:3] == []
    forced = [
        sensitivity_reader.reached(published, source, 5000).is_forced.sum() for source in sensitivity_reader.SOURCES
    ]
    assert min(forced) >= 10


def test_the_worlds_hold_what_the_decision_can_trip_over(linked):
    found = pd.concat([_decided(linked, source, RANKS, 7) for source in sensitivity_reader.SOURCES])
    assert (found["status"].value_counts() >= 30).all()
    assert found["is_tied"].sum() >= 20
    assert (found["records_combined"] > 1).sum() >= 50
