"""Expectations on what was found in the columns of a delivery before its cells were parsed.

Belongs here: which findings stop the run and which warn, and their words. Not here: finding them
(`orchestration/ingest`), and comparing deliveries (`deliveries`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from expectations.runner import MAX_PLACES, about
from orchestration.ingest import columns, dates, stray_rows
from orchestration.ingest.deliveries import ORDER_UNKNOWN
from orchestration.tables.source import Source

_AS_TEXT = "Have the extract exported again with dates as YYYY-MM-DD; do not open it in a spreadsheet on the way."
_AS_DATES = "Have the column exported again as dates alone, without a time, from where it was made."


@dataclass(frozen=True)
class Words:
    """An expectation's name, what is wrong where it fails, what to do, and whether the run goes on."""

    name: str
    problem: str
    remedy: str
    warns: bool = False


WORDS: Mapping[str, Words] = {
    dates.HALF_CONVERTED: Words(
        "dates_not_half_converted",
        "dates were half converted by a program set to another country: those it took for dates have no day after the "
        "12th, those it left as text have no other, so that day and month of the first are exchanged",
        _AS_TEXT,
    ),
    dates.LATE_DAYS_LOST: Words(
        "late_days_kept",
        "of many different dates none has a day after the 12th: a program set to another country has probably "
        "exchanged day and month, and lost the dates for which it could not",
        _AS_TEXT,
    ),
    dates.DAYS_LOST: Words(
        "dates_have_days",
        "many different dates are all of one day of the month: only their months, or years, were kept",
        "Have the column exported again with whole dates, as YYYY-MM-DD.",
    ),
    dates.OTHER_ORDER: Words(
        "dates_in_order",
        "dates are written in another order than YYYY-MM-DD or DD/MM/YYYY, so that days up to the 12th cannot be told "
        "from months",
        _AS_TEXT,
    ),
    dates.TWO_DIGIT_YEARS: Words(
        "years_have_four_digits", "dates have years of two digits, whose century cannot be known", _AS_TEXT
    ),
    dates.TIMES: Words(
        "dates_without_times",
        "dates have a time of day that is not midnight: they were probably written in another time zone (UTC), and the "
        "day may be the one before",
        _AS_DATES,
    ),
    dates.SERIALS_MIXED: Words(
        "serial_numbers_alone",
        "some dates are Excel's serial numbers and others are not",
        "Open the extract in the program it comes from, format the whole column as dates, and export it again.",
    ),
    dates.SERIALS_STRANGE: Words(
        "serial_numbers_plausible",
        "dates are numbers, and counted as Excel counts days they fall where no such date can lie: another program "
        "counted them from another day",
        _AS_TEXT,
    ),
    columns.FORMULAS: Words(
        "formulas_have_values",
        "cells are formulas whose value was never calculated",
        "Open the workbook in Excel, let it calculate, and save it; or paste the column as values.",
    ),
    columns.MERGED: Words(
        "cells_not_merged",
        "cells are merged, so that all but the first of them are empty",
        "Unmerge the cells and fill each of them, or have the extract exported again as CSV.",
    ),
    columns.TORN: Words(
        "last_row_whole",
        "the last line has no end and its row breaks off, or may: the file is probably cut short",
        "Copy the extract again in full, or have it exported again. If its last row is whole, end it with a line "
        "break.",
    ),
    stray_rows.OTHER_COUNT: Words(
        "rows_as_stated",
        "the last rows of the file state another number than it holds: it is cut short, or rows were taken out",
        "Ask how many rows it should have, and copy it again in full; correct or delete the statement if it is wrong.",
    ),
    columns.DIGITS_LOST: Words(
        "ids_keep_digits",
        "ids are numbers in scientific notation, which have lost digits",
        "Have the extract exported again with the ids as text.",
    ),
    columns.DATES_IN_TEXT: Words(
        "text_not_dates",
        "cells are dates where text is expected: a spreadsheet took a text for a date",
        "Have the extract exported again with the column as text.",
    ),
    ORDER_UNKNOWN: Words(
        "order_of_deliveries_known",
        "rows of one id differ between deliveries of which it is not known which is the later: both have the same date "
        "in their names, or some files of the source have none, or the earlier one lies there again as it was",
        "Put the day of delivery, YYYY-MM-DD, into the name of every file of this source; of files that are the same "
        "keep the one that is meant, and take the others away (make deliveries names them).",
    ),
    columns.ERRORS: Words(
        "no_error_cells",
        "cells are errors of the spreadsheet (#REF!, #N/A and the like); they count as missing",
        "Correct them in the workbook if they should hold something.",
        warns=True,
    ),
    columns.MARKED: Words(
        "missing_is_empty",
        "cells hold NA, NULL or another mark that the file uses for missing; they count as missing",
        "Nothing needs to be done where that is meant.",
        warns=True,
    ),
    columns.UNDONE: Words(
        "text_as_written",
        "texts were damaged by a program on their way (escapes, entities, another encoding, invisible characters) and "
        "are read as they were before",
        "Nothing needs to be done; ask for CSV in UTF-8 next time.",
        warns=True,
    ),
    columns.DOUBTFUL: Words(
        "text_in_one_encoding",
        "texts look as if they had been read in a wrong encoding, and cannot be undone exactly",
        "Look at the lines, and have the extract exported again in UTF-8.",
        warns=True,
    ),
    stray_rows.HEADER_AGAIN: Words(
        "header_once",
        "the header stands again among the rows, as where files or pages were put one below the other; these rows are "
        "not read",
        "Look whether every part is of the same extract and none is there twice.",
        warns=True,
    ),
    stray_rows.FOOTER: Words(
        "no_footer",
        "rows at the end are a total or a note and no records; they are not read",
        "Nothing needs to be done where this is so.",
        warns=True,
    ),
    columns.HIDDEN_ROWS: Words(
        "no_hidden_rows",
        "rows are hidden, by hand or by a filter; they are read like the others",
        "Delete them in the workbook if they are not meant.",
        warns=True,
    ),
    columns.HIDDEN_COLUMNS: Words(
        "no_hidden_columns",
        "columns are hidden; they are read like the others",
        "Look whether the hidden column is the right one, and show it.",
        warns=True,
    ),
    columns.OPEN_END: Words(
        "last_line_ended",
        "the last line has no end, as in a file that was cut short",
        "Look whether its last row is whole and the number of rows is right.",
        warns=True,
    ),
    dates.SERIALS_READ: Words(
        "dates_not_numbers",
        "dates are Excel's serial numbers and are read as such",
        "Look at a few of the dates; ask for YYYY-MM-DD next time.",
        warns=True,
    ),
    dates.SPIKE: Words(
        "no_placeholder_dates",
        "one date stands in many rows, as a placeholder for not known does",
        "Ask whether it stands for not known; if so, have it left empty.",
        warns=True,
    ),
}


