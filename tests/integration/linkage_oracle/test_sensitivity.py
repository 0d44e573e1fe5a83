"""The comparison with the oracle notices each single choice of the method being dropped from the SQL."""

import dataclasses

import pytest

from tests.integration.linkage_oracle import compiled
from tests.integration.linkage_oracle.comparing import differences, outcomes_of_oracle, outcomes_of_sql
from tests.integration.linkage_oracle.worlds import world

N_WORLDS = 800
CHANGES = {
    "contradicted records stay in the window": ("pair_agreements", "not is_contradicted and abs(", "abs("),
    "contradicted pairs satisfy rules": (
        "agreement_patterns",
        "when guarded.is_contradicted then 'contradicted'",
        "",
    ),
    "different PNC identifiers veto nothing": (
        "agreement_patterns",
        "when guarded.has_conflicting_pnc and",
        "when false and",
    ),
    "CRN and birthday do not overrule the veto": (
        "agreement_patterns",
        "lambda one_set: list_has_all(rules.fields, one_set)",
        "lambda one_set: false",
    ),
    "a crossed name is no agreement": ("agreement_patterns", "contradiction_agreeing", "contradiction_compared"),
    "short names with a fault are near": (
        "compared_pairs",
        ">= 4 and damerau_levenshtein",
        ">= 1 and damerau_levenshtein",
    ),
    "names two faults apart are near": (
        "compared_pairs",
        "damerau_levenshtein(cases.surname, records.surname) = 1",
        "damerau_levenshtein(cases.surname, records.surname) between 1 and 2",
    ),
    "a name cut short is another": ("compared_pairs", ">= 3 and substr(cases.", "< 0 and substr(cases."),
    "a name cut to two letters is near": ("compared_pairs", ">= 3 and substr(", ">= 2 and substr("),
    "the window is a day narrower": ("pair_agreements", "<= 7", "<= 6"),
    "the window is a day wider": ("pair_agreements", "<= 7", "<= 8"),
    "ties go to the record before": (
        "decided_records",
        "records.date_difference_days desc",
        "records.date_difference_days",
    ),
    "ties go to the larger id": ("decided_records", "records.record_id asc\n", "records.record_id desc\n"),
    "two PNC identifiers are not ambiguous": (
        "rule_steps",
        "min(first_pnc_id) <> max(last_pnc_id)",
        "false",
    ),
    "two CRNs are not ambiguous": ("rule_steps", "min(first_crn) <> max(last_crn)", "false"),
    "a PNC identifier and a CRN that nothing ties are one person's": (
        "rule_steps",
        "or reached.has_untied_numbers",
        "or false",
    ),
    "two people without a number are one": ("rule_steps", "cardinality(reached.persons_without_number) > 1", "false"),
    "whoever has no number is the other person": (
        "rule_steps",
        "and not list_has_all(reached.names_of_numbered",
        "and false and not list_has_all(reached.names_of_numbered",
    ),
    "the very names tie nobody": (
        "persons_reached",
        "array_agg(distinct name_key)",
        "array_agg(distinct crn)",
    ),
    "a record outside the window ties nothing": ("persons_reached", "max(crn) as any_crn", "null as any_crn"),
    "rules need not be unique": ("rule_steps", "when rules.is_unique\n", "when false\n"),
    "what differs altogether refuses nothing": (
        "agreement_patterns",
        "when cardinality(list_filter(rules.unless_differing",
        "when false and cardinality(list_filter(rules.unless_differing",
    ),
    "birthday and a name of another person are no contradiction": (
        "agreement_patterns",
        "or cardinality(list_filter(guards.altogether",
        "or false and cardinality(list_filter(guards.altogether",
    ),
    "another forename without a number is no contradiction": (
        "agreement_patterns",
        "and cardinality(list_filter(guards.without_number",
        "and false and cardinality(list_filter(guards.without_number",
    ),
    "what is nearly equal differs altogether": (
        "agreement_patterns",
        "lambda field: not case field",
        "lambda field: true or not case field",
    ),
    "1 January is as certain as any day": ("compared_pairs", "and (month(cases.date_of_birth) > 1", "and (true"),
    "a nickname is another name": ("compared_pairs", "nicknames.one is not null then", "false then"),
    "words of a name are no name": ("compared_pairs", ">= 2\n", ">= 200\n"),
    "a rule without anybody in the window is the last": (
        "rule_steps",
        "where records_in_window > 0\n    group by source, case_id\n",
        "group by source, case_id\n",
    ),
    "persons without CRN records fall apart": (
        "staged_reoffending",
        "when usable_crn is not null then 'crn|' || usable_crn",
        "",
    ),
    "namesakes are never one person": ("staged_reoffending", "'name|' ||", "'name|' || record_id ||"),
    "swapped names do not meet": ("candidate_pairs", "and cases.surname = records.first_forename", "and false"),
    "a case's other records do not come with their person": (
        "candidate_pairs",
        "on persons_met.source = records.source and persons_met.person_key",
        "on false and persons_met.person_key",
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
def linked(project, worlds, expected):
    """A warehouse linked by the unchanged SQL, which differs from the oracle nowhere."""
    con = compiled.open_warehouse(project)
    compiled.load(con, worlds)
    compiled.run(con, project, "staging", "linkage")
    assert differences(expected, outcomes_of_sql(con)) == []
    yield con
    con.close()


@pytest.mark.parametrize(("model", "clause", "instead"), [pytest.param(*c, id=name) for name, c in CHANGES.items()])
def test_a_dropped_choice_changes_some_case(project, linked, expected, model, clause, instead):
    """Only what rests on the changed model is built again, and taken back afterwards."""
    node = project.nodes[f"model.probation_outcomes.{model}"]
    assert clause in node.sql
    changed = compiled.Project(
        {**project.nodes, node.unique_id: dataclasses.replace(node, sql=node.sql.replace(clause, instead))}
    )
    linked.execute("begin")
    try:
        compiled.build(linked, changed.resting_on(node.unique_id, "staging", "linkage"))
        found = outcomes_of_sql(linked)
    finally:
        linked.execute("rollback")
    assert differences(expected, found) != []
