"""A column of dates judged as a whole: how its dates are written, and whether their days can be trusted.

Belongs here: forms of dates, order of day and month, times, serial numbers. Not here: one cell by itself (`parsing`).
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingest.findings import Finding
from orchestration.ingest.readers.tables import Cells, Kind
from orchestration.tables.contract import EARLIEST_DATE, LATEST_DATE
from orchestration.tables.source import Column

HALF_CONVERTED, OTHER_ORDER, TWO_DIGIT_YEARS = "half converted dates", "other order of dates", "two-digit years"
LATE_DAYS_LOST, DAYS_LOST = "no day after the 12th", "one day of the month"
TIMES, SERIALS_MIXED, SERIALS_STRANGE = (
    "times in dates",
    "serial numbers among dates",
    "serial numbers that are no dates",
)
SERIALS_READ, SPIKE = "serial numbers read", "spike of one date"
IMPOSSIBLE = "0000-00-00"  # what parsing calls an impossible date, without its value

_TIME = re.compile(r"(.*[0-9])(?:T| +)([0-9]{1,2}:[0-9]{2}.*)")
_MIDNIGHT = re.compile(
    r"(?:00?:00(?::00(?:[.,]0+)?)?|12:00(?::00)? ?AM) ?(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2})?", re.IGNORECASE
)
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_SHORT_YEAR = re.compile(r"([0-9]{1,2}[-/. ][0-9]{1,2}|[0-9]{1,2}[-/. ][A-Za-z]{3,9})[-/. '][0-9]{2}")
_LONG_YEAR = re.compile(r"[0-9]{5,}-[0-9]{2}-[0-9]{2}|[0-9]{2}/[0-9]{2}/[0-9]{5,}")
_NUMBER = re.compile(r"(-?[0-9]{1,5})(?:\.([0-9]+))?")
_LAST_SERIAL = 73_050  # the end of 2099
_MEDIAN_BIRTH = (date(1945, 1, 1), date(2010, 12, 31))  # day counts of other programs put births 60 years away
_PLACEHOLDERS = tuple(date(year, 1, 1).isoformat() for year in (1900, 1901, 1970))
_MANY, _MIXED, _FEWEST_IN_A_SPIKE, _CERTAIN = 0.01, 0.05, 5, 20
_SEVERAL_DAYS = 4  # of the month: dates that are all the first of one say nothing of their order
_SHARED = 3  # times as many births on one day as on the next most frequent one


class Form(Enum):
    """How one cell writes a date."""

    YEAR_FIRST = 1  # a typed date, or YYYY-MM-DD: no order to be mistaken
    DAY_FIRST = 2  # DD/MM/YYYY with a day that is no month
    MONTH_FIRST = 3
    EITHER = 4  # DD/MM/YYYY, and both could be a month
    DAY_IN_THE_MIDDLE = 5  # YYYY-DD-MM
    SHORT_YEAR = 6
    MOMENT = 7
    SERIAL = 8
    NO_DATE = 9
    OTHER = 10


@dataclass(frozen=True)
class _Written:
    """A distinct cell: its form, its text without a midnight, the day of the month as the contract would read it."""

    form: Form
    text: str
    day: int = 0


def judge_dates(column: Column, cells: Cells, lines: np.ndarray, day_0: date) -> tuple[pa.ChunkedArray, list[Finding]]:
    """The texts as parsing takes them, without midnights and serial numbers, and what is wrong with the column."""
    written, of_row = _distinct(cells)
    if not written:
        return cells.texts, []
    present = np.flatnonzero(of_row >= 0)
    forms = np.array([cell.form.value for cell in written])[of_row[present]]
    counts = Counter({form: int((forms == form.value).sum()) for form in Form})

    def at(*wanted: Form) -> np.ndarray:
        return lines[present[np.isin(forms, [form.value for form in wanted])]]

    found = _order(column, counts, written, at) + _times_and_years(column, counts, at)
    is_serials = counts[Form.SERIAL] > 0 and counts[Form.SERIAL] == len(present)
    if is_serials and _are_plausible(column, written, of_row[present], day_0):
        found.append(Finding(SERIALS_READ, column.name, at(Form.SERIAL)))
    elif is_serials:
        found.append(Finding(SERIALS_STRANGE, column.name, at(Form.SERIAL)))
    elif _is_many(counts[Form.SERIAL], len(present)):
        found.append(Finding(SERIALS_MIXED, column.name, at(Form.SERIAL)))
    texts = [_plain(cell, is_serials, day_0) for cell in written]
    found += _spikes(column, texts, of_row[present], lines[present])
    return _texts(cells, texts, of_row), found


def _order(
    column: Column, counts: Counter[Form], written: list[_Written], at: Callable[..., np.ndarray]
) -> list[Finding]:
    """Day and month exchanged, in all cells or in those that a program took for dates."""
    n_wrong = counts[Form.MONTH_FIRST] + counts[Form.DAY_IN_THE_MIDDLE]
    n_right = counts[Form.DAY_FIRST]
    is_undecided = not n_right and counts[Form.EITHER] > 0
    if _is_many(n_wrong, n_wrong + n_right + counts[Form.EITHER]) or (n_wrong and is_undecided):
        order = "MM/DD/YYYY" if counts[Form.MONTH_FIRST] >= counts[Form.DAY_IN_THE_MIDDLE] else "YYYY-DD-MM"
        return [Finding(OTHER_ORDER, column.name, at(Form.MONTH_FIRST, Form.DAY_IN_THE_MIDDLE), order)]
    last_day = max((cell.day for cell in written if cell.form is Form.YEAR_FIRST), default=0)
    n_slashed = n_right + counts[Form.EITHER]
    is_mixed = min(n_right, counts[Form.YEAR_FIRST]) > max(1, _MIXED * sum(counts.values()))
    has_only_late_days = counts[Form.EITHER] == 0
    is_certain = counts[Form.YEAR_FIRST] >= _CERTAIN and n_right >= 0.9 * n_slashed
    if is_mixed and last_day <= 12 and (has_only_late_days or is_certain):
        return [Finding(HALF_CONVERTED, column.name, at(Form.YEAR_FIRST))]
    if days_lost := _without_days(written):
        return [Finding(DAYS_LOST, column.name, at(*days_lost))]
    return [Finding(LATE_DAYS_LOST, column.name, at(form)) for form in _without_late_days(written, n_right)]


def _without_days(written: list[_Written]) -> list[Form]:
    """The forms of many different dates that are all of one day of the month, as where months were made into dates."""
    dates = [cell for cell in written if cell.form in (Form.YEAR_FIRST, Form.EITHER, Form.DAY_FIRST)]
    days = {cell.day or int(cell.text[:2]) for cell in dates}
    return list({cell.form for cell in dates}) if len(dates) >= _CERTAIN and len(days) == 1 else []


def _without_late_days(written: list[_Written], n_late: int) -> list[Form]:
    """The form of many different dates of which none has a day after the 12th: one in 10 of them by chance would.

    Of DD/MM/YYYY, those whose day is a later one have another form.
    """
    forms = [Form.YEAR_FIRST] if n_late else [Form.YEAR_FIRST, Form.EITHER]
    days = {form: [cell.day for cell in written if cell.form is form] for form in forms}
    return [
        form
        for form, found in days.items()
        if len(found) >= _CERTAIN and max(found) <= 12 and len(set(found)) >= _SEVERAL_DAYS
    ]


def _times_and_years(column: Column, counts: Counter[Form], at: Callable[..., np.ndarray]) -> list[Finding]:
    found = []
    if counts[Form.MOMENT]:
        found.append(Finding(TIMES, column.name, at(Form.MOMENT)))
    if _is_many(counts[Form.SHORT_YEAR], sum(counts.values())):
        found.append(Finding(TWO_DIGIT_YEARS, column.name, at(Form.SHORT_YEAR)))
    return found


def _is_many(n_cells: int, n_all: int) -> bool:
    """More than a slip of the hand: these are told one by one."""
    return n_cells > max(1, _MANY * n_all)


def _distinct(cells: Cells) -> tuple[list[_Written], np.ndarray]:
    """Each distinct cell as written, and which of them each row holds (-1: none)."""
    encoded = pc.dictionary_encode(cells.texts).combine_chunks()
    texts = encoded.dictionary.to_pylist()
    indices = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype("int64")
    pairs = np.where(indices < 0, -1, indices * len(Kind) + cells.kinds)
    keys, of_row = np.unique(pairs, return_inverse=True)
    has_empty = int(len(keys) > 0 and keys[0] < 0)
    written = [_written(texts[key // len(Kind)], Kind(key % len(Kind))) for key in keys[has_empty:].tolist()]
    return written, of_row - has_empty


def _written(given: str, kind: Kind) -> _Written:
    text = given.strip()
    if kind == Kind.NO_DATE or _LONG_YEAR.fullmatch(text):
        return _Written(Form.NO_DATE, IMPOSSIBLE)
    if kind == Kind.MOMENT:
        return _Written(Form.MOMENT, text)
    if timed := _TIME.fullmatch(text):
        if not _MIDNIGHT.fullmatch(timed[2].strip()):
            return _Written(Form.MOMENT, text)
        text = timed[1].strip()
    if found := _YEAR_FIRST.fullmatch(text):
        middle, last = int(found[2]), int(found[3])
        return _Written(Form.DAY_IN_THE_MIDDLE, text) if middle > 12 >= last else _Written(Form.YEAR_FIRST, text, last)
    if found := _YEAR_LAST.fullmatch(text):
        first, second = int(found[1]), int(found[2])
        if first <= 12 and second <= 12:
            return _Written(Form.EITHER, text, first)
        return _Written(Form.MONTH_FIRST if second > 12 >= first else Form.DAY_FIRST, text)
    return _number(text) or _Written(Form.SHORT_YEAR if _SHORT_YEAR.fullmatch(text) else Form.OTHER, text)


def _number(text: str) -> _Written | None:
    """A day counted from day 0; with a fraction it is a time of that day."""
    found = _NUMBER.fullmatch(text)
    if found is None or int(found[1]) > _LAST_SERIAL:
        return None
    return _Written(Form.MOMENT if (found[2] or "").strip("0") else Form.SERIAL, found[1])


def _are_plausible(column: Column, written: list[_Written], of_row: np.ndarray, day_0: date) -> bool:
    """Whether numbers counted from day 0 fall where this column's dates can lie."""
    days = np.sort(np.array([int(cell.text) for cell in written])[of_row])
    if column.missing_if_unreadable:
        earliest, latest = _MEDIAN_BIRTH
        return earliest <= day_0 + timedelta(days=int(days[len(days) // 2])) <= latest
    return (
        day_0 + timedelta(days=int(days[0])) >= EARLIEST_DATE and day_0 + timedelta(days=int(days[-1])) <= LATEST_DATE
    )


def _plain(cell: _Written, is_serials: bool, day_0: date) -> str:
    if is_serials and cell.form is Form.SERIAL:
        return (day_0 + timedelta(days=int(cell.text))).isoformat()
    return cell.text


def _texts(cells: Cells, texts: list[str], of_row: np.ndarray) -> pa.ChunkedArray:
    indices = pa.array(of_row, mask=of_row < 0)
    return pa.chunked_array([pa.array(texts, pa.string()).take(indices)])


def _spikes(column: Column, texts: list[str], of_row: np.ndarray, lines: np.ndarray) -> list[Finding]:
    """More placeholders than slips of single officers would make."""
    found = []
    for placeholder in _PLACEHOLDERS:
        year = placeholder[:4]
        spelled = [i for i, text in enumerate(texts) if text in (placeholder, f"01/01/{year}")]
        rows = lines[np.isin(of_row, spelled)]
        if len(rows) >= _FEWEST_IN_A_SPIKE and len(rows) > _MANY * len(lines):
            found.append(Finding(SPIKE, column.name, rows, f"1 January {year}"))
    return found or _shared_birthdays(column, of_row, lines)


def _shared_birthdays(column: Column, of_row: np.ndarray, lines: np.ndarray) -> list[Finding]:
    """One date of birth, whichever it is, in far more rows than any other."""
    if not column.missing_if_unreadable:
        return []
    frequent = Counter(of_row.tolist()).most_common(2)
    if len(frequent) < 2 or frequent[0][1] < _FEWEST_IN_A_SPIKE or len(set(of_row.tolist())) < _CERTAIN:
        return []
    (cell, n_rows), (_, n_next) = frequent
    is_apart = n_rows > _MANY * len(lines) and n_rows > _SHARED * n_next
    return [Finding(SPIKE, column.name, lines[of_row == cell])] if is_apart else []