def findings_frame(findings: pd.DataFrame) -> pd.DataFrame:
    """One row with a column a kind: how many columns or sheets show it."""
    counts = findings["kind"].value_counts()
    return pd.DataFrame({words.name: [int(counts.get(kind, 0))] for kind, words in WORDS.items()})


def findings_rules(source: Source, findings: pd.DataFrame) -> list[Any]:
    """On `findings_frame`: nothing was found; the message of each kind says in which column and where."""
    import great_expectations.expectations as gxe

    rules = []
    for kind, words in WORDS.items():
        found = findings[findings["kind"] == kind]
        meta = about(
            words.name,
            source.name,
            words.problem,
            words.remedy,
            warns=words.warns,
            observed=_told(found) if len(found) else "none",
        )
        rules.append(gxe.ExpectColumnMaxToBeBetween(column=words.name, max_value=0, meta=meta))
    return rules


def _told(found: pd.DataFrame) -> str:
    """`date_of_birth: MM/DD/YYYY, 1,035 cells, delivery 1 (3f2a91bc) lines 2, 3, 5; ...`."""
    parts = []
    for row in found.head(MAX_PLACES).to_dict("records"):
        column, cells = row["column"], row["cells"]
        number = f"{cells:,} {'cell' if column else 'row'}{'s' if cells != 1 else ''}" if cells else ""
        place = f"{row['delivery']} {row['lines']}".strip()
        what = ", ".join(part for part in (row["detail"], number, place) if part)
        parts.append(f"{column}: {what}" if column else what)
    more = len(found) - MAX_PLACES
    return "; ".join(parts) + (f"; and {more} more columns" if more > 0 else "")
