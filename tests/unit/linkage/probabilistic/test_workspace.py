"""The database Splink works in holds what it compares, and nothing else."""

import pytest

from orchestration.errors import PipelineError
from orchestration.linkage.probabilistic.workspace import compared_rows, splink_workspace
from tests.made_up.small_warehouse import small_warehouse

TABLES = compared_rows("terminations", "warehouse.linkage.eligible_cases")


def test_a_warehouse_that_cannot_be_read_is_named_and_quotes_nothing(tmp_path):
    broken = tmp_path / "warehouse.duckdb"
    broken.write_text("not a database")
    with pytest.raises(PipelineError) as failure, splink_workspace(broken, TABLES):
        pass
    assert failure.value.where == str(broken)
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse.duckdb"]


def test_the_workspace_holds_identifiers_of_one_source_and_nothing_is_attached(tmp_path):
    warehouse = small_warehouse(tmp_path / "warehouse.duckdb")
    with splink_workspace(warehouse, TABLES) as connection:
        attached = [row[0] for row in connection.execute("select database_name from duckdb_databases()").fetchall()]
        columns = [row[0] for row in connection.execute("describe splink_records").fetchall()]
    assert "warehouse" not in attached
    assert columns == ["unique_id", "pnc_id", "crn", "date_of_birth", "surname", "first_forename", "full_name"]
