"""The comparison with the oracle notices each single choice of the method being dropped from the SQL."""

import dataclasses

import pytest

from tests.integration.linkage_oracle import compiled
from tests.integration.linkage_oracle.comparing import differences, outcomes_of_oracle, outcomes_of_sql
from tests.integration.linkage_oracle.worlds import world

N_WORLDS = 500
CHANGES = {
    "contradicted records stay in the window": ("records_in_window", "not is_contradicted", "true"),
    "contradicted pairs satisfy rules": ("rule_verdicts", "not pairs.is_contradicted", "true"),
    "different PNC identifiers veto nothing": (
        "rule_verdicts",
        "not pairs.has_conflicting_pnc or",
        "true or",
    ),
    "CRN and birthday do not overrule the veto": (
        "rule_verdicts",
        "or rules.is_accepting_conflict",
        "or false",
    ),
    "a crossed name is no agreement": (
        "match_guard_masks",
        "= 'contradiction_agreeing'",
        "= 'contradiction_compared'",
    ),
    "the window is a day narrower": ("records_in_window", "<= 7", "<= 6"),
    "the window is a day wider": ("records_in_window", "<= 7", "<= 8"),
    "ties go to the record before": (
        "decided_records",
        "in_window.date_difference_days desc",
        "in_window.date_difference_days",
    ),
    "ties go to the larger id": (
        "decided_records",
        "in_window.record_id asc\n        ) as",
        "in_window.record_id desc\n        ) as",
    ),
    "two PNC identifiers are not ambiguous": ("rule_steps", "persons_left.n_pnc_ids > 1", "false"),
    "two CRNs are not ambiguous": ("rule_steps", "persons_left.n_crns > 1", "false"),
    "two CRNs beside one PNC identifier are ambiguous": ("rule_steps", "persons_left.n_pnc_ids = 0", "true"),
    "rules need not be unique": ("rule_steps", "tried.is_unique\n            and", "false and"),
    "persons without CRN records fall apart": (
        "match_records",
        "when crn is not null then 'crn|' || crn",
        "",
    ),
    "namesakes are never one person": ("match_records", "'name|' ||", "'name|' || record_id ||"),
    "the latest time to reoffend counts": (
        "reoffending_matches",
        "min(reoffending.days",
        "max(reoffending.days",
    ),
    "only one record's reoffences count": (
        "reoffending_matches",
        "max(reoffending.reoffences)",
        "min(reoffending.reoffences)",
    ),
    "a reoffender in one record only is none": (
        "reoffending_matches",
        "max(reoffending.reoffended)",
        "min(reoffending.reoffended)",
    ),
}


@pytest.fixture(scope="module")
def worlds():
    return [world(8, number) for number in range(N_WORLDS)]


@pytest.fixture(scope="module")
def expected(worlds):
    return outcomes_of_oracle(worlds)


@pytest.fixture(scope="module")
def staged(project, worlds):
    con = compiled.open_warehouse(project)
    compiled.load(con, worlds)
    compiled.run(con, project, "staging")
    yield con
    con.close()


@pytest.mark.parametrize(("model", "clause", "instead"), [pytest.param(*c, id=name) for name, c in CHANGES.items()])
def test_a_dropped_choice_changes_some_case(project, staged, expected, model, clause, instead):
    unique_id = f"model.probation_outcomes.{model}"
    node = project.nodes[unique_id]
    assert clause in node.sql
    changed = dataclasses.replace(node, sql=node.sql.replace(clause, instead))
    compiled.run(staged, compiled.Project({**project.nodes, unique_id: changed}), "linkage")
    assert differences(expected, outcomes_of_sql(staged)) != []
