"""Deliveries of made-up people in every format that is read, and ways in which they go wrong on their way.

Belongs here: good deliveries, writing them, and one function a kind of fault, for the tests of readers and judges. Not
here: what is right to happen then (the tests).
"""

import gzip
import io
import random
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pandas as pd
import pyreadstat

from tests.made_up import binary_workbooks, older_workbooks
from tests.made_up.extracts import sample

NAMES = ("Bailey", "Sian", "O'Neill", "Bront\u00eb", "Marsh", "Nowak", "Kaur", "Zo\u00eb", "Field", "Reyes")
_MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
_HIDING = '<style:table-properties table:display="false"/>'
_HIDING_STYLE = f'<style:style style:name="hidden" style:family="table">{_HIDING}</style:style>'
FORMATS = (".csv", ".csv.gz", ".parquet", ".xlsx", ".xls", ".xlsb", ".ods", ".sav", ".zsav")
DATES = {
    "inspections": ("date_of_birth", "start_date", "fieldwork_date"),
    "terminations": ("date_of_birth", "sentence_date", "termination_date"),
    "reoffending": ("date_of_birth", "index_date"),
}


def people(source: str, n_rows: int = 60, seed: int = 1) -> pd.DataFrame:
    """A good delivery: persons that differ, dates as `date`, everything else as text, nothing missing but by rule."""
    draw = random.Random(seed)
    frame = sample(source, n_rows).replace("", None)
    frame["crn"] = [f"X{100000 + i}" for i in range(n_rows)]
    frame["pnc_id"] = [f"2001/{i:07d}A" for i in range(n_rows)]
    frame["surname"] = [draw.choice(NAMES) for _ in range(n_rows)]
    frame["forenames"] = [draw.choice(NAMES) for _ in range(n_rows)]
    frame["date_of_birth"] = [_day(draw, 1955, 1995) for _ in range(n_rows)]
    for name in DATES[source][1:]:
        year = {"termination_date": 2019, "fieldwork_date": 2019}.get(name, 2018)
        frame[name] = [_day(draw, year, year) for _ in range(n_rows)]
    if source == "terminations":
        frame["termination_reason"] = [draw.choice(("ran_full_course", "early_other")) for _ in range(n_rows)]
    if source == "inspections":
        frame["previous_sanctions"] = [str(draw.randrange(12)) for _ in range(n_rows)]
        frame["gender"] = [draw.choice(("male", "female")) for _ in range(n_rows)]
    return frame.astype(object)


def _day(draw: random.Random, first: int, last: int) -> date:
    return date(first, 1, 1) + timedelta(days=draw.randrange((last - first + 1) * 365))


def as_text(frame: pd.DataFrame, pattern: str = "%Y-%m-%d") -> pd.DataFrame:
    """The frame with its dates written."""
    return frame.map(lambda cell: cell.strftime(pattern) if isinstance(cell, date) else cell)


def write(path: Path, frame: pd.DataFrame) -> Path:
    """Write a delivery in the format of the path's name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.name.endswith(".csv"):
        path.write_bytes(_csv(frame))
    elif path.name.endswith(".csv.gz"):
        path.write_bytes(gzip.compress(_csv(frame)))
    elif path.suffix == ".parquet":
        _uniform(frame).to_parquet(path)
    elif path.suffix in _SPREADSHEETS:
        path.write_bytes(_SPREADSHEETS[path.suffix]([list(frame.columns), *frame.to_numpy().tolist()]))
    else:
        pyreadstat.write_sav(_uniform(frame), str(path), row_compress=False, compress=path.suffix == ".zsav")
    return path


def _csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False).encode()


def _uniform(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of one type each, as formats of columns need: all dates, all moments, or all text."""
    return frame.apply(_one_type)


def _one_type(column: pd.Series) -> pd.Series:
    kinds = {type(cell) for cell in column.dropna()}
    if kinds == {date} or kinds <= {int, float}:
        return column
    if kinds and kinds <= {datetime, date}:
        return pd.to_datetime(column)
    return column.map(lambda cell: None if pd.isna(cell) else str(cell))


def workbook(rows: list[list[object]], touch: Callable[[openpyxl.Workbook], None] = lambda _: None) -> bytes:
    """A workbook of one sheet, after `touch` has had its way with it."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    touch(made)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def opendocument(rows: list[list[object]], touch: Callable[[str], str] = lambda sheet: sheet) -> bytes:
    """An OpenDocument spreadsheet of one sheet, after `touch` has had its way with the sheet's XML."""
    body = "".join(f"<table:table-row>{''.join(_cell(value) for value in row)}</table:table-row>" for row in rows)
    names = "".join(
        f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text", "style")
    )
    sheet = touch(f'<table:table table:name="Extract">{body}</table:table>')
    content = (
        f"<office:document-content{names}><office:automatic-styles>{_HIDING_STYLE}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body></office:document-content>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", content)
    return made.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


def _binary_workbook(rows: list[list[object]]) -> bytes:
    return binary_workbooks.workbook(binary_workbooks.rows_of(rows))


_SPREADSHEETS: dict[str, Callable[[list[list[object]]], bytes]] = {
    ".xlsx": workbook,
    ".xls": older_workbooks.workbook,
    ".xlsb": _binary_workbook,
    ".ods": opendocument,
}


def in_sheet(content: bytes, pattern: str, replacement: str) -> bytes:
    """A workbook with a part of the first sheet's XML replaced."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = re.sub(pattern, replacement, part.decode(), count=1, flags=re.DOTALL).encode()
            new.writestr(name, part)
    return changed.getvalue()


def strict(content: bytes) -> bytes:
    """A workbook under the namespaces of Strict Open XML."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            part = re.sub(rb"http://schemas.openxmlformats.org/(spreadsheetml|officeDocument)/2006/",
                          rb"http://purl.oclc.org/ooxml/\1/", old.read(name))  # fmt: skip
            new.writestr(name, part)
    return changed.getvalue()


def on_dates(change: Callable[[date], object]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Every date of a frame changed."""
    return lambda frame: frame.map(lambda cell: change(cell) if isinstance(cell, date) else cell)


def in_column(name: str, change: Callable[[str], object], every: int = 5) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Every so-manieth text of a column changed."""

    def changed(frame: pd.DataFrame) -> pd.DataFrame:
        cells = frame[name].tolist()
        return frame.assign(**{name: [change(c) if not i % every and c else c for i, c in enumerate(cells)]})

    return changed


def half_converted(day: date) -> object:
    """What a program set to the United States makes of DD/MM/YYYY."""
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else day.strftime("%d/%m/%Y")


def late_days_lost(day: date) -> object:
    """What a library set to the United States makes of DD/MM/YYYY when it drops what it cannot read."""
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else None


def with_last_row(*cells: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """A row below the others with these cells and no more."""
    return lambda frame: pd.concat(
        [as_text(frame), pd.DataFrame([[*cells, *[None] * (frame.shape[1] - len(cells))]], columns=frame.columns)]
    )


def header_again(frame: pd.DataFrame, every: int = 20) -> pd.DataFrame:
    """The header before every so-manieth row, as in a report of pages."""
    header = pd.DataFrame([list(frame.columns)], columns=frame.columns)
    pages = [as_text(frame)[start : start + every] for start in range(0, len(frame), every)]
    return pd.concat([part for page in pages for part in (header, page)][1:])


def misread(text: str, page: str = "cp1252") -> str:
    """UTF-8 read in a code page."""
    return text.encode().decode(page)
