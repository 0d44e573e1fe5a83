"""An uncalibrated population as files: CSV or Parquet, part by part, with manifest and truth.

Belongs here: writing, in bounded memory. Not here: what the rows say (`cases.py`,
`records.py`).
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from orchestration.errors import PipelineError
from orchestration.storage import fingerprints
from orchestration.synthetic.extracts.deliveries import CALENDARS, date_text
from orchestration.synthetic.extracts.offences import draw_offences
from orchestration.synthetic.extracts.writing import (
    GENERATOR_VERSION,
    MANIFEST,
    move_into_place,
    refuse_to_overwrite,
)
from orchestration.synthetic.population.cases import draw_cases, inspection_rows
from orchestration.synthetic.population.records import (
    RECORDS_A_PART,
    SOURCE_NUMBERS,
    draw_part,
    plan_records,
    true_records,
)
from orchestration.synthetic.population.size import Population, require_drawable
from orchestration.synthetic.profile import read_profile

FORMATS = ("csv", "parquet")
CASES_A_FILE = 250_000
RECORDS_A_SLICE = 250_000  # about three times as many offences
SLICES_A_PART = -(-RECORDS_A_PART // RECORDS_A_SLICE)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def write_population(
    population: Population,
    seed: int,
    landing_dir: Path,
    truth_dir: Path,
    file_format: str = "parquet",
    road: str = "reoffending",
) -> None:
    """Draw a population and write landing/<source>/*, a manifest beside them, and the truth (CSV).

    The same population, seed and format give the same bytes. Records are held a part (a million) at a time; of
    cases some hundred bytes each are kept. `road`: `offences` writes those behind the records instead. Raises
    PipelineError where files are in the way, the population cannot be drawn, or the format is none of FORMATS.
    """
    _require_format(file_format)
    require_drawable(population)
    landing_dir, truth_dir = Path(landing_dir), Path(truth_dir)
    refuse_to_overwrite(landing_dir, truth_dir)
    partial = landing_dir / ".synthetic_partial"
    shutil.rmtree(partial, ignore_errors=True)
    truth: dict[str, pd.DataFrame] = {}
    manifest = {
        "synthetic": True,
        "generator_version": GENERATOR_VERSION,
        "seed": seed,
        "population": asdict(population),
        "n_cases": population.n_cases,
        **_write_files(partial, _tables(population, seed, truth, road), file_format),
    }
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    move_into_place(partial, landing_dir)
    truth_dir.mkdir(parents=True, exist_ok=True)
    for source, pairs in truth.items():
        pairs.to_csv(truth_dir / f"{source}.csv", index=False, lineterminator="\n")


def _require_format(file_format: str) -> None:
    if file_format not in FORMATS:
        raise PipelineError(
            problem=f"Populations are not written as {file_format}.",
            remedy=f"Choose one of {', '.join(FORMATS)}.",
            where="file format",
        )


def _write_files(
    folder: Path, tables: Iterator[tuple[str, pa.Table]], file_format: str
) -> dict[str, dict[str, str] | dict[str, int]]:
    """Write every file below `folder`; returns SHA-256 (`files`) and number of rows (`rows`)."""
    digests: dict[str, str] = {}
    n_rows: dict[str, int] = {}
    for name, table in tables:
        path = folder / f"{name}.{file_format}"
        path.parent.mkdir(parents=True, exist_ok=True)
        digests[f"{name}.{file_format}"] = _write(path, table, name.split("/")[0])
        n_rows[f"{name}.{file_format}"] = table.num_rows
        del table  # before the next part is drawn
    return {"files": digests, "rows": n_rows}


def _tables(
    population: Population, seed: int, truth: dict[str, pd.DataFrame], road: str
) -> Iterator[tuple[str, pa.Table]]:
    """Every file's name (source/stem) and content, one at a time; `truth` is filled on the way."""
    profile = read_profile()
    rngs = iter(np.random.default_rng([seed, 0]).spawn(4))
    cases, everybody = draw_cases(next(rngs), population, profile, seed)
    rng = next(rngs)
    for part, first in enumerate(range(0, len(cases), CASES_A_FILE)):
        some = cases.iloc[first : first + CASES_A_FILE]
        yield _name("inspections", part), _arrow(inspection_rows(rng, population, profile, some, everybody))
    for source in ("terminations", "reoffending"):
        planned = plan_records(next(rngs), source, population, profile, cases, everybody)
        truth[source] = true_records(planned, cases, seed)
        for part in range(planned.n_parts):
            yield from _files_of(  # under no name here, which would hold the part while the next is drawn
                draw_part(part, planned, population, profile, cases, everybody), source, part, seed, road
            )


def _files_of(rows: pd.DataFrame, source: str, part: int, seed: int, road: str) -> Iterator[tuple[str, pa.Table]]:
    """The files of a part of a source: its own, or by the other road the offences behind its records."""
    if source == "reoffending" != road:
        yield from _offences(part, rows, seed)
    else:
        yield _name(source, part), _arrow(rows)


def _offences(part: int, rows: pd.DataFrame, seed: int) -> Iterator[tuple[str, pa.Table]]:
    """The offences behind a part's records, a slice of them at a time.

    Each record is taken for a person's only one. Who it is does not stand in it: all are taken for men.
    """
    for number, first in enumerate(range(0, len(rows), RECORDS_A_SLICE)):
        records = rows.iloc[first : first + RECORDS_A_SLICE]
        rng = np.random.default_rng([seed, SOURCE_NUMBERS["offences"], part, number])
        drawn = draw_offences(rng, records.assign(holder=records["record_id"], is_female=False, case=-1))
        yield _name("offences", part * SLICES_A_PART + number), _arrow(drawn)


def _name(source: str, part: int) -> str:
    """A file's name: all parts of a source are of one delivery, the last in its calendar."""
    calendar = CALENDARS[source]
    return f"{source}/{calendar.stem}_part_{part + 1:04d}_{calendar.deliveries[-1][1]}"


def _arrow(rows: pd.DataFrame) -> pa.Table:
    """The rows as an Arrow table: text, days and whole numbers; "" is missing."""
    return pa.table({name: _arrow_column(rows[name]) for name in rows.columns})


def _arrow_column(column: pd.Series) -> pa.Array:
    if pd.api.types.is_datetime64_any_dtype(column):
        return pa.array(column.to_numpy().astype("datetime64[D]"))
    if pd.api.types.is_integer_dtype(column):
        return pa.array(column, pa.int32())
    text = pa.array(column, from_pandas=True)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, text.type), text)


def _write(path: Path, table: pa.Table, source: str) -> str:
    """Write one file; returns its SHA-256."""
    if path.suffix == ".parquet":
        pq.write_table(table, path, compression="snappy")
    else:
        calendar = CALENDARS[source]
        dates = {
            name: pa.array(date_text(table[name].to_pandas(), calendar.date_format), pa.string())
            for name, kind in zip(table.column_names, table.schema.types, strict=True)
            if pa.types.is_date(kind)
        }
        for name, text in dates.items():
            table = table.set_column(table.column_names.index(name), name, text)
        with path.open("wb") as file:
            if calendar.encoding == "utf-8-sig":
                file.write(BYTE_ORDER_MARK)
            pyarrow.csv.write_csv(table, file, pyarrow.csv.WriteOptions(quoting_style="needed"))
    return fingerprints.of_file(path)
