import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from orchestration.errors import PipelineError
from orchestration.methods.sampling.sample_design import sample_tables
from orchestration.methods.sampling.sample_size import Precision
from orchestration.releases.comparing import NO_COLUMN, NO_ROW, causes, compare_releases
from orchestration.releases.comparison_text import render_cells, render_summary
from tests.made_up.caseloads import CASELOAD, judged, listed

SAMPLE = {key: n // 3 for key, n in CASELOAD.items()}
MANIFEST = {
    "inputs": [{"source": "terminations", "name": "t.csv", "sha256": "a", "rows": 1, "delivery_order": 1}],
    "code_version": "1",
    "packages": {"pandas": "3.1.1"},
    "parameters": {"match_window_days": 7, "significance_level": 0.05, "minimum_cell": 10},
}


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Two equal releases of one table each of two rows."""
    folders = tmp_path / "a", tmp_path / "b"
    for folder in folders:
        (folder / "csv").mkdir(parents=True)
        (folder / "manifest.json").write_text(json.dumps(MANIFEST))
        (folder / "csv" / "headlines.csv").write_text("id,value\nx,1\ny,2\n")
        (folder / "csv" / "small_cells.csv").write_text("table,cell,cases\nannex_b,z,3\n")
    return folders


def change_manifest(folder: Path, **changes: object) -> None:
    (folder / "manifest.json").write_text(json.dumps(MANIFEST | changes))


def test_equal_releases_do_not_differ(pair: tuple[Path, Path]) -> None:
    assert compare_releases(*pair).empty
    assert render_cells(compare_releases(*pair)) == render_summary(compare_releases(*pair), 2) == "No cell differs."


OTHER_FILE = [{"source": "terminations", "name": "t.csv", "sha256": "b", "rows": 1, "delivery_order": 1}]


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"inputs": OTHER_FILE}, "input (terminations)"),
        ({"code_version": "2"}, "code"),
        ({"packages": {"pandas": "3.2"}}, "code (packages: pandas)"),
        (
            {"parameters": MANIFEST["parameters"] | {"match_window_days": 10}},
            "parameter match_window_days (7 -> 10)",
        ),
        (
            {"inputs": OTHER_FILE, "parameters": MANIFEST["parameters"] | {"match_window_days": 10}},
            "input (terminations); parameter match_window_days (7 -> 10)",
        ),
        ({}, "unexplained: inputs, code and parameters are the same"),
    ],
    ids=["input", "code", "package", "parameter", "two causes", "none"],
)
def test_a_differing_cell_is_listed_with_its_cause(pair: tuple[Path, Path], changes: dict, cause: str) -> None:
    (pair[1] / "csv" / "headlines.csv").write_text("id,value\nx,1\ny,3\n")
    change_manifest(pair[1], **changes)
    found = compare_releases(*pair).to_dict("records")
    assert found == [
        {"table": "headlines", "row": "y", "column": "value", "value_a": "2", "value_b": "3", "cause": cause}
    ]


def test_a_parameter_that_cannot_reach_a_table_is_not_its_cause(pair: tuple[Path, Path]) -> None:
    (pair[1] / "csv" / "headlines.csv").write_text("id,value\nx,1\ny,3\n")
    (pair[1] / "csv" / "small_cells.csv").write_text("table,cell,cases\nannex_b,z,4\n")
    change_manifest(pair[1], code_version="2", parameters=MANIFEST["parameters"] | {"minimum_cell": 20})
    causes = compare_releases(*pair).set_index("table")["cause"]
    assert causes["headlines"] == "code"
    assert causes["small_cells"] == "code; parameter minimum_cell (10 -> 20)"


@pytest.mark.parametrize(
    ("parameter", "table", "is_cause"),
    [
        ("significance_level", "annex_c", True),
        ("sample_margin", "sample_allocation", True),
        ("sample_margin", "annex_b", False),
        ("weight_percentile_low", "annex_b_weighted", True),
        ("weight_percentile_high", "annex_b", False),
        ("robustness_draws", "imputed_estimates", True),
        ("false_link_share", "imputed_estimates", False),
    ],
)
def test_a_parameter_is_the_cause_where_it_can_reach(parameter: str, table: str, is_cause: bool) -> None:
    other = MANIFEST | {"parameters": MANIFEST["parameters"] | {parameter: 0.1}}
    before = MANIFEST["parameters"].get(parameter)
    assert causes(MANIFEST, other, table) == ([f"parameter {parameter} ({before} -> 0.1)"] if is_cause else [])


def test_the_precision_of_a_sample_is_the_cause_in_every_table_it_moves() -> None:
    before, after = (sample_tables(listed(CASELOAD), judged(listed(SAMPLE)), Precision(0.8, e)) for e in (0.05, 0.03))
    moved = {name for name in before if not before[name].equals(after[name])}
    other = MANIFEST | {"parameters": MANIFEST["parameters"] | {"sample_margin": 0.03}}
    assert moved == {name for name in before if causes(MANIFEST, other, name)}


def test_rows_that_only_one_release_has_are_listed(pair: tuple[Path, Path]) -> None:
    (pair[1] / "csv" / "headlines.csv").write_text("id,value\nx,1\n")
    found = compare_releases(*pair)
    assert found[["row", "value_a", "value_b"]].to_numpy().tolist() == [["y", "2", NO_ROW]]


def test_a_column_that_only_one_release_has_is_not_taken_for_rows(pair: tuple[Path, Path]) -> None:
    (pair[1] / "csv" / "headlines.csv").write_text("id,value,unit\nx,1,cases\n")
    found = compare_releases(*pair)
    assert found[["row", "column", "value_a", "value_b"]].to_numpy().tolist() == [
        ["x", "unit", NO_COLUMN, "cases"],
        ["y", "value", "2", NO_ROW],
    ]


def test_the_summary_counts_cells_and_rows_of_a_table_and_shows_its_largest_change(pair: tuple[Path, Path]) -> None:
    for folder, rows in zip(pair, ("x,1\ny,2\nz,30\nonly a,900\n", "x,yes\ny,3\nz,20\nonly b,7\n"), strict=True):
        (folder / "csv" / "headlines.csv").write_text(f"id,value\n{rows}")
    (pair[1] / "csv" / "small_cells.csv").write_text("table,cell,cases\nannex_b,z,4\n")
    change_manifest(pair[1], parameters=MANIFEST["parameters"] | {"minimum_cell": 20})
    lines = [line.split() for line in render_summary(compare_releases(*pair), 2).splitlines()]
    assert " ".join(lines[0]) == "4 cells differ, 1 rows are only in a and 1 only in b: in 2 of 2 tables."
    assert ["headlines", "3", "1", "1", "z", "|", "value:", "30", "->", "20"] in lines
    assert ["small_cells", "1", "0", "0", "annex_b", "/", "z", "|", "cases:", "3", "->", "4"] in lines
    causes_told = [" ".join(line) for line in lines if line[:1] == ["Cause:"]]
    assert causes_told == [
        "Cause: unexplained: inputs, code and parameters are the same",
        "Cause: parameter minimum_cell (10 -> 20)",
    ]


def test_a_table_without_a_changed_number_shows_no_largest_change(pair: tuple[Path, Path]) -> None:
    (pair[1] / "csv" / "headlines.csv").write_text("id,value\nx,\ny,unknown\n")
    summary = render_summary(compare_releases(*pair), 2)
    assert [line.split() for line in summary.splitlines() if "headlines" in line] == [["headlines", "2", "0", "0"]]


def test_one_table_can_be_asked_for(pair: tuple[Path, Path]) -> None:
    (pair[1] / "csv" / "headlines.csv").write_text("id,value\nx,1\ny,3\n")
    (pair[1] / "csv" / "small_cells.csv").write_text("table,cell,cases\nannex_b,z,4\n")
    assert set(compare_releases(*pair, "small_cells")["table"]) == {"small_cells"}


def test_a_mistyped_table_is_answered_with_the_nearest_and_the_list(pair: tuple[Path, Path]) -> None:
    with pytest.raises(PipelineError) as refusal:
        compare_releases(*pair, "headline")
    assert "Did you mean headlines?" in refusal.value.problem
    assert "headlines, small_cells" in refusal.value.remedy


def test_the_order_of_rows_is_no_difference(pair: tuple[Path, Path]) -> None:
    (pair[1] / "csv" / "headlines.csv").write_text("id,value\ny,2\nx,1\n")
    assert compare_releases(*pair).empty


def test_the_text_gives_count_cause_and_cells(pair: tuple[Path, Path]) -> None:
    (pair[1] / "csv" / "headlines.csv").write_text("id,value\nx,\ny,3\n")
    change_manifest(pair[1], code_version="2")
    assert render_cells(compare_releases(*pair)).splitlines() == [
        "2 cells differ.",
        "",
        "headlines (2 cells), cause: code",
        "  x | value: 1 -> (empty)",
        "  y | value: 2 -> 3",
    ]


def test_a_folder_that_is_no_release_is_named(pair: tuple[Path, Path]) -> None:
    (pair[1] / "manifest.json").unlink()
    with pytest.raises(PipelineError, match="not a complete release"):
        compare_releases(*pair)


def test_every_table_of_a_release_has_keys_that_tell_its_rows_apart(release_folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(release_folder, copy)
    cells = 0
    for path in (copy / "csv").glob("*.csv"):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        cells += len(frame)
        last = frame.columns[-1]
        frame[last] = frame[last] + "!"
        frame.to_csv(path, index=False)
    assert len(compare_releases(release_folder, copy)) == cells


def test_changed_overrides_are_named_as_a_cause(tmp_path):
    before, after = {"linkage": "a" * 64}, {"linkage": "b" * 64, "linkage_quality": {"terminations": "c" * 64}}
    same = {"inputs": [], "code_version": "1", "packages": {}, "parameters": {}}
    assert causes(same | {"beside": before}, same | {"beside": after}, "annex_b") == [
        "files beside the extracts (linkage, linkage_quality)"
    ]
    assert causes(same, same | {"beside": {}}, "annex_b") == []
