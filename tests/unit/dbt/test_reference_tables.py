"""A changed header of a reference table is told before dbt loads the columns by position."""

import shutil

import pytest

from orchestration.dbt.reference_tables import check_headers
from orchestration.errors import PipelineError
from orchestration.settings import DBT_DIR


@pytest.fixture
def seeds(tmp_path):
    return shutil.copytree(DBT_DIR / "seeds", tmp_path / "dbt_project" / "seeds")


def rewrite_header(path, change):
    header, _, rows = path.read_text().partition("\n")
    path.write_text(change(header) + "\n" + rows)


def test_the_shipped_tables_are_as_described(seeds):
    check_headers(seeds)


@pytest.mark.parametrize(
    "change",
    [
        lambda header: ",".join(reversed(header.split(","))),
        lambda header: header.replace("rule_rank", "rank_of_rule"),
        lambda header: header + ",remark",
        lambda header: "",
    ],
    ids=["moved", "renamed", "added", "missing"],
)
def test_a_changed_header_is_told_with_the_right_one(seeds, change):
    path = seeds / "codes" / "match_rules.csv"
    right = path.read_text().partition("\n")[0]
    rewrite_header(path, change)
    with pytest.raises(PipelineError, match=r"match_rules\.csv line 1") as error:
        check_headers(seeds)
    assert right.replace(",", ", ") in error.value.remedy


def test_a_missing_table_is_told(seeds):
    (seeds / "codes" / "titles.csv").unlink()
    with pytest.raises(PipelineError, match=r"titles\.csv"):
        check_headers(seeds)
