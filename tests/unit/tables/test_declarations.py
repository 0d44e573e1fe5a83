"""A declaration is complete, or fails with its name; every declared table may stand where it stands."""

import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest

from orchestration.settings import PROJECT_DIR
from orchestration.storage.analysis_database import OPEN_SCHEMAS
from orchestration.tables.catalogue import RELEASED_TABLES, SHARED_TABLES, TABLES, collect, released_table
from orchestration.tables.table import BULLETIN, Column, Leaving, Table
from tools import what_leaves

TABLE = Table(
    "results",
    "shoes",
    "One row a shoe.",
    key=("size",),
    disclosure="process",
    columns=(Column("size", "bigint", "Its size."), Column("is_left", "boolean", "Its side.", required=True)),
)
SIZE = TABLE.columns[0]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"columns": (SIZE, SIZE)}, "the column size stands twice"),
        ({"columns": (replace(SIZE, type="int"),)}, "the column size has the unknown type 'int'"),
        ({"columns": (replace(SIZE, description=" "),)}, "the column size has no description"),
        ({"key": ("colour",)}, "its key names colour, which is no column"),
        ({"key": ()}, "it has no key"),
        ({"description": "A shoe."}, "the description does not open with what one row is"),
        ({"disclosure": "secret"}, "'secret' is no disclosure class"),
    ],
)
def test_an_incomplete_declaration_fails_with_its_name(change, fault):
    with pytest.raises(ValueError, match=r"results\.shoes") as raised:
        replace(TABLE, **change)
    assert fault in str(raised.value)


def test_a_table_is_declared_once():
    with pytest.raises(ValueError, match=r"results\.shoes is declared twice"):
        collect([TABLE, replace(TABLE, description="One row a left shoe.")])


def test_frames_are_typed_as_the_table_is_and_leave_the_bulletin_to_the_writer():
    shared = replace(TABLE, columns=(Column(BULLETIN, "varchar", "Whose row it is."), *TABLE.columns))
    assert shared.dtypes == {"size": "Int64", "is_left": "bool"} == TABLE.dtypes
    assert (shared.is_shared, TABLE.is_shared) == (True, False)
    assert pd.DataFrame({"size": [None], "is_left": [True]}).astype(TABLE.dtypes)["size"].isna().all()


@pytest.mark.parametrize("name", TABLES)
def test_rows_of_people_stay_where_identifiers_may_be(name):
    table = TABLES[name]
    assert table.schema not in (*OPEN_SCHEMAS, "release") or table.disclosure != "restricted"
    assert table.schema in ("results", "release") or table.disclosure != "aggregate"


def test_what_is_not_declared_does_not_leave():
    with pytest.raises(ValueError, match="shoes is not declared"):
        released_table("shoes")
    assert released_table("gate_results").schema == "release"
    assert set(SHARED_TABLES) <= set(RELEASED_TABLES)


def test_every_results_table_leaves_or_says_why_it_stays():
    assert [name for name, table in RELEASED_TABLES.items() if table.leaving is None and not table.stays] == []
    leaving = Leaving(words=("is_left",))
    with pytest.raises(ValueError, match="it says how it leaves, and why it stays"):
        replace(TABLE, leaving=leaving, stays="it is worn")
    with pytest.raises(ValueError, match="nothing says how its column is_left may leave"):
        replace(TABLE, leaving=Leaving())
    with pytest.raises(ValueError, match="is_left tells of the outcome but is no base and no statistic"):
        replace(TABLE, leaving=replace(leaving, outcomes=("is_left",)))


def test_the_list_of_what_leaves_is_up_to_date():
    page = what_leaves.PAGE.read_text(encoding="utf-8")
    assert page == what_leaves.page_with_list(page), "run: make docs"


def test_declarations_cost_nothing_to_import():
    """Any room may import them, also one that must start at once."""
    heavy = {"pandas", "numpy", "duckdb", "dagster", "dbt"}
    code = f"import sys, orchestration.tables.catalogue; print(*{heavy} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True, check=True)
    assert found.stdout.split() == []
