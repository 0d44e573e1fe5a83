from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook

from orchestration.methods.layouts.layout_2023 import OUTCOMES
from orchestration.publications.bulletin_2023_04.contents import BULLETIN_2023_04
from orchestration.publications.shared.publication import Publication
from orchestration.releases.registry import PUBLICATIONS
from tests.unit.publications.sheets import rows


@pytest.fixture(scope="module", params=PUBLICATIONS, ids=lambda publication: publication.publication_id)
def publication(request: pytest.FixtureRequest) -> Publication:
    return request.param


@pytest.fixture(scope="module")
def workbook(release_folder: Path, publication: Publication) -> Workbook:
    return openpyxl.load_workbook(release_folder / publication.workbook)


@pytest.fixture(scope="module")
def bulletin(release_folder: Path) -> Workbook:
    return openpyxl.load_workbook(release_folder / BULLETIN_2023_04.workbook)


def test_sheets_are_cover_contents_notes_and_one_a_table(workbook: Workbook, publication: Publication) -> None:
    assert workbook.sheetnames == ["Cover", "Contents", "Notes", *publication.table_ids]


def test_every_sheet_of_a_table_holds_one_marked_table_and_no_merged_cell(
    workbook: Workbook, publication: Publication
) -> None:
    for name in publication.table_ids:
        assert len(workbook[name].tables) == 1
        assert not workbook[name].merged_cells.ranges


def test_no_cell_of_a_table_is_empty(workbook: Workbook, publication: Publication) -> None:
    for name in publication.table_ids:
        assert all(cell.value not in (None, "") for row in rows(workbook, name) for cell in row.values()), name


def test_the_contents_link_every_table(workbook: Workbook, publication: Publication) -> None:
    links = {cell.hyperlink.location for line in workbook["Contents"] for cell in line if cell.hyperlink}
    assert links == {f"'{name}'!A1" for name in publication.table_ids}


@pytest.mark.parametrize("sheet", ["B1", "B2", "B3"])
def test_significant_cells_are_shaded_and_said_in_words(bulletin: Workbook, tables, sheet: str) -> None:
    flags = tables["annex_b"].loc[tables["annex_b"]["table_id"] == sheet]
    for outcome in OUTCOMES:
        value = f"{outcome.label}: {outcome.value_label}"
        own = flags.loc[flags["outcome"] == outcome.code, "significant"]
        said = [row[f"{value}: significant"].value for row in rows(bulletin, sheet)]
        assert said == ["[z]" if pd.isna(flag) else "Yes" if flag else "No" for flag in own]
        for row in rows(bulletin, sheet):
            is_shaded = row[value].fill.fill_type == "solid" and row[value].font.bold
            assert is_shaded == (row[f"{value}: significant"].value == "Yes")


def test_numbers_are_numbers_rounded_as_printed(bulletin: Workbook, tables) -> None:
    first = rows(bulletin, "B1")[0]
    overall = tables["annex_b"].iloc[0]
    assert first["Terminations: n"].value == overall["n"]
    assert first["Terminations: % positive"].value == overall["value_published"]
    assert first["Terminations: % positive"].number_format == "#,##0.0"


def test_missing_numbers_carry_a_shorthand_that_the_sheet_explains(bulletin: Workbook) -> None:
    post_release = next(row for row in rows(bulletin, "B1") if row["Category"].value == "Post-release")
    assert post_release["Terminations: n"].value == "[z]"
    not_estimable = next(row for row in rows(bulletin, "R1") if row["Variable"].value == "Female")
    assert not_estimable["OR"].value == "[x]"
    for sheet, mark in (("B1", "[z]"), ("R1", "[x]"), ("R1", "[r]")):
        explained = [str(cell.value) for cell in bulletin[sheet]["A"] if str(cell.value).startswith("Shorthand")]
        assert mark in explained[0]


def test_the_cover_says_that_the_data_are_synthetic(workbook: Workbook) -> None:
    assert any("SYNTHETIC" in str(cell.value) for cell in workbook["Cover"]["A"])


def test_the_notes_hold_every_note(bulletin: Workbook) -> None:
    notes = " ".join(str(cell.value) for cell in bulletin["Notes"]["B"])
    for table_id in ("B1", "M1", "R7", "R11"):
        assert f"Table {table_id}." in notes
