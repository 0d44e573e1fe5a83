"""The comparison with the oracle notices each single choice of the method being dropped from the SQL."""

import dataclasses

import pytest

from tests.integration.linkage_oracle import compiled
from tests.integration.linkage_oracle.comparing import differences, outcomes_of_oracle, outcomes_of_sql
from tests.integration.linkage_oracle.worlds import world

N_WORLDS = 800
# The models that a choice is written into, by its one macro.
RULES = "rule_verdicts case_persons decided_records"
WINDOW = "records_in_window records_by_person"
PERSONS = "records_in_blocks match_records"
CHANGES = {
    "contradicted records stay in the window": (WINDOW, "not is_contradicted", "true"),
    "contradicted pairs satisfy rules": (RULES, "not pairs.is_contradicted", "true"),
    "different PNC identifiers veto nothing": (
        RULES,
        "not kinds.has_conflicting_pnc or",
        "true or",
    ),
    "CRN and birthday do not overrule the veto": (
        RULES,
        "or rules.is_accepting_conflict",
        "or false",
    ),
    "a crossed name is no agreement": (
        "match_guard_masks",
        "= 'contradiction_agreeing'",
        "= 'contradiction_compared'",
    ),
    "short names with a fault are near": (
        "pair_agreements",
        ">= 4 and damerau_levenshtein",
        ">= 1 and damerau_levenshtein",
    ),
    "names two faults apart are near": (
        "pair_agreements",
        "damerau_levenshtein(cases.surname, records.surname) = 1",
        "damerau_levenshtein(cases.surname, records.surname) between 1 and 2",
    ),
    "a name cut short is another": ("pair_agreements", "starts_with(cases.", "false and starts_with(cases."),
    "a name cut to two letters is near": ("pair_agreements", ">= 3 and starts_with", ">= 2 and starts_with"),
    "the window is a day narrower": (WINDOW, "<= 7", "<= 6"),
    "the window is a day wider": (WINDOW, "<= 7", "<= 8"),
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
    "two PNC identifiers are not ambiguous": (
        "decisions",
        "left_at_last.first_pnc_id <> left_at_last.last_pnc_id",
        "false",
    ),
    "two CRNs are not ambiguous": ("decisions", "left_at_last.first_crn <> left_at_last.last_crn", "false"),
    "two CRNs beside one PNC identifier are ambiguous": (
        "decisions",
        "left_at_last.last_pnc_id is null and",
        "true and",
    ),
    "rules need not be unique": ("decisions", "when rules.is_unique", "when false"),
    "persons without CRN records fall apart": (
        PERSONS,
        "when crn is not null then 'crn|' || crn",
        "",
    ),
    "namesakes are never one person": (PERSONS, "'name|' ||", "'name|' || record_id ||"),
    "PNC identifiers are sought by the long year alone": (
        "records_in_blocks",
        "unnest([substr(pnc_id, 1, 4), substr(pnc_id, 3, 2)])",
        "substr(pnc_id, 1, 4)",
    ),
    "unusual surnames are sought as they are written": (
        "records_in_blocks",
        "coalesce(unusual_surname.joined_name, upper(received.surname))",
        "upper(received.surname)",
    ),
    "swapped names are not sought": ("records_in_blocks", "'swapped_names_dob' in", "'nothing' in"),
    "a case's other records are not sought by the person": (
        "match_records",
        "from bringing_a_person as bringing",
        "from (from bringing_a_person limit 0) as bringing",
    ),
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


@pytest.mark.parametrize(("models", "clause", "instead"), [pytest.param(*c, id=name) for name, c in CHANGES.items()])
def test_a_dropped_choice_changes_some_case(project, staged, expected, models, clause, instead):
    nodes = [project.nodes[f"model.probation_outcomes.{model}"] for model in models.split()]
    assert all(clause in node.sql for node in nodes)
    changed = {n.unique_id: dataclasses.replace(n, sql=n.sql.replace(clause, instead)) for n in nodes}
    compiled.run(staged, compiled.Project({**project.nodes, **changed}), "linkage")
    assert differences(expected, outcomes_of_sql(staged)) != []
