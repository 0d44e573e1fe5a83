"""Every column an analyst can query is described, and every described one is there."""

import duckdb
import pytest

from orchestration.dbt.data_dictionary import described_tables
from orchestration.tables.second_opinion import SECOND_OPINION_TABLES
from orchestration.tables.stepwise_stability import STEPWISE_STABILITY_TABLES

# Made by a command of their own.
NOT_OF_A_BULLETIN = {*SECOND_OPINION_TABLES, *STEPWISE_STABILITY_TABLES}


@pytest.mark.parametrize("schema", ["marts", "results", "quality"])
def test_the_dictionary_and_the_ad_hoc_database_agree(finished_run, schema):
    with duckdb.connect(str(finished_run.analysis_database), read_only=True) as connection:
        rows = connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = ?", [schema]
        ).fetchall()
    tables = [t for t in described_tables() if t.schema == schema and t.name not in NOT_OF_A_BULLETIN]
    described = {(t.name, c.name) for t in tables for c in t.columns}
    assert set(rows) == described
