"""The reviewer's spreadsheet: instructions, and a sheet of pairs a source.

Belongs here: how the workbook looks and what it asks. Not here: its contents (`contents.py`), reading (`reading.py`).

Nothing in it tells what the linkage decided: pairs are numbered in random order, every line looks the same, and ids
of cases and records are left out.
"""

import io
from typing import Any

import pandas as pd

from orchestration.linkage.review.contents import DATES, IDENTIFIERS, VALUES, VIEWS, as_shown

INSTRUCTIONS = "Instructions"
SAMPLE_CELL = "B3"
SHEETS = {"terminations": "terminations", "reoffending": "reoffending"}
PAIR, VERDICT, COMMENT, REVIEWER, REVIEWED_ON = "Pair", "Verdict", "Comment", "Reviewer", "Reviewed on"
VERDICTS = ("match", "not_match", "unsure")
INPUTS = (VERDICT, COMMENT, REVIEWER, REVIEWED_ON)
HEADINGS = {
    **{f"{side}_{name}": f"{title}: {view}" for name, title in IDENTIFIERS.items() for side, view in VIEWS.items()},
    **DATES,
}
COLUMNS = [PAIR, VERDICT, *(HEADINGS[value] for value in VALUES), COMMENT, REVIEWER, REVIEWED_ON]
QUESTION = (
    "Clerical review of record linkage",
    "",
    "Sample",
    "",
    "Each line puts an inspected case beside a record of another source. The question is the same on every line:",
    "do the two describe the same person?",
    "",
    "match        they are the same person",
    "not_match    they are two people",
    "unsure       the line does not allow a decision",
    "",
    "Judge from the whole line: spelling variants, maiden and double names, exchanged names, exchanged day and month",
    "and mistyped digits are common; so are relatives, twins, namesakes, and numbers put on a stranger's record.",
    "A record close in date is more likely the same sentence, but the date alone says nothing of the person.",
    "Left of each comparison stands what was received, then what is left of it after normalising (empty: not usable).",
    "",
    "Fill the yellow columns: verdict, reviewer (initials will do) and date on every line, comment where it helps.",
    "Lines come in random order and have nothing to do with each other; a case may appear on several lines.",
    "Do not change, sort into another sheet, add or delete anything else. Save as .xlsx.",
    "This file holds personal data: keep it in the restricted folder it came from.",
)
_WIDTHS = {PAIR: 12, VERDICT: 12, COMMENT: 30, REVIEWER: 12, REVIEWED_ON: 13}
_VALUE_WIDTH = 17


def workbook_bytes(sample: str, contents: pd.DataFrame) -> bytes:
    """The workbook of a sample as XLSX bytes. `contents`: pair, source and `VALUES`, in the order of the lines."""
    from openpyxl import Workbook

    workbook = Workbook()
    _instruct(workbook.active, sample)
    for source, title in SHEETS.items():
        _fill(workbook.create_sheet(title), contents[contents["source"] == source])
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _instruct(sheet: Any, sample: str) -> None:
    from openpyxl.styles import Font

    sheet.title = INSTRUCTIONS
    for number, text in enumerate(QUESTION, start=1):
        sheet.cell(number, 1, text)
    sheet["A1"].font = Font(bold=True, size=14)
    sheet[SAMPLE_CELL] = sample
    sheet.column_dimensions["A"].width = 110
    sheet.column_dimensions["B"].width = 32
    sheet.protection.sheet = True


def _fill(sheet: Any, contents: pd.DataFrame) -> None:
    for number, heading in enumerate(COLUMNS, start=1):
        sheet.cell(1, number, heading)
    for line, row in enumerate(contents[["pair", *VALUES]].itertuples(index=False), start=2):
        texts = [row[0], "", *row[1:], "", "", ""]
        for number, text in enumerate(texts, start=1):
            if text:
                _write_text(sheet.cell(line, number), text)
    _dress(sheet, len(contents))


def _write_text(cell: Any, text: str) -> None:
    """Text stays text, also where it begins like a formula; what a workbook cannot hold is shown as a question mark."""
    cell.value = as_shown(text)
    cell.data_type = "s"
    cell.number_format = "@"


def _dress(sheet: Any, n_pairs: int) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    yellow, grey = (PatternFill("solid", fgColor=colour) for colour in ("FFF6CC", "E7E7E7"))
    for number, heading in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(heading, _VALUE_WIDTH)
        top = sheet.cell(1, number)
        top.font, top.fill = Font(bold=True), yellow if heading in INPUTS else grey
        top.alignment = Alignment(wrap_text=True, vertical="top")
        if heading in INPUTS:
            for line in range(2, n_pairs + 2):
                cell = sheet.cell(line, number)
                cell.fill, cell.protection = yellow, Protection(locked=False)
                cell.number_format = "yyyy-mm-dd" if heading == REVIEWED_ON else "@"
    _separate(sheet, n_pairs)
    if n_pairs:
        verdicts = DataValidation(type="list", formula1=f'"{",".join(VERDICTS)}"', allow_blank=True)
        verdicts.error, verdicts.errorTitle = f"One of: {', '.join(VERDICTS)}", "Verdict"
        letter = get_column_letter(COLUMNS.index(VERDICT) + 1)
        verdicts.add(f"{letter}2:{letter}{n_pairs + 1}")
        sheet.add_data_validation(verdicts)
    sheet.freeze_panes = "C2"
    sheet.row_dimensions[1].height = 48
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.autoFilter = False


def _separate(sheet: Any, n_pairs: int) -> None:
    """A thin line left of each identifier, of the dates and of the comment."""
    from openpyxl.styles import Border, Side

    firsts = [HEADINGS[f"{next(iter(VIEWS))}_{name}"] for name in IDENTIFIERS]
    for heading in (*firsts, HEADINGS[next(iter(DATES))], COMMENT):
        for line in range(1, n_pairs + 2):
            sheet.cell(line, COLUMNS.index(heading) + 1).border = Border(left=Side("thin"))
