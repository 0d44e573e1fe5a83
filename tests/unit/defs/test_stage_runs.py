"""What the UI shows of a table: its columns, and its rows where counting them costs nothing."""

import duckdb
import pytest

from orchestration.defs.stage_runs import table_metadata


@pytest.fixture
def warehouse():
    with duckdb.connect() as connection:
        connection.execute("create schema linkage")
        connection.execute("create table linkage.pairs as select 1 as agreements from range(3)")
        connection.execute("create view linkage.costly as select error('read') as problem from linkage.pairs")
        yield connection


def test_a_table_is_counted(warehouse):
    facts = table_metadata(warehouse, "linkage.pairs")
    assert facts["dagster/row_count"] == 3
    assert [column.name for column in facts["dagster/column_schema"].columns] == ["agreements"]


def test_a_view_is_described_without_being_read(warehouse):
    facts = table_metadata(warehouse, "linkage.costly")
    assert "dagster/row_count" not in facts
    assert [column.name for column in facts["dagster/column_schema"].columns] == ["problem"]
