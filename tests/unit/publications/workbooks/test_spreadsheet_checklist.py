"""The Analysis Function's checklist for statistics in spreadsheets, held to both formats of every workbook."""

import re
from pathlib import Path

import pytest

from orchestration.publications.shared.publication import Publication
from orchestration.releases.registry import PUBLICATIONS
from tests.unit.publications.sheets import SeenSheet, seen

FRONT = ("Cover", "Contents", "Notes")
SHORTHAND = r"\[[a-z]\]"


@pytest.fixture(scope="module", params=PUBLICATIONS, ids=lambda publication: publication.publication_id)
def publication(request: pytest.FixtureRequest) -> Publication:
    return request.param


@pytest.fixture(scope="module", params=["xlsx", "ods"])
def sheets(request: pytest.FixtureRequest, release_folder: Path, publication: Publication) -> dict[str, SeenSheet]:
    return seen((release_folder / publication.workbook).with_suffix(f".{request.param}"))


def tables(sheets: dict[str, SeenSheet]) -> dict[str, SeenSheet]:
    return {name: sheet for name, sheet in sheets.items() if name not in FRONT}


def test_a_cover_the_contents_and_the_notes_come_first(sheets: dict[str, SeenSheet], publication: Publication) -> None:
    assert list(sheets) == [*FRONT, *publication.table_ids]
    assert sheets["Cover"].cells[0] == [publication.cover.title]


def test_no_sheet_is_hidden_and_no_cell_is_merged(sheets: dict[str, SeenSheet]) -> None:
    assert [name for name, sheet in sheets.items() if sheet.is_hidden or sheet.n_merged] == []


def test_every_sheet_after_the_cover_has_one_named_table_which_it_announces(sheets: dict[str, SeenSheet]) -> None:
    names = [name for sheet in sheets.values() for name in sheet.tables]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in names)
    for name, sheet in list(sheets.items())[1:]:
        assert len(sheet.tables) == 1, name
        assert any("This worksheet contains one table." in line for line in sheet.above), name


def test_every_sheet_of_a_table_opens_with_its_title_and_names_its_source(sheets: dict[str, SeenSheet]) -> None:
    for name, sheet in tables(sheets).items():
        assert sheet.above[0].startswith(f"Table {name}: "), name
        assert any(re.match("Source: .+", line) for line in sheet.above), name


def test_a_table_has_one_row_of_unique_headings_and_no_empty_cell(sheets: dict[str, SeenSheet]) -> None:
    for name, sheet in sheets.items():
        for heading, *body in sheet.tables.values():
            assert len(set(heading)) == len(heading), name
            assert body, name
            assert all(value not in (None, "") for row in [heading, *body] for value in row), name


def test_nothing_stands_beside_or_under_a_table(sheets: dict[str, SeenSheet]) -> None:
    for name, sheet in sheets.items():
        for table in sheet.tables.values():
            assert sheet.cells[-len(table) :] == table, name


def test_every_shorthand_of_a_table_is_explained_above_it_and_no_other(sheets: dict[str, SeenSheet]) -> None:
    for name, sheet in tables(sheets).items():
        used = {value for table in sheet.tables.values() for row in table for value in row if is_shorthand(value)}
        explained = {mark for line in sheet.above if "Shorthand" in line for mark in re.findall(SHORTHAND, line)}
        assert explained == used, name


def test_what_is_shaded_is_said_in_words_too(sheets: dict[str, SeenSheet]) -> None:
    for name, sheet in tables(sheets).items():
        for heading, *body in sheet.tables.values():
            said = [place for place, text in enumerate(heading) if str(text).endswith(": significant")]
            assert bool(said) == any("Shaded" in line for line in sheet.above), name
            assert {row[place] for row in body for place in said} <= {"Yes", "No", "[z]"}, name


def test_numbers_are_numbers_p_values_too(sheets: dict[str, SeenSheet]) -> None:
    texts = [v for s in tables(sheets).values() for t in s.tables.values() for row in t[1:] for v in row[2:]]
    assert [text for text in texts if isinstance(text, str) and re.fullmatch(r"<?-?[\d,]*\.\d+%?", text)] == []


def test_the_contents_link_every_table_and_give_its_title(
    sheets: dict[str, SeenSheet], publication: Publication
) -> None:
    ((_, *body),) = sheets["Contents"].tables.values()
    assert sheets["Contents"].links == set(publication.table_ids)
    for name, title in body:
        assert re.sub(r" ?\[note \d+\]$", "", sheets[str(name)].above[0]) == title


def test_every_note_is_referred_to_by_its_table(sheets: dict[str, SeenSheet]) -> None:
    ((_, *body),) = sheets["Notes"].tables.values()
    for number, text in body:
        table = re.match(r"Table (\w+)\. .+", str(text))
        assert table, text
        assert sheets[table[1]].above[0].endswith(f"[note {number}]")


def test_the_heading_row_stands_on_every_printed_page(sheets: dict[str, SeenSheet]) -> None:
    assert [name for name, sheet in tables(sheets).items() if not sheet.repeats_heading] == []


def test_every_sheet_says_that_the_data_are_synthetic(sheets: dict[str, SeenSheet]) -> None:
    for name, sheet in sheets.items():
        assert any("SYNTHETIC DATA" in str(value) for row in sheet.cells for value in row), name


def test_both_formats_hold_the_same_cells(release_folder: Path, publication: Publication) -> None:
    excel, ods = (seen(release_folder / name) for name in (publication.workbook, publication.open_document))
    for name, sheet in excel.items():
        assert list(ods[name].tables) == list(sheet.tables) or name in FRONT
        assert list(ods[name].tables.values()) == list(sheet.tables.values()), name


def is_shorthand(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(SHORTHAND, value) is not None
