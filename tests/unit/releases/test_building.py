import json
import zipfile
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from orchestration.publications.bulletin_2020_03.figure_catalogue import FIGURE_IDS
from orchestration.publications.bulletin_2023_04.figure_catalogue import FIGURES
from orchestration.publications.linkage_page.contents import FIGURE_NUMBERS
from orchestration.publications.shared.csv_tables import read_csv_text
from orchestration.releases.building import build_release
from orchestration.releases.registry import PUBLICATIONS
from orchestration.storage.fingerprints import of_file
from tests.made_up.results import make_facts


@pytest.fixture(scope="module")
def manifest(release_folder: Path) -> dict:
    return json.loads((release_folder / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def second_folder(tmp_path_factory: pytest.TempPathFactory, released_tables: dict[str, pd.DataFrame]) -> Path:
    """The same release again, written by one process where the first was by as many as there are cores."""
    folder = tmp_path_factory.mktemp("again")
    build_release(folder, released_tables, make_facts(), processes=1)
    return folder


def test_a_release_holds_page_workbook_database_tables_and_figures(release_folder: Path, released_tables) -> None:
    names = {path.relative_to(release_folder).as_posix() for path in release_folder.rglob("*") if path.is_file()}
    robustness = ["effects_in_points", "reoffence_curves", "reoffending_measures", "specification_curve"]
    drawn = [*(figure.figure_id for figure in FIGURES), *FIGURE_NUMBERS, *FIGURE_IDS, *robustness]
    figures = {f"figures/{figure_id}.{kind}" for figure_id in drawn for kind in ("svg", "png", "csv")}
    tables_as_csv = {f"csv/{name}.csv" for name in [*released_tables, "small_cells"]}
    alone = {"tables.duckdb", "manifest.json", "datapackage.json", "README.txt", "csv/README.txt", "index.html"}
    whole = {*alone, *figures, *tables_as_csv}
    for publication in PUBLICATIONS:
        whole |= {publication.page, publication.workbook, publication.open_document}
        whole |= {f"tables/{publication.publication_id}/{table_id}.csv" for table_id in publication.table_ids}
    assert names == whole


def test_the_manifest_has_the_hash_of_every_other_file(release_folder: Path, manifest: dict) -> None:
    files = {path for path in release_folder.rglob("*") if path.is_file() and path.name != "manifest.json"}
    assert manifest["files"] == {path.relative_to(release_folder).as_posix(): of_file(path) for path in files}


def test_the_manifest_tells_where_the_release_comes_from(manifest: dict) -> None:
    facts = make_facts()
    for name in ("release", "is_synthetic", "inputs", "code_version", "packages", "parameters", "row_counts"):
        assert manifest[name] == getattr(facts, name)


@pytest.mark.parametrize("pattern", ["csv/*.csv", "figures/*", "*.html", "*.xlsx", "*.ods"])
def test_the_same_tables_and_facts_give_the_same_bytes(release_folder: Path, second_folder: Path, pattern: str) -> None:
    names = [path.relative_to(release_folder) for path in release_folder.glob(pattern)]
    assert names
    assert [name for name in names if of_file(release_folder / name) != of_file(second_folder / name)] == []


def test_the_database_holds_every_table_in_schema_results(release_folder: Path, released_tables) -> None:
    with duckdb.connect(str(release_folder / "tables.duckdb"), read_only=True) as connection:
        found = connection.execute("select table_name from duckdb_tables() where schema_name = 'results'").fetchall()
        rows = connection.execute("select count(*), count(value) from results.annex_b").fetchall()
    assert {name for (name,) in found} == {*released_tables, "small_cells"}
    assert rows == [(168, int(released_tables["annex_b"]["value"].notna().sum()))]


def test_gate_results_leave_out_what_differs_from_run_to_run(release_folder: Path) -> None:
    columns = set(read_csv_text(release_folder / "csv" / "gate_results.csv").columns)
    assert columns == {"gate", "expectation", "subject", "severity", "success", "observed"}


def test_the_release_holds_no_row_of_a_case(release_folder: Path) -> None:
    for path in (release_folder / "csv").glob("*.csv"):
        assert not {"case_key", "case_id", "crn", "pnc_id"} & set(read_csv_text(path).columns)


def test_the_workbook_carries_the_release_date_and_not_the_clock(release_folder: Path) -> None:
    with zipfile.ZipFile(release_folder / "bulletin.xlsx") as archive:
        assert "2026-01-02T03:04:05Z" in archive.read("docProps/core.xml").decode()
