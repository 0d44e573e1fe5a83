"""Cutting each extract into deliveries, as they would arrive over the years, and writing the files.

Belongs here: file names, corrected and repeated deliveries, CSV and hashes. Not here: what the rows say.

Every file name of a source ends in its date of delivery, which orders them. A share of the rows of every file
but the last arrives first with other content and is corrected by the next delivery; one file a source comes a
second time under another name.
"""

import csv
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd

from orchestration.storage import fingerprints
from orchestration.synthetic.identities.names import each_distinct


@dataclass(frozen=True)
class Calendar:
    """How a source is delivered: by which date column, up to which day in which file, written how."""

    stem: str
    by: str
    key: str
    deliveries: tuple[tuple[str, str], ...]  # (last day of the rows, date of delivery); the last takes the rest
    repeated: tuple[int, str]  # (which delivery comes again, when)
    date_format: str
    encoding: str
    corrected: str  # column whose first content differs where a row is corrected later


CALENDARS = {
    "inspections": Calendar(
        stem="case_assessments",
        by="fieldwork_date",
        key="case_id",
        deliveries=(("2018-08-31", "2018-10-05"), ("2018-12-31", "2019-02-01"), ("9999-12-31", "2019-08-02")),
        repeated=(0, "2018-10-19"),
        date_format="%d/%m/%Y",
        encoding="utf-8-sig",
        corrected="previous_sanctions",
    ),
    "terminations": Calendar(
        stem="terminated_sentences",
        by="termination_date",
        key="record_id",
        deliveries=(
            ("2018-12-31", "2019-01-18"),
            ("2019-12-31", "2020-01-17"),
            ("2020-12-31", "2021-01-22"),
            ("9999-12-31", "2022-01-21"),
        ),
        repeated=(1, "2020-01-24"),
        date_format="%d/%m/%Y",
        encoding="utf-8",
        corrected="termination_reason",
    ),
    "reoffending": Calendar(
        stem="proven_reoffending",
        by="index_date",
        key="record_id",
        deliveries=(
            ("2018-06-30", "2020-01-10"),
            ("2018-12-31", "2020-07-10"),
            ("2019-06-30", "2021-01-08"),
            ("2019-12-31", "2021-07-09"),
            ("9999-12-31", "2022-01-14"),
        ),
        repeated=(2, "2021-01-15"),
        date_format="%Y-%m-%d",
        encoding="utf-8",
        corrected="reoffended",
    ),
    "offences": Calendar(
        stem="offences_and_results",
        by="disposal_date",
        key="record_id",
        deliveries=(
            ("2018-12-31", "2019-01-18"),
            ("2019-12-31", "2020-01-17"),
            ("9999-12-31", "2022-01-14"),
        ),
        repeated=(1, "2020-01-24"),
        date_format="%Y-%m-%d",
        encoding="utf-8",
        corrected="disposal",
    ),
}


def cut_into_files(
    rng: np.random.Generator, source: str, extract: pd.DataFrame, corrected_share: float
) -> dict[str, pd.DataFrame]:
    """File name -> its rows, in order of delivery; read together they give the extract (later rows win)."""
    calendar = CALENDARS[source]
    last_days = pd.to_datetime([last for last, _ in calendar.deliveries[:-1]])
    part = last_days.searchsorted(extract[calendar.by], side="left")
    is_corrected = (part < len(last_days)) & (rng.random(len(extract)) < corrected_share)
    first_content = _before_correction(rng, extract[is_corrected], calendar)
    delivered_first = pd.concat([extract[~is_corrected], first_content]).sort_index()
    files: dict[str, pd.DataFrame] = {}
    for number, (_, delivered) in enumerate(calendar.deliveries):
        corrections = extract[is_corrected & (part == number - 1)]
        rows = pd.concat([delivered_first[part == number], corrections], ignore_index=True)
        if len(rows):
            files[f"{calendar.stem}_{delivered}.csv"] = rows
    again, delivered = calendar.repeated
    if (name := f"{calendar.stem}_{calendar.deliveries[again][1]}.csv") in files:
        files[f"{calendar.stem}_resent_{delivered}.csv"] = files[name]
    return files


def _before_correction(rng: np.random.Generator, rows: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """The rows as first delivered where they are corrected later: one forename, another valid content."""
    first = rows.assign(forenames=each_distinct(lambda names: names.strip().split(" ")[0], rows["forenames"]))
    if calendar.corrected == "reoffended":  # not yet proven when first delivered
        unknown = pd.array([pd.NA] * len(rows), dtype="Int64")
        return first.assign(reoffended=0, reoffences=0, days_to_first_reoffence=unknown)
    if calendar.corrected == "disposal":  # an offence without a result yet
        return first.assign(disposal="pending", disposal_date=np.datetime64("NaT", "s"))
    first[calendar.corrected] = rng.permutation(rows[calendar.corrected].to_numpy(dtype=object))
    return first


def write_csv(path: Path, rows: pd.DataFrame, source: str) -> str:
    """Write one file as its source writes it; returns its SHA-256."""
    calendar = CALENDARS[source]
    columns = [_as_text(rows[column], calendar.date_format) for column in rows.columns]
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows.columns)
    writer.writerows(zip(*columns, strict=True))
    content = text.getvalue().encode(calendar.encoding)
    path.write_bytes(content)
    return fingerprints.of_bytes(content)


def _as_text(column: pd.Series, date_format: str) -> list[object]:
    """A column's cells for the CSV writer, "" where missing."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return date_text(column, date_format).tolist()
    return column.astype(object).where(column.notna(), "").tolist()


def date_text(dates: pd.Series, date_format: str) -> np.ndarray:
    """Dates as text, "" where missing; each distinct day is written once."""
    codes, days = pd.factorize(dates.to_numpy().astype("datetime64[s]"))
    written = pd.DatetimeIndex(days).strftime(date_format).to_numpy(dtype=object)
    return np.append(written, "")[codes]  # a missing date has code -1: the last
