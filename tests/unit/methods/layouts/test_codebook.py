"""The codebook against the mart it describes."""

import pandas as pd
import pytest
import yaml

from orchestration.methods.layouts.codebook import CODEBOOK
from orchestration.settings import CODES_DIR, DBT_DIR

CASES = yaml.load((DBT_DIR / "models" / "marts" / "cases.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)["models"][
    0
]["columns"]
SEEDED = {
    "termination_reason": ("termination_reasons.csv", "termination_reason"),
    "rosh_level": ("rosh_groups.csv", "rosh_level"),
    "rosh_group": ("rosh_groups.csv", "rosh_group"),
}


def accepted_values(column) -> list[str]:
    tests = [test for test in column.get("data_tests", ()) if isinstance(test, dict)]
    return next((test["accepted_values"]["arguments"]["values"] for test in tests if "accepted_values" in test), [])


def test_every_column_of_the_mart_is_described_and_nothing_else():
    assert set(CODEBOOK) == {column["name"] for column in CASES}


@pytest.mark.parametrize("column", [column for column in CASES if accepted_values(column)], ids=lambda c: c["name"])
def test_the_codes_of_a_column_are_those_its_test_accepts(column):
    assert sorted(CODEBOOK[column["name"]].labels) == sorted(accepted_values(column))


@pytest.mark.parametrize(("column", "seed"), SEEDED.items())
def test_the_codes_of_a_column_are_those_of_its_reference_table(column, seed):
    file, name = seed
    assert set(CODEBOOK[column].labels) == set(pd.read_csv(CODES_DIR / file)[name])


def test_the_bands_of_a_column_are_those_of_the_reference_table_in_their_order():
    bands = pd.read_csv(CODES_DIR / "bands.csv", dtype=str)
    for item, rows in bands.groupby("item"):
        assert list(CODEBOOK[item].labels) == list(rows["category"]), item


def test_no_two_codes_of_a_column_share_their_words():
    for described in CODEBOOK.values():
        assert len(set(described.labels.values())) == len(described.labels), described.column
