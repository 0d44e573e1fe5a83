"""Every table is described, and what is generated from the descriptions says what they say.

That every column of a built model is described: `tests/integration/linkage_oracle/test_described_columns.py`.
"""

import csv

import pytest

from orchestration.dbt.source_descriptions import SOURCES_FILE, sources_file
from orchestration.settings import DBT_DIR
from orchestration.tables.catalogue import TABLES as DECLARED
from tools.data_dictionary import PAGE, SCHEMAS, built_by_dbt, described_tables, page
from tools.exposures import EXPOSURES_FILE, exposures_file

MODELS = {path.stem: path for path in sorted(DBT_DIR.glob("models/**/*.sql"))}
SEEDS = {path.stem: path for path in sorted(DBT_DIR.glob("seeds/**/*.csv"))}
DESCRIBED = described_tables()
TABLES = {table.name: table for table in built_by_dbt()}
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


def test_no_table_is_described_both_by_dbt_and_by_a_declaration():
    assert {f"{table.schema}.{table.name}" for table in built_by_dbt()} & set(DECLARED) == set()
    assert len(BY_FULL_NAME) == len(DESCRIBED)


def test_the_dictionary_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(described_tables()), "run: make docs"


def test_the_sources_of_dbt_are_up_to_date():
    assert SOURCES_FILE.read_text(encoding="utf-8") == sources_file(), "run: make docs"


def test_tables_stand_in_the_schemas_of_the_contract():
    assert {table.schema for table in DESCRIBED} == set(SCHEMAS)


def test_the_exposures_are_up_to_date():
    assert EXPOSURES_FILE.read_text(encoding="utf-8") == exposures_file(), "run: make docs"
