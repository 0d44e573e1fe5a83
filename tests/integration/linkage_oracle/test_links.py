"""The SQL and the oracle agree on every case of thousands of confusing worlds."""

from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from tests.integration.linkage_oracle import compiled
from tests.integration.linkage_oracle.comparing import differences, outcomes_of_oracle, outcomes_of_sql
from tests.integration.linkage_oracle.oracle import RULE_OF_SPLINK, RULES, RULES_WITH_THE_DAY, Rule
from tests.integration.linkage_oracle.worlds import apart, overrides_of, probable_pairs_of, world

N_WORLDS = 3000
FEWER_WORLDS = 400
RULE_TABLES = {
    "reversed": tuple(replace(r, rank=len(RULES) + 1 - r.rank) for r in RULES),
    "names before numbers": tuple(replace(r, rank=(r.rank + 4) % len(RULES) + 1) for r in RULES),
    "without rules on one number": tuple(r for r in RULES if len(r.fields) > 1),
    "equalities alone": RULES[:10],
    "every rule unique": tuple(replace(r, is_unique=True) for r in RULES),
    "no rule unique": tuple(replace(r, is_unique=False) for r in RULES),
    "with the rules that are shipped unused": (*RULES, *RULES_WITH_THE_DAY, RULE_OF_SPLINK),
    "a rule added before": (
        Rule(1, "forename_dob_day", ("first_forename", "dob", "same_day"), True),
        *(replace(r, rank=r.rank + 1) for r in RULES),
    ),
    "one rule": (Rule(30, "crn_dob_forenames", ("crn", "dob", "forenames"), True),),
    "no rule at all": (),
}


@cache
def worlds_of(seed: int, count: int):
    return [world(seed, number) for number in range(count)]


@cache
def decided_by_loops(seed: int):
    return outcomes_of_oracle(worlds_of(seed, N_WORLDS))


@pytest.mark.parametrize("seed", [1, 2])
def test_every_case_of_thousands_of_worlds_is_linked_as_plain_loops_link_it(project, warehouse, seed):
    worlds = worlds_of(seed, N_WORLDS)
    compiled.load(warehouse, worlds)
    compiled.run(warehouse, project, "staging", "linkage")
    assert differences(decided_by_loops(seed), outcomes_of_sql(warehouse))[:5] == []


def test_the_worlds_reach_every_status_every_rule_and_the_finer_points():
    found = decided_by_loops(1)
    statuses = Counter(outcome.status for outcome in found.values())
    rules = Counter(outcome.rule for outcome in found.values() if outcome.status == "matched")
    assert min(statuses[s] for s in ("matched", "ambiguous", "no_record_in_window", "no_person")) >= 50, statuses
    assert min(rules[rule.name] for rule in RULES) >= 20, rules
    matched = [outcome for outcome in found.values() if outcome.status == "matched"]
    assert sum(outcome.is_tied for outcome in matched) >= 50
    assert sum(outcome.rules_satisfied == () for outcome in matched) >= 20
    assert sum((outcome.records_combined or 0) > 1 for outcome in matched) >= 50
    assert {outcome.date_difference_days for outcome in matched} == set(range(-7, 8)) - {-5, -4, -2, 4, 5}


@pytest.mark.parametrize("rules", [pytest.param(rules, id=name) for name, rules in RULE_TABLES.items()])
def test_another_table_of_rules_needs_no_other_sql(project, own_warehouse, rules):
    worlds = apart(worlds_of(3, FEWER_WORLDS))
    own_warehouse.execute("delete from reference.match_rules")
    for rule in rules:
        own_warehouse.execute("insert into reference.match_rules values (?, ?, ?, ?, ?, ?, ?)", compiled.rule_row(rule))
    compiled.load(own_warehouse, worlds)
    compiled.load_probable_pairs(own_warehouse, [pair for w in worlds for pair in probable_pairs_of(w)])
    compiled.run(own_warehouse, project, "staging", "linkage")
    expected = outcomes_of_oracle(worlds, rules)
    assert differences(expected, outcomes_of_sql(own_warehouse))[:5] == []
    decided = {outcome.rule for outcome in expected.values() if outcome.status == "matched"}
    assert {rule.name for rule in rules if rule == RULE_OF_SPLINK or rule.rank == min(r.rank for r in rules)} <= decided


def test_the_window_is_the_parameter_given(project, warehouse, tmp_path):
    worlds = worlds_of(4, FEWER_WORLDS)
    compiled.load(warehouse, worlds)
    compiled.run(warehouse, project, "staging")
    compiled.run(warehouse, compiled.compile_project(tmp_path, match_window_days=10), "linkage")
    assert differences(outcomes_of_oracle(worlds, window=10), outcomes_of_sql(warehouse))[:5] == []


def test_reviewers_overrides_are_taken_as_plain_loops_take_them(project, warehouse):
    worlds = worlds_of(7, N_WORLDS)
    overrides = [override for w in worlds for override in overrides_of(w, 7)]
    compiled.load(warehouse, worlds)
    compiled.load_overrides(warehouse, overrides)
    compiled.run(warehouse, project, "staging", "linkage")
    expected = outcomes_of_oracle(worlds, overrides=overrides)
    assert differences(expected, outcomes_of_sql(warehouse))[:5] == []
    assert sum(outcome.rule == "override" for outcome in expected.values()) >= 200
    some = worlds[:FEWER_WORLDS]
    of_links = [override for override in overrides if override.decision == "must_link"]
    assert outcomes_of_oracle(some, overrides=overrides) != outcomes_of_oracle(some, overrides=of_links)


@pytest.mark.parametrize("number", range(4))
def test_a_world_alone_is_linked_as_among_thousands(project, warehouse, number):
    worlds = [world(5, number)]
    compiled.load(warehouse, worlds)
    compiled.run(warehouse, project, "staging", "linkage")
    assert differences(outcomes_of_oracle(worlds), outcomes_of_sql(warehouse)) == []
