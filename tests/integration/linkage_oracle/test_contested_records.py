"""One record that cases of two people claim: the SQL and plain loops find the same, in thousands of worlds."""

from tests.integration.linkage_oracle import compiled
from tests.integration.linkage_oracle.comparing import outcomes_of_oracle, outcomes_of_sql
from tests.integration.linkage_oracle.oracle import contested
from tests.integration.linkage_oracle.worlds import world

N_WORLDS = 1500
QUERY = "select source, case_id, other_case_ids from linkage.contested_records where n_other_cases > 0"


def test_records_claimed_by_two_people_are_found_and_those_of_one_person_are_not(project, warehouse):
    worlds = [world(31, number) for number in range(N_WORLDS)]
    compiled.load(warehouse, worlds)
    compiled.run(warehouse, project, "staging", "linkage")
    expected = {}
    outcomes = outcomes_of_oracle(worlds)
    for source in ("terminations", "reoffending"):
        own = {case_id: outcome for (its, case_id), outcome in outcomes.items() if its == source}
        for each in worlds:
            found = contested(each.cases, own)
            expected |= {(source, case_id): others for case_id, others in found.items()}
    decided = {
        (source, case_id): tuple(others.split()) for source, case_id, others in warehouse.execute(QUERY).fetchall()
    }
    assert decided == expected
    shared = warehouse.execute(
        "select count(*) from linkage.reoffending_matches where n_cases_of_record > 1"
    ).fetchall()[0][0]
    n_contested = sum(source == "reoffending" for source, _ in expected)
    assert n_contested >= 50
    assert shared - n_contested >= 50
    assert outcomes_of_sql(warehouse) == outcomes  # told, and no link is changed by it
