"""The tables as one accessible workbook, saved as XLSX.

Belongs here: writing the sheets (`sheets.py`) with gptables, which follows the Analysis Function's good practice. Not
here: what stands in them.
"""

import io
import re
import warnings
from collections.abc import Mapping
from math import ceil
from typing import TYPE_CHECKING, Any

import pandas as pd

from orchestration.publications.shared.publication import Cover, Publication
from orchestration.publications.shared.published_table import Column, PublishedTable
from orchestration.publications.shared.release_facts import ReleaseFacts
from orchestration.publications.workbooks import sheets

if TYPE_CHECKING:
    import gptables

_P_VALUE = f'[<{sheets.SMALLEST_P_VALUE}]"<{sheets.SMALLEST_P_VALUE}";0.{"0" * sheets.P_VALUE_DECIMALS}'
_SHADE = {"bold": True, "bg_color": "#D4E3F2", "bottom": 1}
_LINE_HEIGHT = 16  # points, for the theme's 12 point type
_A4 = 9  # Excel's number of the paper size


def workbook_bytes(publication: Publication, published: Mapping[str, PublishedTable], facts: ReleaseFacts) -> bytes:
    """A publication's tables as XLSX bytes, the same for the same tables and facts."""
    import gptables

    buffer = io.BytesIO()
    frames = {table_id: sheets.sheet_frame(table) for table_id, table in published.items()}
    about = " ".join([*sheets.mark_lines(facts), sheets.ONE_TABLE])
    with warnings.catch_warnings():  # gptables warns on pandas' own behaviour, which the reader cannot change
        warnings.simplefilter("ignore")
        workbook = gptables.produce_workbook(
            filename=buffer,  # type: ignore[arg-type]
            sheets={name: _sheet(table, frames[name], facts) for name, table in published.items()},
            cover=_cover(publication.cover, facts),
            contentsheet_options={"column_names": [*sheets.CONTENTS_COLUMNS], "instructions": about},
            notes_table=_notes(published),
            notesheet_options={"instructions": about},
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


def _sheet(table: PublishedTable, frame: pd.DataFrame, facts: ReleaseFacts) -> "gptables.GPTable":
    import gptables

    instructions, legend = sheets.lines_above(table, frame, facts)
    return gptables.GPTable(
        table=frame,
        table_name=table.anchor,
        title=f"{table.heading}$${table.anchor}$$" if table.notes else table.heading,
        instructions=" ".join(instructions),
        legend=legend,
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
            number = {"num_format": _number_format(column), "align": "right"}
            formats.append({"column": {"columns": [position], "format": number, "include_names": True}})
        if column.significant:
            formats.append({"column": {"columns": [sheets.flag_heading(column)], "format": {"indent": 1}}})
            flags = frame[sheets.flag_heading(column)]
            cells = [(row + 1, position) for row, flag in enumerate(flags) if flag == "Yes"]
            formats += [{"cell": {"cells": cell, "format": _SHADE}} for cell in cells]
    return formats


def _number_format(column: Column) -> str:
    decimals = f".{'0' * column.decimals}" if column.decimals else ""
    return _P_VALUE if column.is_p_value else f"#,##0{decimals}"


def _notes(published: Mapping[str, PublishedTable]) -> pd.DataFrame:
    rows = [(published[table_id].anchor, text) for table_id, text in sheets.notes_by_table(published).items()]
    return pd.DataFrame(rows, columns=["Note reference", "Note text"])


def _cover(cover: Cover, facts: ReleaseFacts) -> "gptables.Cover":
    import gptables

    intro, about = sheets.cover_lines(cover, facts).values()
    return gptables.Cover(cover_label=sheets.COVER, title=cover.title, intro=intro, about=about)


def _fit_sheets(workbook: Any, published: Mapping[str, PublishedTable], frames: Mapping[str, pd.DataFrame]) -> None:
    """Widths, heights and page set-up of every sheet."""
    for name, position in ((sheets.COVER, 0), (sheets.CONTENTS, 1)):
        sheet = workbook.get_worksheet_by_name(name)
        sheet.set_column(position, position, sheets.TEXT_WIDTH)
        _set_page(sheet)
    _fit(workbook.get_worksheet_by_name(sheets.NOTES), _notes(published), [sheets.NUMBER_WIDTH, sheets.TEXT_WIDTH])
    for table_id, table in published.items():
        _fit(workbook.get_worksheet_by_name(table_id), frames[table_id], sheets.widths(table, frames[table_id]))


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
