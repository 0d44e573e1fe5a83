"""A weekly extract links again only the cases it can change, and ends where linking everything would end."""

import dataclasses

import pytest

from tests.integration.linkage_oracle import compiled
from tests.integration.linkage_oracle.arrivals import states

N_WORLDS = 250
ORDERS = {"as numbered": (0, 1, 2, 3), "the last first": (3, 2, 1, 0), "a later one between": (0, 3, 1, 2)}
REASONS = (
    "case_changed",
    "case_gone",
    "known_record_changed",
    "known_record_gone",
    "record_in_block",
    "record_of_person",
    "record_of_override",
)
# What the last linkage did, rather than how a case was linked.
ABOUT_THE_LINKAGE_ITSELF = {"cases_to_link"}
COLUMNS_ABOUT_THE_LINKAGE_ITSELF = {"match_records": "is_changed", "eligible_cases": "is_changed"}


@pytest.fixture(scope="module")
def changes_only(tmp_path_factory):
    return compiled.compile_project(tmp_path_factory.mktemp("changes_only"), relink="changed")


def tables(project) -> list[str]:
    return [m.name for m in project.models("linkage") if m.name not in ABOUT_THE_LINKAGE_ITSELF]


def arrive(con, project, state, overrides):
    compiled.load(con, [state])
    compiled.load_overrides(con, overrides)
    compiled.run(con, project, "staging")


def keep(con, names, schema):
    con.execute(f"create schema if not exists {schema}")
    for name in names:
        con.execute(f"create or replace table {schema}.{name} as select * from linkage.{name}")


def restore(con, names, schema):
    for name in names:
        con.execute(f"create or replace table linkage.{name} as select * from {schema}.{name}")


def rows_that_differ(con, names, one, other) -> dict[str, int]:
    """Table -> rows that stand in one schema and not in the other, counted as often as they stand."""
    found = {}
    for name in names:
        left_out = COLUMNS_ABOUT_THE_LINKAGE_ITSELF.get(name)
        columns = f"* exclude ({left_out})" if left_out else "*"
        left, right = (f"select {columns} from {schema}.{name}" for schema in (one, other))
        query = f"select count(*) from (({left} except all {right}) union all ({right} except all {left}))"
        found[name] = con.execute(query).fetchall()[0][0]
    return {name: count for name, count in found.items() if count}


@pytest.mark.parametrize("order", [pytest.param(order, id=name) for name, order in ORDERS.items()])
def test_whatever_the_order_of_extracts_the_tables_are_those_of_a_full_rebuild(project, changes_only, order):
    names = tables(project)
    con = compiled.open_warehouse(project)
    arrived, overrides = states(11, N_WORLDS, order)
    for step, state in enumerate(arrived):
        arrive(con, project, state, overrides)
        if step:
            compiled.relink(con, changes_only)
            keep(con, names, "relinked")
        compiled.run(con, project, "linkage")
        if step:
            assert rows_that_differ(con, names, "relinked", "linkage") == {}
    con.close()


@pytest.fixture(scope="module")
def second_delivery(project):
    """A warehouse staged with a second delivery: `first` has the tables before it, `expected` those after."""
    names = tables(project)
    con = compiled.open_warehouse(project)
    (first, second, *_), overrides = states(12, 4 * N_WORLDS, (0, 1, 2, 3))
    arrive(con, project, first, overrides)
    compiled.run(con, project, "linkage")
    keep(con, names, "first")
    arrive(con, project, second, overrides)
    compiled.run(con, project, "linkage")
    keep(con, names, "expected")
    yield con
    con.close()


@pytest.mark.parametrize("reason", REASONS)
def test_no_reason_to_link_a_case_again_can_be_forgotten(project, changes_only, second_delivery, reason):
    unique_id = "model.probation_outcomes.cases_to_link"
    node = changes_only.nodes[unique_id]
    assert f"'{reason}'" in node.sql
    forgetful = node.sql.replace("    from reasons\n", f"    from reasons where reason <> '{reason}'\n")
    assert forgetful != node.sql
    changed = compiled.Project({**changes_only.nodes, unique_id: dataclasses.replace(node, sql=forgetful)})
    names = tables(project)
    restore(second_delivery, names, "first")
    compiled.relink(second_delivery, changed)
    assert rows_that_differ(second_delivery, names, "linkage", "expected") != {}


def test_with_every_reason_the_second_delivery_is_linked_as_in_a_full_rebuild(project, changes_only, second_delivery):
    names = tables(project)
    restore(second_delivery, names, "first")
    compiled.relink(second_delivery, changes_only)
    assert rows_that_differ(second_delivery, names, "linkage", "expected") == {}


def test_nothing_new_links_nothing_and_one_new_record_links_few(project, changes_only):
    names = tables(project)
    con = compiled.open_warehouse(project)
    (state, *_), overrides = states(13, N_WORLDS, (0, 1, 2, 3))
    arrive(con, project, state, overrides)
    compiled.run(con, project, "linkage")
    keep(con, names, "first")
    compiled.relink(con, changes_only)
    assert con.execute("select count(*) from linkage.cases_to_link").fetchall() == [(0,)]
    assert rows_that_differ(con, names, "first", "linkage") == {}
    like = next(row for row in state.reoffending if row.pnc_id)
    new = dataclasses.replace(like, id="new")
    arrive(con, project, dataclasses.replace(state, reoffending=[*state.reoffending, new]), overrides)
    compiled.relink(con, changes_only)
    linked = con.execute("select source, count(*) from linkage.cases_to_link group by source").fetchall()
    assert [source for source, _ in linked] == ["reoffending"]
    assert 1 <= linked[0][1] <= 4, "a world has four cases at most"
    con.close()
