"""From text to typed values, column by column; what does not parse, by line and class.

Belongs here: the rules of one cell (data contract, section 1, Formats). Not here: rules between columns,
ranges and plausibility (`expectations`), and which delivery of a row counts (`deliveries`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from orchestration.ingest.frames import empty_rows
from orchestration.ingest.labels import NOT_KNOWN, Labels, label_key
from orchestration.tables.contract import WHOLE_CONTRACT
from orchestration.tables.ledger import REJECTED_ROWS
from orchestration.tables.source import Column

PLACE_COLUMNS = REJECTED_ROWS.names

_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_BRITISH_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_WHOLE_NUMBER = re.compile(r"([+-]?[0-9]+)(?:\.0+)?")
_DECIMAL_NUMBER = re.compile(r"[+-]?[0-9]*\.[0-9]+")
_LARGEST_INTEGER = 2**31 - 1  # a 32-bit column holds it

MISSING = "missing"
UNKNOWN_CODE = "unknown code"
IMPOSSIBLE_DATE = "impossible date"
NOT_A_DATE = "text where a date is expected"
NOT_A_NUMBER = "text where a whole number is expected"
NOT_WHOLE = "decimal number where a whole number is expected"
TOO_LARGE = "number too large"

Parsed = tuple[str | int | date | None, str | None]  # the value, or the class of what stands there instead


@dataclass(frozen=True)
class ParsedRows:
    """`rows`: typed rows without faults; `rejected`, `notes`: one row a cell, without its value."""

    rows: pd.DataFrame
    rejected: pd.DataFrame
    notes: pd.DataFrame


def parse_rows(source: str, rows: pd.DataFrame, labels: Labels) -> ParsedRows:
    """Type every contract column of text rows (which carry file and line).

    A row with a cell that does not parse, or without a required value, is rejected. An optional
    identifier date that does not parse is set to missing and noted.
    """
    typed: dict[str, pd.Series] = {}
    rejected: list[pd.DataFrame] = []
    notes: list[pd.DataFrame] = []
    for column in WHOLE_CONTRACT[source].columns:
        values, faults = parse_column(source, column, rows[column.name], labels)
        typed[column.name] = values
        if len(faults):
            places = fault_places(source, column, rows.loc[faults.index], faults)
            (notes if column.missing_if_unreadable else rejected).append(places)
    frame = pd.DataFrame(typed, index=rows.index)
    frame["file"], frame["line"] = rows["file"], rows["line"]
    faulty = _concat(rejected)
    return ParsedRows(frame[~is_at(frame, faulty)].reset_index(drop=True), faulty, _concat(notes))


def parse_column(source: str, column: Column, texts: pd.Series, labels: Labels) -> tuple[pd.Series, pd.Series]:
    """The typed values of a column, and the class of fault of the rows that have one (by index)."""
    if column.kind in ("text", "id") and column.name != "provider":
        values = _tidy_text(texts, is_id=column.kind == "id")
        return values, _missing(column, values)
    parse_one = _parser(source, column, labels)
    codes, uniques = pd.factorize(texts.to_numpy(object), use_na_sentinel=True)
    outcomes = [parse_one(text) if text.strip() else (None, None) for text in uniques]  # each text once
    outcomes.append((None, None))  # code -1: an empty cell
    typed = _typed(column, [value for value, _ in outcomes]).take(codes)
    classes = np.array([fault for _, fault in outcomes], dtype=object)[codes]
    faults = pd.Series(classes, index=texts.index).dropna()
    values = pd.Series(typed, index=texts.index)
    return values, pd.concat([faults, _missing(column, values.drop(index=faults.index))])


def row_ids(source: str, rows: pd.DataFrame, labels: Labels) -> pd.Series:
    """What tells text rows apart: the id, or several columns as they are read, spellings and labels resolved.

    Missing where one of the columns is missing or does not parse: parsing rejects such a row.
    """
    contract = WHOLE_CONTRACT[source]
    ids, *others = (parse_column(source, contract.column(name), rows[name], labels)[0] for name in contract.id_columns)
    for part in others:
        ids = ids + " / " + part
    return ids


def _tidy_text(texts: pd.Series, is_id: bool) -> pd.Series:
    trimmed = texts.str.strip()
    return (trimmed if is_id else texts).where(trimmed != "")


def _missing(column: Column, values: pd.Series) -> pd.Series:
    if not column.required:
        return pd.Series(dtype=object)
    return pd.Series(MISSING, index=values.index[values.isna()], dtype=object)


def fault_places(source: str, column: Column, rows: pd.DataFrame, faults: pd.Series) -> pd.DataFrame:
    """Rows of quality.rejected_rows for faulty cells of one column: where and what class, never the value."""
    return pd.DataFrame(
        {
            "source": source,
            "file": rows["file"].to_numpy(),
            "line": rows["line"].to_numpy(),
            "column": column.name,
            "value_class": faults.to_numpy(),
            "reason": [_reason(column, fault) for fault in faults],
        },
        columns=PLACE_COLUMNS,
    )


def is_at(rows: pd.DataFrame, places: pd.DataFrame) -> np.ndarray:
    """Which rows (file, line) stand at one of the places."""
    if places.empty:
        return np.zeros(len(rows), dtype=bool)
    found = rows["line"].isin(places["line"]).to_numpy(copy=True)  # first: pairs of millions of rows take seconds
    keys = pd.MultiIndex.from_frame(rows.loc[found, ["file", "line"]])
    found[found] = keys.isin(pd.MultiIndex.from_frame(places[["file", "line"]]))
    return found


def no_places() -> pd.DataFrame:
    """An empty frame of places, with its types."""
    return empty_rows(PLACE_COLUMNS, "line")


def parse_date(text: str) -> Parsed:
    """YYYY-MM-DD or DD/MM/YYYY."""
    text = text.strip()
    iso, british = _ISO_DATE.fullmatch(text), _BRITISH_DATE.fullmatch(text)
    if iso:
        year, month, day = iso.groups()
    elif british:
        day, month, year = british.groups()
    else:
        return None, NOT_A_DATE
    try:
        return date(int(year), int(month), int(day)), None
    except ValueError:
        return None, IMPOSSIBLE_DATE


def parse_whole_number(text: str) -> Parsed:
    """A whole number of ASCII digits; `12.0` is 12, as number cells are often written."""
    whole = _WHOLE_NUMBER.fullmatch(text.strip())
    if whole is None:
        return None, NOT_WHOLE if _DECIMAL_NUMBER.fullmatch(text.strip()) else NOT_A_NUMBER
    number = int(whole[1]) if len(whole[1]) < 20 else _LARGEST_INTEGER + 1
    return (number, None) if abs(number) <= _LARGEST_INTEGER else (None, TOO_LARGE)


def _parser(source: str, column: Column, labels: Labels) -> Callable[[str], Parsed]:
    accepted = labels.for_column(source, column)

    def parse_provider(text: str) -> Parsed:
        return labels.providers.get(label_key(text), text.strip()), None

    def parse_code(text: str) -> Parsed:
        code = accepted.get(label_key(text))
        return code or None, None if code is not None else UNKNOWN_CODE

    def parse_integer(text: str) -> Parsed:
        number = accepted.get(label_key(text), text)
        return (None, None) if number == NOT_KNOWN else parse_whole_number(number)

    kinds: dict[str, Callable[[str], Parsed]] = {
        "text": parse_provider,
        "code": parse_code,
        "integer": parse_integer,
        "date": parse_date,
    }
    return kinds[column.kind]


def _typed(column: Column, values: list[Any]) -> ExtensionArray | np.ndarray:
    """The values as an array of the column's type."""
    if column.kind == "integer":
        return pd.array(values, dtype="Int64")
    if column.kind == "date":
        return np.array(values, dtype="datetime64[D]").astype("datetime64[us]")
    return pd.array(values, dtype="str")


def _reason(column: Column, fault: str) -> str:
    if fault == MISSING:
        return f"{column.name} is required"
    if fault == UNKNOWN_CODE:
        return f"{column.name} takes {', '.join(column.codes)}; other labels are added in {column.labels_in}"
    if column.kind == "date":
        return f"{column.name} takes a date as YYYY-MM-DD or DD/MM/YYYY"
    return f"{column.name} takes a whole number"


def _concat(frames: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True) if frames else no_places()
