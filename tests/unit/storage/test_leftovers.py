"""What a killed run left is gone before the next one begins, and nothing else is."""

from orchestration.commands.running import ready_to_run
from tests.conftest import settings_for

LEFT = (
    ".splink-x/spilled",
    "landing/.generating/inspections/extract.csv",
    "truth/.generating/truth.csv",
    ".run/spill/block",
    ".run/spark/build/sources/raw/parsed_inspections.parquet/rows.parquet",
    "published/.building-1/a.csv",
)
LEFT_FILES = ("analysis.duckdb.next", "analysis.duckdb.next.wal")
KEPT = (
    "analysis.duckdb",
    "landing/inspections/extract.csv",
    "published/1/a.csv",
    "warehouse.duckdb",
    "warehouse.duckdb.wal",
)


def test_the_next_run_removes_what_a_killed_one_left_and_nothing_else(tmp_path):
    for name in (*LEFT, *LEFT_FILES, *KEPT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "published" / ".building-1" / "a.csv").chmod(0o400)
    with ready_to_run(settings_for(tmp_path)):
        pass
    assert [name for name in (*LEFT, *LEFT_FILES) if (tmp_path / name).exists()] == []
    assert not (tmp_path / ".splink-x").exists()
    assert [name for name in KEPT if not (tmp_path / name).exists()] == []
