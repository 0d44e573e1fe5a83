"""Every table of the dbt project is described, and the data dictionary says what the descriptions say.

That every column of a built model is described: `tests/integration/linkage_oracle/test_described_columns.py`.
"""

import csv

import pytest

from orchestration.dbt.data_dictionary import PAGE, SCHEMAS, WRITTEN_BY_PYTHON, described_tables, page
from orchestration.settings import DBT_DIR

MODELS = {path.stem: path for path in sorted(DBT_DIR.glob("models/**/*.sql"))}
SEEDS = {path.stem: path for path in sorted(DBT_DIR.glob("seeds/**/*.csv"))}
DESCRIBED = described_tables()
TABLES = {table.name: table for table in DESCRIBED if table.schema not in WRITTEN_BY_PYTHON}
BY_FULL_NAME = {f"{table.schema}.{table.name}": table for table in DESCRIBED}


@pytest.mark.parametrize("name", [*MODELS, *SEEDS])
def test_every_table_is_described_with_its_grain_first(name):
    assert name in TABLES, "describe the table in the YAML file beside it"
    assert TABLES[name].description.startswith("One row"), "open the description with what one row is"


@pytest.mark.parametrize("name", TABLES)
def test_every_described_table_exists(name):
    assert name in MODELS or name in SEEDS


@pytest.mark.parametrize("name", BY_FULL_NAME)
def test_every_described_column_says_something(name):
    assert BY_FULL_NAME[name].columns
    assert [column.name for column in BY_FULL_NAME[name].columns if not column.description] == []


@pytest.mark.parametrize("name", SEEDS)
def test_every_column_of_a_reference_table_is_described(name):
    with SEEDS[name].open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == [column.name for column in TABLES[name].columns]


def test_the_dictionary_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(described_tables()), (
        "run: python -m orchestration.dbt.data_dictionary"
    )


def test_tables_stand_in_the_schemas_of_the_contract():
    assert {table.schema for table in DESCRIBED} == set(SCHEMAS)
