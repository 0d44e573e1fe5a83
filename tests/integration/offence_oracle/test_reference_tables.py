"""The reference tables of the measure: the dbt test that guards them finds what it is there for."""

import pytest

from tests.integration.linkage_oracle import compiled


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return compiled.compile_project(tmp_path_factory.mktemp("dbt"))


@pytest.mark.parametrize(("table", "column"), [("offence_codes", "offence_code"), ("disposals", "disposal")])
def test_a_table_without_its_row_for_the_unknown_is_found(project, table, column):
    con = compiled.open_warehouse(project)
    guard = project.singular_test("offence_tables_say_what_the_unknown_counts_as").sql
    assert con.execute(guard).fetchall() == []
    con.execute(f"delete from reference.{table} where {column} = 'unknown'")
    assert con.execute(guard).fetchall() == [(table,)]
