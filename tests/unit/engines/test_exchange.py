"""Tables on their way back: in the warehouse's own types, all of them or none."""

import duckdb
import pytest

from orchestration.engines import exchange
from orchestration.engines.exchange import take_back
from orchestration.engines.places import Places
from orchestration.errors import PipelineError
from orchestration.settings import Parameters, Settings
from orchestration.storage.warehouse import sql_text


def node(kind: str, schema: str, name: str, *made_from: str) -> dict:
    depends_on = {"nodes": [f"model.p.{parent}" for parent in made_from]}
    return {"resource_type": kind, "name": name, "schema": schema, "tags": ["marts"], "depends_on": depends_on}


MANIFEST = {
    "nodes": {
        # a view on a view, whose name comes first
        "model.p.any_few": node("model", "marts", "any_few", "few"),
        "model.p.cases": node("model", "marts", "cases"),
        "model.p.few": node("model", "marts", "few", "cases"),
        "seed.p.bands": node("seed", "reference", "bands"),
    },
    "sources": {"source.p.marts.notes": {"name": "notes", "schema": "marts"}},
}
SHAPE = """
    create schema marts; create schema reference;
    create table marts.cases (case_key varchar, age integer);
    comment on table marts.cases is 'One row a case.'; comment on column marts.cases.age is 'In years.';
    create view marts.few as select * from marts.cases where age < 20; comment on view marts.few is 'The young.';
    create view marts.any_few as select count(*) as n from marts.few;
    create table reference.bands as select 'a' as band;
"""
BEFORE = """
    create schema marts;
    create view marts.cases as select 'old' as case_key;
    create table marts.made_by_nobody (x integer); create table marts.notes as select 'kept' as note;
"""


@pytest.fixture
def warehouse(tmp_path, monkeypatch):
    """Settings of a folder with an older warehouse and a mould; Spark's rows are still to be written."""
    monkeypatch.setattr(exchange, "manifest_of", lambda _: MANIFEST)
    settings = Settings(data_dir=tmp_path / "o'brien's [1]", parameters=Parameters())
    places = Places.of(settings)
    (places.warehouse / "marts.db" / "cases").mkdir(parents=True)
    for path, statements in ((settings.warehouse, BEFORE), (places.mould, SHAPE)):
        with duckdb.connect(str(path)) as connection:
            connection.execute(statements)
    return settings


def rows_of_spark(settings, query: str) -> None:
    file = Places.of(settings).warehouse / "marts.db" / "cases" / "part-0.parquet"
    duckdb.execute(f"copy ({query}) to {sql_text(file)} (format parquet)")


def ask(settings, query: str) -> list[tuple]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_rows_come_back_in_the_moulds_types_with_its_comments_and_views(warehouse):
    rows_of_spark(warehouse, "select 19::bigint as age, 'k1' as case_key union all select 44, 'k2'")
    take_back(warehouse, Places.of(warehouse), "marts")
    assert ask(warehouse, "select * from marts.cases order by all") == [("k1", 19), ("k2", 44)]
    assert ask(warehouse, "select typeof(age) from marts.few") == [("INTEGER",)]
    assert ask(warehouse, "select comment from duckdb_tables() where table_name = 'cases'") == [("One row a case.",)]
    assert ask(warehouse, "select comment from duckdb_views() where view_name = 'few'") == [("The young.",)]
    said = "select comment from duckdb_columns() where (table_name, column_name) = ('cases', 'age')"
    assert ask(warehouse, said) == [("In years.",)]


def test_reference_tables_come_with_the_layer_what_others_made_stays_and_what_nobody_makes_goes(warehouse):
    rows_of_spark(warehouse, "select 19 as age, 'k1' as case_key")
    take_back(warehouse, Places.of(warehouse), "marts")
    assert ask(warehouse, "select * from reference.bands") == [("a",)]
    assert ask(warehouse, "select * from marts.notes") == [("kept",)]
    left = ask(warehouse, "select table_name from information_schema.tables where table_schema = 'marts' order by 1")
    assert left == [("any_few",), ("cases",), ("few",), ("notes",)]


def test_a_table_without_a_row_comes_back_without_one(warehouse):
    rows_of_spark(warehouse, "select 'k1' as case_key, 19 as age where false")
    take_back(warehouse, Places.of(warehouse), "marts")
    assert ask(warehouse, "select count(*) from marts.cases") == [(0,)]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("select 'k1' as case_key, 19.7::double as age", "age DOUBLE, age whole number"),
        ("select 'k1' as case_key, '19' as age", "age VARCHAR, age whole number"),
        ("select 'k1' as case_key", "age whole number"),
        ("select 'k1' as case_key, 19 as age, 1 as more", "more whole number"),
    ],
)
def test_columns_that_duckdb_would_not_make_are_refused_and_the_warehouse_is_as_it_was(warehouse, query, told):
    rows_of_spark(warehouse, query)
    with pytest.raises(PipelineError, match=f"marts.cases with columns or types that DuckDB does not: {told}"):
        take_back(warehouse, Places.of(warehouse), "marts")
    assert ask(warehouse, "select * from marts.cases") == [("old",)]


def test_a_table_of_which_nothing_came_is_no_table_without_a_row(warehouse):
    with pytest.raises(PipelineError, match=r"left nothing of marts\.cases"):
        take_back(warehouse, Places.of(warehouse), "marts")
    assert ask(warehouse, "select * from marts.cases") == [("old",)]


def test_a_value_that_does_not_fit_leaves_the_warehouse_as_it_was(warehouse):
    rows_of_spark(warehouse, "select 99999999999 as age, 'k1' as case_key")
    with pytest.raises(duckdb.ConversionException):
        take_back(warehouse, Places.of(warehouse), "marts")
    assert ask(warehouse, "select * from marts.cases") == [("old",)]
    assert ask(warehouse, "select count(*) from marts.made_by_nobody") == [(0,)]
