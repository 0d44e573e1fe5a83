"""Every table is as it is declared, and says in every database what it is."""

from pathlib import Path

import duckdb
import pytest

from orchestration.releases.publishing import latest_release
from orchestration.tables.catalogue import TABLES, released_table
from orchestration.tables.second_opinion import SECOND_OPINION_DISAGREEMENTS, SECOND_OPINION_TABLES
from orchestration.tables.stepwise_stability import STEPWISE_STABILITY_TABLES
from tools.data_dictionary import described_tables

# Made by a command of their own.
NOT_OF_A_BULLETIN = {*SECOND_OPINION_TABLES, *STEPWISE_STABILITY_TABLES, SECOND_OPINION_DISAGREEMENTS.name}
DATABASES = {
    "warehouse": lambda settings: settings.warehouse,
    "analysis": lambda settings: settings.analysis_database,
    "release": lambda settings: latest_release(settings.published_dir) / "tables.duckdb",
}
OF_A_BULLETIN = [name for name, t in TABLES.items() if t.name not in NOT_OF_A_BULLETIN and t.schema != "release"]
MADE = "duckdb_columns() where not internal and database_name = current_database()"


def rows(database: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("schema", ["marts", "results", "quality"])
def test_the_dictionary_and_the_ad_hoc_database_agree(finished_run, schema):
    found = rows(
        finished_run.analysis_database, f"select table_name, column_name from {MADE} and schema_name = '{schema}'"
    )
    tables = [t for t in described_tables() if t.schema == schema and t.name not in NOT_OF_A_BULLETIN]
    assert set(found) == {(t.name, c.name) for t in tables for c in t.columns}


@pytest.mark.parametrize("name", OF_A_BULLETIN)
def test_a_table_has_the_declared_columns_in_order_and_their_types(finished_run, name):
    schema, table = name.split(".")
    found = rows(
        finished_run.warehouse,
        f"select column_name, lower(data_type) from {MADE} and schema_name = '{schema}' and table_name = '{table}' "
        "order by column_index",
    )
    assert found == [(column.name, column.type) for column in TABLES[name].columns]


@pytest.mark.parametrize("name", OF_A_BULLETIN)
def test_the_key_tells_rows_apart(finished_run, name):
    key = ", ".join(f'"{column}"' for column in TABLES[name].key)
    assert rows(finished_run.warehouse, f"select {key} from {name} group by all having count(*) > 1 limit 3") == []


def test_nothing_is_written_by_python_that_is_not_declared(finished_run):
    written = rows(
        finished_run.warehouse,
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where schema_name in ('raw', 'results', 'quality')",
    )
    assert {name for (name,) in written} - set(TABLES) == set()


def test_a_release_has_the_declared_columns_and_types(finished_run):
    found = rows(
        DATABASES["release"](finished_run),
        f"select table_name, column_name, lower(data_type) from {MADE} and table_name in "
        "(select table_name from duckdb_tables()) order by table_name, column_index",
    )
    names = sorted({name for name, _, _ in found})
    assert found == [(name, c.name, c.type) for name in names for c in released_table(name).columns]


@pytest.mark.parametrize("database", DATABASES)
def test_every_table_and_column_carries_its_description(finished_run, database):
    path = DATABASES[database](finished_run)
    columns = f"select schema_name, table_name, column_name from {MADE} and comment is null"
    tables = "select schema_name, table_name from duckdb_tables() where not internal and comment is null"
    views = "select schema_name, view_name from duckdb_views() where not internal and comment is null"
    assert [rows(path, query) for query in (columns, tables, views)] == [[], [], []]


@pytest.mark.parametrize("database", DATABASES)
def test_a_comment_is_a_description_and_nothing_else(finished_run, database):
    """So no comment can hold a value of an extract."""
    commented = f"select comment from {MADE} union select comment from duckdb_tables() where not internal"
    found = {comment for (comment,) in rows(DATABASES[database](finished_run), commented)}
    tables = described_tables()
    said = {table.description for table in tables} | {column.description for t in tables for column in t.columns}
    assert {" ".join(comment.split()) for comment in found} - said == set()
