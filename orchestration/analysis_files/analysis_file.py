"""marts.cases as SPSS knows a file: numbers with labels in the place of codes.

Belongs here: which number stands for which code, and the codebook that says so. Not here: files and folders
(`writing.py`).
"""

from dataclasses import dataclass

import pandas as pd

from orchestration.methods.layouts.codebook import CODEBOOK, Described
from orchestration.methods.layouts.layout_2023 import YES_NO

CODEBOOK_COLUMNS = ["column", "label", "kind", "code", "number", "meaning", "n"]


@dataclass(frozen=True)
class AnalysisFile:
    """`frame`: a row a case, codes as numbers; `labels`: column -> words; `values`: column -> number -> words."""

    frame: pd.DataFrame
    labels: dict[str, str | None]
    values: dict[str, dict[int | float, str]]


def analysis_file(cases: pd.DataFrame) -> AnalysisFile:
    """The analysis file of marts.cases (a row a case). A column that nobody has described keeps its name as label."""
    columns: dict[str, pd.Series] = {}
    values: dict[str, dict[int | float, str]] = {}
    for name in cases.columns:
        described = described_column(cases, str(name))
        numbers = numbers_of(described)
        columns[str(name)] = _numbered(cases[name], numbers) if numbers else cases[name]
        if numbers:
            values[str(name)] = {numbers[code]: label for code, label in described.labels.items()}
    labels: dict[str, str | None] = {str(name): described_column(cases, str(name)).label for name in cases.columns}
    return AnalysisFile(pd.DataFrame(columns), labels, values)


def described_column(cases: pd.DataFrame, name: str) -> Described:
    """The column in words, codes included that an analyst has added to a reference table: those in their own."""
    described = CODEBOOK.get(name, Described(name, name))
    if not described.categories or described.is_number:
        return described
    return described.with_codes(sorted(set(cases[name].dropna()) - set(described.labels)))


def numbers_of(described: Described) -> dict[str, int]:
    """Code -> number: no and yes are 0 and 1, other answers follow; other codes count from 1 in published order."""
    first = 0 if described.categories[:2] == YES_NO or described.is_number else 1
    return {code: number for number, code in enumerate(described.labels, start=first)}


def codebook(cases: pd.DataFrame) -> pd.DataFrame:
    """A row a column and code: what the code means, its number in the SPSS file, and how many cases have it."""
    rows: list[tuple[object, ...]] = []
    for name in map(str, cases.columns):
        described = described_column(cases, name)
        numbers = numbers_of(described)
        if not numbers:
            rows.append((name, described.label, _kind(cases[name]), None, None, None, int(cases[name].notna().sum())))
            continue
        held = _codes(cases[name]).value_counts()
        rows += [
            (name, described.label, "code", code, number, described.labels[code], int(held.get(code, 0)))
            for code, number in numbers.items()
        ]
    return pd.DataFrame(rows, columns=CODEBOOK_COLUMNS).astype({"number": "Int64"})


def _numbered(column: pd.Series, numbers: dict[str, int]) -> pd.Series:
    return _codes(column).map(numbers).astype("Float64").astype("float64")


def _codes(column: pd.Series) -> pd.Series:
    """A column's codes as text: truth values and numbers are 0 and 1."""
    if pd.api.types.is_numeric_dtype(column):
        return column.astype("Int64").astype("string")
    return column.astype("string")


def _kind(column: pd.Series) -> str:
    return "number" if pd.api.types.is_numeric_dtype(column) else "text"
