"""Small extracts that every gate accepts, as text under the contract's names, and ways to write them.

Belongs here: what the tests of ingest and of the gates start from. Not here: any fault.
"""

import re
from pathlib import Path

import pandas as pd

from orchestration.ingest.extracts import SourceExtract, read_source
from orchestration.settings import CODES_DIR
from orchestration.tables.contract import STANDARDS, WHOLE_CONTRACT
from orchestration.tables.source import Column

CANARY = "Zzcanary"
START = pd.Timestamp("2018-03-01")


def sample(source: str, n_rows: int = 8) -> pd.DataFrame:
    """`n_rows` rows of a source without any fault."""
    contract = WHOLE_CONTRACT[source]
    frame = pd.DataFrame({column.name: _cells(column, n_rows) for column in contract.columns}, dtype=object)
    if len(contract.id_columns) == 1:
        frame[contract.id_columns[0]] = [f"{source[0].upper()}{i:03d}" for i in range(n_rows)]
    if contract.date_column:
        starts = [START + pd.Timedelta(days=i) for i in range(n_rows)]
        frame[contract.date_column] = [day.strftime("%Y-%m-%d") for day in starts]
        frame["date_of_birth"] = "1985-05-17"
    if "provider" in contract.names:
        frame["provider"], frame["provider_type"] = "Kent, Surrey and Sussex", "crc"
    if source == "ratings":
        frame["standard"] = [STANDARDS[(2 + i) % len(STANDARDS)] for i in range(n_rows)]
    if source == "caseload":
        frame["case_id"] = [f"I{i:03d}" if i % 2 else "" for i in range(n_rows)]
    if source == "inspections":
        frame["fieldwork_date"] = "2018-10-01"
    if source == "terminations":
        frame["termination_date"] = "2019-03-01"
    if source == "reoffending":
        frame["reoffended"] = [str(i % 2) for i in range(n_rows)]
        frame["reoffences"] = [str(3 * (i % 2)) for i in range(n_rows)]
        frame["days_to_first_reoffence"] = ["360" if i % 2 else "" for i in range(n_rows)]
    if source == "offences":
        ended = [(START + pd.Timedelta(days=570 + i)).strftime("%Y-%m-%d") for i in range(n_rows)]
        frame["offence_code"], frame["disposal"], frame["offence_end_date"] = "04600", "conviction", ""
        frame["index_date"] = frame["offence_date"] if n_rows < 3 else [*frame["offence_date"][:-2], "", ""]
        frame["offence_date"] = [*frame["offence_date"][:-1], ended[-1]]
        frame["disposal_date"] = ended
    return frame


def _cells(column: Column, n_rows: int) -> list[str]:
    if column.kind == "code":
        return [column.codes[0]] * n_rows
    if column.kind == "integer":
        return [str(column.low or 0)] * n_rows
    return [f"{column.name} text"] * n_rows


def write_csv(folder: Path, frame: pd.DataFrame, name: str = "extract.csv") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    frame.to_csv(path, index=False)
    return path


def write_bytes(folder: Path, data: bytes, name: str = "extract.csv") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    return path


def unlabelled(message: str) -> str:
    """A message of one delivery without its label: order and hash."""
    return re.sub(r"delivery [0-9]+ \([0-9a-f]{8}\)", "delivery", message)


def read(folder: Path, source: str = "inspections", known: pd.DataFrame | None = None) -> SourceExtract:
    return read_source(source, folder, known, CODES_DIR)
