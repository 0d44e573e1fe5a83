"""Every column an analyst can query is described, and every described one is there."""

import duckdb
import pytest

from orchestration.data_dictionary import described_tables


@pytest.mark.parametrize("schema", ["marts", "results", "quality"])
def test_the_dictionary_and_the_ad_hoc_database_agree(finished_run, schema):
    with duckdb.connect(str(finished_run.analysis_database), read_only=True) as connection:
        rows = connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = ?", [schema]
        ).fetchall()
    described = {(t.name, c.name) for t in described_tables() if t.schema == schema for c in t.columns}
    assert set(rows) == described
