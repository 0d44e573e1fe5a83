"""Every column a model really has is described, and nothing is described that it has not."""

from tests.integration.linkage_oracle import compiled
from tests.integration.linkage_oracle.worlds import world
from tools.data_dictionary import built_by_dbt


def test_the_columns_built_are_the_columns_described(project, warehouse):
    worlds = [world(9, number) for number in range(20)]
    compiled.load(warehouse, worlds)
    compiled.run(warehouse, project, "staging", "linkage", "marts")
    for table in built_by_dbt():
        query = "select column_name from duckdb_columns() where schema_name = ? and table_name = ?"
        built = [name for (name,) in warehouse.execute(query, [table.schema, table.name]).fetchall()]
        assert sorted(built) == sorted(column.name for column in table.columns), table.name


def test_the_marts_have_a_row_a_case_and_a_row_a_step(project, warehouse):
    worlds = [world(9, number) for number in range(50)]
    compiled.load(warehouse, worlds)
    compiled.run(warehouse, project, "staging", "linkage", "marts")
    assert _count(warehouse, "marts.cases") == sum(len(w.cases) for w in worlds)
    assert _count(warehouse, "marts.linkage_steps") == _count(warehouse, "linkage.rule_steps")


def _count(warehouse, table: str) -> int:
    return warehouse.execute(f"select count(*) from {table}").fetchall()[0][0]
