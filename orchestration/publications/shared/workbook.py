"""The tables as one accessible workbook.

Belongs here: cover, contents, notes and one sheet a table, by the Analysis Function's good practice
(gptables). Not here: the tables' contents (each publication).

Significant cells are shaded and bold, and a column beside them says Yes or No: nothing rests on colour.
"""

import io
import re
import warnings
from collections.abc import Mapping
from math import ceil
from typing import TYPE_CHECKING, Any

import pandas as pd

from orchestration.publications.shared import formatting
from orchestration.publications.shared.publication import Cover, Publication
from orchestration.publications.shared.published_table import ROW_GROUP, Column, PublishedTable, missing_text
from orchestration.publications.shared.release_facts import ReleaseFacts

if TYPE_CHECKING:
    import gptables

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
_SHADE = {"bold": True, "bg_color": "#D4E3F2", "bottom": 1}
_GROUP_WIDTH, _ROW_WIDTH, _WIDTH, _TEXT_WIDTH = 52, 34, 17, 120  # characters
_LINE_HEIGHT = 16  # points, for the theme's 12 point type
_A4 = 9  # Excel's number of the paper size


def workbook_bytes(publication: Publication, published: Mapping[str, PublishedTable], facts: ReleaseFacts) -> bytes:
    """A publication's tables as XLSX bytes, the same for the same tables and facts."""
    import gptables

    buffer = io.BytesIO()
    frames = {table_id: sheet_frame(table) for table_id, table in published.items()}
    sheets = {table_id: _sheet(table, frames[table_id]) for table_id, table in published.items()}
    with warnings.catch_warnings():  # gptables warns on pandas' own behaviour, which the reader cannot change
        warnings.simplefilter("ignore")
        workbook = gptables.produce_workbook(
            filename=buffer,  # type: ignore[arg-type]
            sheets=sheets,
            cover=_cover(publication.cover, facts),
            contentsheet_options={"title": "Contents", "column_names": ["Sheet", "Table"]},
            notes_table=_notes(published),
            auto_width=False,
            workbook_options={"in_memory": True},
        )
    workbook.set_properties(
        {
            "title": publication.cover.title.partition(":")[0],
            "created": facts.created_at.replace(tzinfo=None),
        }
    )
    _fit_sheets(workbook, published, frames)
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
                row[_flag_heading(column)] = _flag_text(record.get(column.significant))
        records.append(row)
    return pd.DataFrame(records, dtype="object")


def _sheet_value(column: Column, record: dict[str, Any]) -> Any:
    value = record[column.key]
    if formatting.is_missing(value):
        return SHORTHAND[missing_text(column, record)]
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


def _sheet(table: PublishedTable, frame: pd.DataFrame) -> "gptables.GPTable":
    import gptables

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
    top = {"columns": list(range(len(names))), "format": {"valign": "top"}, "include_names": True}
    formats: list[dict[str, Any]] = [{"column": top}]
    for column in table.columns:
        position = names.index(column.flat_heading)
        if column.is_number:
            decimals = f".{'0' * column.decimals}" if column.decimals else ""
            number = {"num_format": f"#,##0{decimals}", "align": "right"}
            formats.append({"column": {"columns": [position], "format": number, "include_names": True}})
        if column.significant:
            formats.append({"column": {"columns": [_flag_heading(column)], "format": {"indent": 1}}})
            cells = [(row + 1, position) for row, flag in enumerate(frame[_flag_heading(column)]) if flag == "Yes"]
            formats += [{"cell": {"cells": cell, "format": _SHADE}} for cell in cells]
    return formats


def _notes(published: Mapping[str, PublishedTable]) -> pd.DataFrame:
    rows = [
        (table.anchor, f"Table {table.table_id}. {' '.join(table.notes)}")
        for table in published.values()
        if table.notes
    ]
    return pd.DataFrame(rows, columns=["Note reference", "Note text"])


def _cover(cover: Cover, facts: ReleaseFacts) -> "gptables.Cover":
    import gptables

    warning = "SYNTHETIC DATA: a computer made up every case behind these tables; they describe nobody."
    return gptables.Cover(
        cover_label="Cover",
        title=cover.title,
        intro=[
            *([warning] if facts.is_synthetic else []),
            *([facts.reach] if facts.reach else []),
            *cover.lines,
        ],
        about=[
            f"Release {facts.release}, produced {facts.created_at:%Y-%m-%d}.",
            f"Code version {facts.code_version}.",
            f"Significance level {facts.significance_level:g}.",
            "The contents sheet lists the tables, the notes sheet explains them.",
        ],
    )


def _fit_sheets(workbook: Any, published: Mapping[str, PublishedTable], frames: Mapping[str, pd.DataFrame]) -> None:
    """Widths, heights and page set-up of every sheet."""
    for name, position in (("Cover", 0), ("Contents", 1)):
        sheet = workbook.get_worksheet_by_name(name)
        sheet.set_column(position, position, _TEXT_WIDTH)
        _set_page(sheet)
    _fit(workbook.get_worksheet_by_name("Notes"), _notes(published), [14, _TEXT_WIDTH])
    for table_id, table in published.items():
        frame = frames[table_id]
        leading = [_GROUP_WIDTH, _ROW_WIDTH] if table.has_row_groups else [_GROUP_WIDTH]
        widths = leading + [_WIDTH] * (len(frame.columns) - len(leading))
        _fit(workbook.get_worksheet_by_name(table_id), frame, widths)


def _fit(sheet: Any, frame: pd.DataFrame, widths: list[int]) -> None:
    """Set widths, and heights for the longest wrapped cell of each row."""
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width)
    heading_row = int(re.search(r"\d+", sheet.tables[0]["range"])[0]) - 1  # type: ignore[index]
    for offset, line in enumerate([list(frame.columns), *frame.to_numpy().tolist()]):
        lines = max(ceil(1.15 * len(str(cell)) / width) for cell, width in zip(line, widths, strict=True))
        sheet.set_row(heading_row + offset, _LINE_HEIGHT * lines + 2)
    sheet.repeat_rows(heading_row)
    _set_page(sheet)


def _set_page(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
