"""Two warehouses compared: what is told of a table that differs, and of one that does not."""

import duckdb
import pytest

from tests.benchmarks.comparing import TableComparison, compare_warehouses

LIKE = (
    "create table staging.t as "
    "select * from (values (1, 'a', [1, null]), (2, null, null), (2, null, null)) as t (n, w, l)"
)


@pytest.fixture
def compared(tmp_path):
    """What is told of the tables that two statements make, one in each warehouse."""

    def compare(one: str, other: str) -> list[TableComparison]:
        paths = tmp_path / "one.duckdb", tmp_path / "other.duckdb"
        for path, statement in zip(paths, (one, other), strict=True):
            with duckdb.connect(str(path)) as connection:
                connection.execute("create schema staging")
                connection.execute(statement)
        return compare_warehouses(*paths, ["staging"])

    return compare


def test_rows_in_another_order_are_the_same(compared):
    (told,) = compared(LIKE, LIKE + " order by n desc")
    assert told == TableComparison("staging", "t", (3, 3), (0, 0), ())
    assert told.is_same


def test_a_row_that_stands_there_less_often_is_told(compared):
    (told,) = compared(LIKE, LIKE.replace(", (2, null, null)) as", ") as"))
    assert (told.rows, told.without_twin) == ((3, 2), (1, 0))
    assert not told.is_same


@pytest.mark.parametrize("other", ["'b'", "null", "'a '"])
def test_another_value_is_told_on_both_sides(compared, other):
    (told,) = compared(LIKE, LIKE.replace("'a'", other))
    assert (told.without_twin, told.is_same) == ((1, 1), False)


def test_a_list_in_another_order_is_another(compared):
    (told,) = compared(LIKE, LIKE.replace("[1, null]", "[null, 1]"))
    assert told.without_twin == (1, 1)


def test_another_type_of_like_values_is_told(compared):
    (told,) = compared(LIKE, LIKE.replace("select *", "select n::bigint as n, w, l"))
    assert (told.without_twin, told.other_columns, told.is_same) == ((0, 0), ("n",), False)


def test_columns_in_another_order_are_told(compared):
    (told,) = compared(LIKE, LIKE.replace("select *", "select w, n, l"))
    assert (told.without_twin, told.other_columns, told.is_same) == ((0, 0), ("n", "w"), False)


def test_a_view_in_a_tables_place_is_told(compared):
    (told,) = compared(LIKE, LIKE.replace("create table", "create view"))
    assert (told.without_twin, told.is_other_kind, told.is_same) == ((0, 0), True, False)


def test_a_table_that_one_lacks_is_told_with_its_rows(compared):
    one, other = compared(LIKE, LIKE.replace("staging.t ", "staging.u "))
    assert (one.table, one.rows, one.without_twin, one.is_same) == ("t", (3, 0), (3, 0), False)
    assert (other.table, other.rows, other.without_twin) == ("u", (0, 3), (0, 3))


def test_views_are_compared_and_other_schemas_are_not(compared):
    made = "create table main.x as select 1 as n; create view staging.v as select 1 as n; "
    (told,) = compared(made, made.replace("main.x as select 1", "main.x as select 2"))
    assert (told.table, told.rows, told.is_same) == ("v", (1, 1), True)
