"""Reading a published workbook back, in either format, as what a reader of sheets can see of it."""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
from openpyxl.workbook import Workbook

OFFICE, TABLE, TEXT, LINK = (
    f"{{{space}}}"
    for space in (
        "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "http://www.w3.org/1999/xlink",
    )
)


@dataclass(frozen=True)
class SeenSheet:
    """One sheet: all its cells, its named table (name, cells with the heading first), links, and what it must not have.

    `repeats_heading`: whether the heading row stands on every printed page.
    """

    cells: list[list[object]]
    tables: Mapping[str, list[list[object]]]
    links: set[str]
    n_merged: int
    is_hidden: bool
    repeats_heading: bool

    @property
    def above(self) -> list[str]:
        """The lines over the table."""
        n_rows = sum(len(table) for table in self.tables.values())
        return [str(row[0]) for row in self.cells[: len(self.cells) - n_rows]]


def rows(workbook: Workbook, sheet: str) -> list[dict[str, object]]:
    """The table of a sheet: one dictionary of cells a row."""
    area = next(iter(workbook[sheet].tables.values())).ref
    header, *body = list(workbook[sheet][area])
    return [{str(name.value): cell for name, cell in zip(header, line, strict=True)} for line in body]


def seen(path: Path) -> dict[str, SeenSheet]:
    """Every sheet of a workbook by name, in order."""
    return _seen_ods(path) if path.suffix == ".ods" else _seen_xlsx(path)


def _seen_xlsx(path: Path) -> dict[str, SeenSheet]:
    return {
        sheet.title: SeenSheet(
            cells=[[cell.value for cell in line] for line in sheet],
            tables={t.name: [[c.value for c in line] for line in sheet[t.ref]] for t in sheet.tables.values()},
            links={c.hyperlink.location.split("!")[0].strip("'") for line in sheet for c in line if c.hyperlink},
            n_merged=len(sheet.merged_cells.ranges),
            is_hidden=sheet.sheet_state != "visible",
            repeats_heading=sheet.print_title_rows is not None,
        )
        for sheet in openpyxl.load_workbook(path)
    }


def _seen_ods(path: Path) -> dict[str, SeenSheet]:
    with zipfile.ZipFile(path) as archive:
        body = ElementTree.fromstring(archive.read("content.xml"))
    ranges = {
        found.get(f"{TABLE}name"): found.get(f"{TABLE}cell-range-address") for found in body.iter(f"{TABLE}named-range")
    }
    return {str(sheet.get(f"{TABLE}name")): _seen_ods_sheet(sheet, ranges) for sheet in body.iter(f"{TABLE}table")}


def _seen_ods_sheet(sheet: ElementTree.Element, ranges: Mapping[str | None, str | None]) -> SeenSheet:
    cells = [[_ods_value(cell) for cell in row.iter(f"{TABLE}table-cell")] for row in sheet.iter(f"{TABLE}table-row")]
    own = {}
    for name, address in ranges.items():
        where = re.fullmatch(r"\$?'?([^'.]+)'?\.\$?A\$?(\d+):\.\$?[A-Z]+\$?(\d+)", address or "")
        assert where, address
        if where[1] == sheet.get(f"{TABLE}name"):
            own[str(name)] = cells[int(where[2]) - 1 : int(where[3])]
    spans = [cell for cell in sheet.iter(f"{TABLE}table-cell") if cell.get(f"{TABLE}number-columns-spanned")]
    return SeenSheet(
        cells=cells,
        tables=own,
        links={str(link.get(f"{LINK}href")).removeprefix("#") for link in sheet.iter(f"{TEXT}a")},
        n_merged=len(spans) + len(list(sheet.iter(f"{TABLE}covered-table-cell"))),
        is_hidden=sheet.get(f"{TABLE}visibility") is not None,
        repeats_heading=sheet.find(f"{TABLE}table-header-rows") is not None,
    )


def _ods_value(cell: ElementTree.Element) -> object:
    if cell.get(f"{OFFICE}value-type") == "float":
        number = float(str(cell.get(f"{OFFICE}value")))
        return int(number) if number.is_integer() else number
    return "".join(cell.itertext())
