"""Tables are written as declared, or not at all."""

import duckdb
import pandas as pd
import pytest

from orchestration.errors import PipelineError
from orchestration.storage.tables import append_rows, drop_if_other, make_table, replace_rows, write_table
from orchestration.tables.table import Column, Table

SHOES = Table(
    "results",
    "shoes",
    "One row a shoe; the cobbler's.",
    key=("maker", "order"),
    disclosure="process",
    columns=(
        Column("maker", "varchar", "Who made it."),
        Column("order", "bigint", "Its number."),
        Column("made_on", "date", "When it was made."),
    ),
)
FRAME = pd.DataFrame({"maker": ["Smith"], "order": [1.0], "made_on": pd.to_datetime(["2020-02-29"])})
EMPTY = pd.DataFrame({name: pd.Series(dtype=object) for name in SHOES.names})


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        opened.execute("create schema results")
        yield opened


def columns(connection):
    return connection.execute(
        "select column_name, lower(data_type), comment from duckdb_columns() where table_name = 'shoes'"
    ).fetchall()


def makers(connection):
    return connection.execute("select maker from results.shoes order by maker").fetchall()


@pytest.mark.parametrize("frame", [FRAME, EMPTY], ids=["rows", "no rows"])
@pytest.mark.parametrize("write", [write_table, append_rows])
def test_types_and_words_are_the_declared_ones_with_and_without_rows(connection, write, frame):
    write(connection, SHOES, frame)
    assert columns(connection) == [(column.name, column.type, column.description) for column in SHOES.columns]
    assert connection.execute("select comment from duckdb_tables()").fetchall() == [(SHOES.description,)]
    assert connection.execute("select count(*) from results.shoes").fetchall() == [(len(frame),)]


def test_rows_of_one_source_are_replaced_inside_a_transaction(connection):
    connection.execute("begin")
    replace_rows(connection, SHOES, "maker", "Smith", FRAME)
    replace_rows(connection, SHOES, "maker", "Jones", FRAME.assign(maker="Jones"))
    replace_rows(connection, SHOES, "maker", "Smith", FRAME)
    connection.execute("commit")
    assert makers(connection) == [("Jones",), ("Smith",)]


@pytest.mark.parametrize(
    ("frame", "fault"),
    [
        (FRAME.drop(columns="order"), "without order"),
        (FRAME.assign(colour="red"), "with colour"),
        (FRAME[["order", "maker", "made_on"]], "in another order of columns"),
    ],
)
def test_other_columns_are_refused_and_named(connection, frame, fault):
    with pytest.raises(PipelineError, match=rf"results\.shoes was to be written {fault}"):
        write_table(connection, SHOES, frame)


def test_a_value_that_is_not_of_its_type_is_refused_and_not_told(connection):
    write_table(connection, SHOES, FRAME)
    with pytest.raises(PipelineError, match=r"results\.shoes .*: order \(bigint\)\.") as raised:
        write_table(connection, SHOES, FRAME.assign(order="SMITH"))
    assert "SMITH" not in str(raised.value)
    assert makers(connection) == [("Smith",)]


def test_a_table_of_other_code_goes_and_one_of_this_code_stays(connection):
    write_table(connection, SHOES, FRAME)
    drop_if_other(connection, SHOES)
    assert makers(connection) == [("Smith",)]
    connection.execute("create or replace table results.shoes (maker varchar)")
    drop_if_other(connection, SHOES)
    make_table(connection, SHOES)
    assert makers(connection) == []
    assert len(columns(connection)) == len(SHOES.columns)


def test_a_table_that_lacks_a_column_declared_since_is_given_it_and_keeps_its_rows(connection):
    replace_rows(connection, SHOES, "maker", "Smith", FRAME)
    name = SHOES.names[-1]
    connection.execute(f'alter table {SHOES.full_name} drop column "{name}"')
    replace_rows(connection, SHOES, "maker", "Jones", FRAME.assign(maker="Jones"))
    rows = connection.execute(f'select count(*), count("{name}") from {SHOES.full_name}').fetchall()
    assert rows[0][0] == 2 * len(FRAME)
    assert rows[0][1] == FRAME[name].notna().sum()
