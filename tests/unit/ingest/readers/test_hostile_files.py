"""Files made to do harm: refused at once, within the bounds that are parameters."""

import gzip
import io
import resource
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from orchestration.errors import PipelineError
from orchestration.ingest.extracts import read_source
from orchestration.ingest.readers.formats import Format, read_tables
from orchestration.settings import CODES_DIR, IntakeLimits
from tests.made_up.binary_workbooks import cell, row, rows_of, workbook
from tests.made_up.deliveries import opendocument
from tests.made_up.extracts import write_bytes
from tests.made_up.stuck import ended, stuck

LIMITS = IntakeLimits(max_file_mb=10, max_expanded_mb=20, max_rows=1_000, max_columns=100)
_ROW = '<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
_CELL = (
    '<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string"><text:p>x</text:p>'
    "</table:table-cell>"
)
_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
_XLSX_CELL = '<row r="{row}"><c r="{column}{row}" t="inlineStr"><is><t>{text}</t></is></c></row>'
_LAUGHS = "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(9))


@pytest.fixture(autouse=True)
def _little_memory() -> Iterator[None]:
    """A bomb that goes off fails the test, not the machine."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (8_000_000_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def _ods(rows: int, columns: int) -> bytes:
    body = _ROW.format(rows=rows, cell=_CELL.format(columns=columns))
    return opendocument([], lambda sheet: sheet.replace("</table:table>", f"{body}</table:table>"))


def _xlsx(sheet: str) -> bytes:
    """A workbook whose sheet is this XML."""
    made, content = openpyxl.Workbook(), io.BytesIO()
    made.save(content)
    changed = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else old.read(name))
    return changed.getvalue()


def _cells(*places: tuple[int, str]) -> str:
    return _SHEET.format("".join(_XLSX_CELL.format(row=row, column=column, text="x") for row, column in places))


def _one_long_text(path: Path) -> None:
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 900, pa.int32()), pa.array(["x" * 1_000_000]))
    pq.write_table(pa.table({"record_id": texts}), path)


def _shared_text() -> bytes:
    made, content = openpyxl.Workbook(), io.BytesIO()
    for text in ["record_id", *["y" * 30_000] * 900]:
        made.active.append([text])
    made.save(content)
    return content.getvalue()


def _shared_text_in_binary() -> bytes:
    return workbook(rows_of([["record_id"], *[["y" * 30_000]] * 900]))


def _spss(n_rows: int, n_columns: int, cell: object = 1.0) -> Callable[[Path], None]:
    frame = pd.DataFrame({f"a{number}": [cell] * n_rows for number in range(n_columns)})
    return lambda path: pyreadstat.write_sav(frame, str(path), compress=path.suffix == ".zsav")


BOMBS: dict[str, tuple[str, bytes | Callable[[Path], None], str]] = {
    "rows of CSV": (".csv", b"record_id\n" + b"1\n" * 2_000, "MAX_ROWS"),
    "columns of CSV": (".csv", b"a," * 200 + b"\n", "MAX_COLUMNS"),
    "a large file": (".csv", b"record_id\n" + b"1" * 11_000_000, "MAX_FILE_MB"),
    "packed CSV": (".csv.gz", gzip.compress(b"a,b\n" * 10_000_000, 1), "MAX_EXPANDED_MB"),
    "rows of OpenDocument": (".ods", _ods(1_048_576, 100), "MAX_ROWS"),
    "columns of OpenDocument": (".ods", _ods(1, 2_000_000_000), "MAX_COLUMNS"),
    "rows of XLSX": (".xlsx", _xlsx(_cells(*((row, "A") for row in range(1, 2_000)))), "MAX_ROWS"),
    "the last column of XLSX": (".xlsx", _xlsx(_cells((1, "XFD"))), "MAX_COLUMNS"),
    "a column beyond XLSX": (".xlsx", _xlsx(_cells((1, "ZZZZZZZZ"))), "MAX_COLUMNS"),
    "expansion of XLSX": (".xlsx", _xlsx(_SHEET.format(" " * 30_000_000)), "MAX_EXPANDED_MB"),
    "one text in many cells of XLSX": (".xlsx", _shared_text(), "MAX_EXPANDED_MB"),
    "entities of XLSX": (
        ".xlsx",
        _xlsx(f'<!DOCTYPE l [<!ENTITY a0 "aaaaaaaaaa">{_LAUGHS}]>{_cells((1, "A")).replace(">x<", ">&a9;<")}'),
        "cannot be read",
    ),
    "one text in many cells of Parquet": (".parquet", _one_long_text, "MAX_EXPANDED_MB"),
    "rows of a binary workbook": (".xlsb", workbook(row(1, [cell(1, "record_id")]) + row(4_000_000_000)), "MAX_ROWS"),
    "columns of a binary workbook": (".xlsb", workbook(row(1, [cell(4_000_000_000, "x")])), "MAX_COLUMNS"),
    "one text in many cells of a binary workbook": (".xlsb", _shared_text_in_binary(), "MAX_EXPANDED_MB"),
    "rows of SPSS": (".sav", _spss(2_000, 1), "MAX_ROWS"),
    "columns of SPSS": (".sav", _spss(1, 200), "MAX_COLUMNS"),
    "expansion of packed SPSS": (".zsav", _spss(900, 1, "x" * 30_000), "MAX_EXPANDED_MB"),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_refused_at_once_with_the_bound_that_it_breaks(tmp_path: Path, kind: str) -> None:
    ending, make, bound = BOMBS[kind]
    path = tmp_path / f"extract{ending}"
    path.write_bytes(make) if isinstance(make, bytes) else make(path)
    began = time.process_time()
    with pytest.raises(PipelineError, match=bound) as error:
        read_source("terminations", tmp_path, None, CODES_DIR, LIMITS)
    assert time.process_time() - began < 3
    assert "extract" not in error.value.where
    assert error.value.where


def test_reading_ends_when_its_time_is_over(tmp_path: Path) -> None:
    line = b"1,2018-01-01,2018-02-01,excluded\n"
    (tmp_path / "e.csv").write_bytes(
        b"record_id,sentence_date,termination_date,termination_reason\n" + line * 2_000_000
    )
    began = time.monotonic()
    with pytest.raises(PipelineError, match="PROBATION_MAX_READ_SECONDS"):
        read_source("terminations", tmp_path, None, CODES_DIR, IntakeLimits(max_read_seconds=1))
    assert time.monotonic() - began < 30


def test_two_cells_far_apart_are_no_sheet_of_all_that_lies_between(tmp_path: Path) -> None:
    write_bytes(tmp_path, workbook(row(1, [cell(1, "record_id")]) + row(1_000, [cell(100, "x")])), "extract.xlsb")
    with pytest.raises(PipelineError, match="MAX_EXPANDED_MB"):
        read_source("terminations", tmp_path, None, CODES_DIR, LIMITS.model_copy(update={"max_expanded_mb": 1}))


def test_a_library_that_no_signal_reaches_is_ended_when_its_time_is_over() -> None:
    form = Format(".sav", "SPSS", stuck, is_apart=True)
    began = time.monotonic()
    with pytest.raises(PipelineError, match=r"terminations, delivery 1(.|\n)*PROBATION_MAX_READ_SECONDS"):
        read_tables("terminations, delivery 1", form, b"", IntakeLimits(max_read_seconds=1))
    assert time.monotonic() - began < 10


def test_a_library_that_ends_its_process_does_not_end_the_run() -> None:
    form = Format(".sav", "SPSS", ended, is_apart=True)
    with pytest.raises(PipelineError, match="PROBATION_MAX_EXPANDED_MB"):
        read_tables("terminations, delivery 1", form, b"", IntakeLimits())
