"""The tables as one accessible workbook.

Belongs here: cover, contents, notes and one sheet a table, by the Analysis Function's good practice
(gptables). Not here: the tables' contents (`registry.py`).

Significant cells are shaded and bold, and a column beside them says Yes or No: nothing rests on colour.
"""

import io
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from orchestration.publications import formatting
from orchestration.publications.published_table import MISSING_TEXT, ROW_GROUP, Column, PublishedTable
from orchestration.publications.release_facts import ReleaseFacts

if TYPE_CHECKING:
    import gptables

NOT_APPLICABLE, NOT_AVAILABLE, REFERENCE = "[z]", "[x]", "[r]"
SHORTHAND = {
    "n/a": NOT_APPLICABLE,
    "not estimable": NOT_AVAILABLE,
    "not fitted": NOT_AVAILABLE,
    "reference": REFERENCE,
}
_MEANINGS = {
    NOT_APPLICABLE: "[z] not applicable",
    NOT_AVAILABLE: "[x] could not be estimated",
    REFERENCE: "[r] reference level, no coefficient",
}
_SHADE = {"bold": True, "bg_color": "#D4E3F2", "bottom": 1}
_FIRST_WIDTH, _SECOND_WIDTH, _WIDTH = 46, 30, 16  # characters


def workbook_bytes(published: Mapping[str, PublishedTable], facts: ReleaseFacts) -> bytes:
    """The workbook as XLSX bytes, the same for the same tables and facts."""
    import gptables

    buffer = io.BytesIO()
    sheets = {table_id: _sheet(table) for table_id, table in published.items()}
    with warnings.catch_warnings():  # gptables warns on pandas' own behaviour, which the reader cannot change
        warnings.simplefilter("ignore")
        workbook = gptables.produce_workbook(
            filename=buffer,  # type: ignore[arg-type]
            sheets=sheets,
            cover=_cover(facts),
            contentsheet_options={"title": "Contents", "column_names": ["Sheet", "Table"]},
            notes_table=_notes(published),
            auto_width=False,
            workbook_options={"in_memory": True},
        )
    workbook.set_properties(
        {
            "title": "Probation supervision and positive outcomes",
            "created": facts.created_at.replace(tzinfo=None),
        }
    )
    _set_widths(workbook, published)
    workbook.close()
    return buffer.getvalue()


def sheet_frame(table: PublishedTable) -> pd.DataFrame:
    """A table as the sheet holds it: one heading row, no empty cell, a Yes/No column after each tested one.

    Numbers stay numbers, rounded as printed; shorthand stands where there is none.
    """
    records = []
    for record in table.records():
        row: dict[str, Any] = {"Group": record[ROW_GROUP]} if table.has_row_groups else {}
        for column in table.columns:
            row[column.flat_heading] = _sheet_value(column, record)
            if column.significant:
                row[_flag_heading(column)] = _flag_text(record[column.significant])
        records.append(row)
    return pd.DataFrame(records, dtype="object")


def _sheet_value(column: Column, record: dict[str, Any]) -> Any:
    value = record[column.key]
    if formatting.is_missing(value):
        return SHORTHAND[record.get(MISSING_TEXT, formatting.NOT_APPLICABLE)]
    if column.is_p_value:
        return formatting.p_value(value)
    if column.decimals is None:
        return str(value)
    rounded = formatting.half_up(float(value), column.decimals)
    return int(rounded) if column.decimals == 0 else float(rounded)


def _flag_heading(column: Column) -> str:
    return f"{column.flat_heading}: significant"


def _flag_text(flag: object) -> str:
    return NOT_APPLICABLE if formatting.is_missing(flag) else ("Yes" if flag else "No")


def _sheet(table: PublishedTable) -> "gptables.GPTable":
    import gptables

    frame = sheet_frame(table)
    shorthand = [meaning for mark, meaning in _MEANINGS.items() if (frame == mark).any(axis=None)]
    marking = (
        ['Shaded bold cells are significant; the column after them says "Yes" or "No".']
        if table.has_significance
        else []
    )
    return gptables.GPTable(
        table=frame,
        table_name=table.anchor,
        title=f"{table.heading}$${table.anchor}$$" if table.notes else table.heading,
        instructions="This worksheet contains one table.",
        legend=[*marking, *(["Shorthand: " + "; ".join(shorthand) + "."] if shorthand else [])],
        source=f"Source: {table.source}.",
        index_columns={1: 0, 2: 1} if table.has_row_groups else {1: 0},
        additional_formatting=_formats(table, frame),
    )


def _formats(table: PublishedTable, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Number formats for whole columns, then shading for significant cells (row 0 is the heading)."""
    names = list(frame.columns)
    formats: list[dict[str, Any]] = []
    for column in table.columns:
        position = names.index(column.flat_heading)
        if column.is_number:
            decimals = f".{'0' * column.decimals}" if column.decimals else ""
            number = {"num_format": f"#,##0{decimals}", "align": "right"}
            formats.append({"column": {"columns": [position], "format": number, "include_names": True}})
        if column.significant:
            cells = [
                (row + 1, position) for row, flag in enumerate(frame[_flag_heading(column)]) if flag == "Yes"
            ]
            formats += [{"cell": {"cells": cell, "format": _SHADE}} for cell in cells]
    return formats


def _notes(published: Mapping[str, PublishedTable]) -> pd.DataFrame:
    rows = [
        (table.anchor, f"Table {table.table_id}. {' '.join(table.notes)}")
        for table in published.values()
        if table.notes
    ]
    return pd.DataFrame(rows, columns=["Note reference", "Note text"])


def _cover(facts: ReleaseFacts) -> "gptables.Cover":
    import gptables

    warning = (
        "SYNTHETIC DATA: every case behind these tables was generated by a computer and describes nobody."
    )
    return gptables.Cover(
        cover_label="Cover",
        title="Probation supervision and positive outcomes: completion and proven reoffending",
        intro=[
            *([warning] if facts.is_synthetic else []),
            "Tables of HM Inspectorate of Probation Research & Analysis Bulletin 2023/04, reproduced from "
            "linked inspection, "
            "terminations and reoffending data, with the regression models behind them.",
            "The associations shown are not causes. Proven reoffending is a proxy for reoffending. Many "
            "tests were made.",
        ],
        about=[
            f"Release {facts.release}, produced {facts.created_at:%Y-%m-%d}.",
            f"Code version {facts.code_version}.",
            f"Significance level {facts.significance_level:g}.",
            "The contents sheet lists the tables, the notes sheet explains them.",
        ],
    )


def _set_widths(workbook: Any, published: Mapping[str, PublishedTable]) -> None:
    for name, widths in {"Contents": (14, 100), "Notes": (14, 130)}.items():
        sheet = workbook.get_worksheet_by_name(name)
        for position, width in enumerate(widths):
            sheet.set_column(position, position, width)
    for table_id, table in published.items():
        sheet = workbook.get_worksheet_by_name(table_id)
        sheet.set_column(0, 0, _FIRST_WIDTH)
        sheet.set_column(1, 1, _SECOND_WIDTH if table.has_row_groups else _WIDTH)
        sheet.set_column(2, len(table.columns) + 4, _WIDTH)
