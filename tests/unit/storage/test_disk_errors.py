"""What the database says of a disk is told from what it says of memory and of values."""

import pytest

from orchestration.errors import PipelineError
from orchestration.settings import DatabaseLimits
from orchestration.storage.disk_errors import disk_error, spill_error
from orchestration.storage.warehouse import open_warehouse

CODES = "select row_number() over (order by md5(i::text)) as n from range(1000000) as t(i)"
SORTED = f"select count(*) from ({CODES}) where n > 5"


def test_no_room_for_what_is_spilled_is_told_from_too_little_memory(tmp_path):
    """DuckDB calls both out of memory."""
    little = DatabaseLimits(memory_limit="30MB", threads=1)
    with pytest.raises(PipelineError) as refusal, open_warehouse(tmp_path / "warehouse.duckdb", little) as connection:
        connection.execute(f"set max_temp_directory_size = '1MB'; {SORTED}").fetchall()
    assert "MB that are free are too few" in refusal.value.problem
    assert refusal.value.where == str(tmp_path / ".run" / "spill")
    assert "PROBATION_MEMORY_LIMIT" in refusal.value.remedy


@pytest.mark.parametrize("mark", ['"', '\\"'], ids=["as it is", "escaped"])
def test_the_file_that_found_no_room_is_named(mark):
    said = f"IO Error: Could not write file {mark}/data/rows.parquet{mark}: No space left on device"
    assert disk_error(said).where == "/data/rows.parquet"


def test_other_errors_are_none_of_the_disk(tmp_path):
    assert disk_error("Could not convert string 'Jane' to DATE") is None
    assert spill_error("could not allocate block of size 256 KB", tmp_path) is None
