"""What the sheets of a workbook hold, whichever format it is saved in.

Belongs here: the cells, lines and widths of every sheet, by the Analysis Function's good practice. Not here: writing
them as XLSX (`workbook.py`) or ODS (`open_document.py`), nor the tables' contents (each publication).

One heading row, no merged or empty cell; a significant cell is followed by a Yes or No: nothing rests on colour.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from orchestration.publications.shared import formatting
from orchestration.publications.shared.csv_tables import SIGNIFICANT_DIGITS
from orchestration.publications.shared.publication import Cover
from orchestration.publications.shared.published_table import ROW_GROUP, Column, PublishedTable, missing_text
from orchestration.publications.shared.release_facts import ReleaseFacts

COVER, CONTENTS, NOTES = "Cover", "Contents", "Notes"
CONTENTS_COLUMNS = ("Sheet", "Table")
NOT_APPLICABLE, NOT_AVAILABLE, REFERENCE = "[z]", "[x]", "[r]"
SHORTHAND = {
    "n/a": NOT_APPLICABLE,
    "not estimable": NOT_AVAILABLE,
    "not fitted": NOT_AVAILABLE,
    "reference": REFERENCE,
    formatting.KEPT_BACK: formatting.KEPT_BACK,
}
_MEANINGS = {
    NOT_APPLICABLE: "[z] not applicable",
    NOT_AVAILABLE: "[x] could not be estimated",
    REFERENCE: "[r] reference level, no coefficient",
    formatting.KEPT_BACK: "[c] kept back, so that no small group is told of",
}
SYNTHETIC_MARK = "SYNTHETIC DATA: a computer made up every case behind these tables; they describe nobody."
ONE_TABLE = "This worksheet contains one table."
# Smaller values are shown as "<0.001"; the number itself stays in the cell.
P_VALUE_DECIMALS, SMALLEST_P_VALUE = 3, 0.001
GROUP_WIDTH, ROW_WIDTH, WIDTH, NUMBER_WIDTH, TEXT_WIDTH = 52, 34, 17, 14, 120  # characters


def sheet_frame(table: PublishedTable) -> pd.DataFrame:
    """A table as the sheet holds it: one heading row, no empty cell, a Yes/No column after each tested one.

    Numbers stay numbers, rounded as printed; shorthand stands where there is none.
    """
    records = []
    for record in table.records:
        row: dict[str, Any] = {"Group": record[ROW_GROUP]} if table.has_row_groups else {}
        for column in table.columns:
            row[column.flat_heading] = _sheet_value(column, record)
            if column.significant:
                row[flag_heading(column)] = _flag_text(record.get(column.significant))
        records.append(row)
    return pd.DataFrame(records, dtype="object")


def _sheet_value(column: Column, record: dict[str, Any]) -> Any:
    value = record[column.key]
    if formatting.is_missing(value):
        return SHORTHAND[missing_text(column, record)]
    if column.is_p_value:
        return float(f"{float(value):.{SIGNIFICANT_DIGITS}g}")
    if column.decimals is None:
        return str(value)
    rounded = formatting.half_up(float(value), column.decimals)
    return int(rounded) if column.decimals == 0 else float(rounded)


def flag_heading(column: Column) -> str:
    """The heading of the column that says whether the cells before it are significant."""
    return f"{column.flat_heading}: significant"


def _flag_text(flag: object) -> str:
    return NOT_APPLICABLE if formatting.is_missing(flag) else ("Yes" if flag else "No")


def lines_above(table: PublishedTable, frame: pd.DataFrame, facts: ReleaseFacts) -> tuple[list[str], list[str]]:
    """What stands between the title and the table: what the sheet is, then its marking and shorthand."""
    shorthand = [meaning for mark, meaning in _MEANINGS.items() if (frame == mark).any(axis=None)]
    marking = ['Shaded bold cells are significant; the column after them says "Yes" or "No".']
    legend = [
        *(marking if table.has_significance else []),
        *(["Shorthand: " + "; ".join(shorthand) + "."] if shorthand else []),
    ]
    return [*mark_lines(facts), ONE_TABLE], legend


def mark_lines(facts: ReleaseFacts) -> list[str]:
    """What every sheet says first where the data are synthetic: sheets are copied out of their workbooks."""
    return [SYNTHETIC_MARK] if facts.is_synthetic else []


def widths(table: PublishedTable, frame: pd.DataFrame) -> list[int]:
    """The width of each column, in characters."""
    leading = [GROUP_WIDTH, ROW_WIDTH] if table.has_row_groups else [GROUP_WIDTH]
    return leading + [WIDTH] * (len(frame.columns) - len(leading))


def notes_by_table(published: Mapping[str, PublishedTable]) -> dict[str, str]:
    """The notes sheet: the id of every table that has notes, in order, and the text."""
    return {
        table.table_id: f"Table {table.table_id}. {' '.join(table.notes)}"
        for table in published.values()
        if table.notes
    }


def cover_lines(cover: Cover, facts: ReleaseFacts) -> dict[str, list[str]]:
    """What the cover says under its title: heading -> lines."""
    return {
        "Introductory information": [*mark_lines(facts), *([facts.reach] if facts.reach else []), *cover.lines],
        "About these data": [
            f"Release {facts.release}, produced {facts.created_at:%Y-%m-%d}.",
            f"Code version {facts.code_version}.",
            f"Significance level {facts.significance_level:g}.",
            "The contents sheet lists the tables, the notes sheet explains them.",
        ],
    }
