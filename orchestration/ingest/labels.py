"""Accepted labels, codes of terminations, headers and provider spellings: the reference tables analysts edit.

Belongs here: reading these tables and looking a label or a header up. Not here: parsing of other kinds.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import PipelineError
from orchestration.ingest.writing_faults import undone
from orchestration.storage.safe_text import typed
from orchestration.tables.contract import TERMINATIONS, WHOLE_CONTRACT
from orchestration.tables.source import ACCEPTED_LABELS, TERMINATION_CODES, Column

HEADERS_TABLE = "accepted_headers.csv"
SPELLINGS_TABLE = "provider_spellings.csv"
PROVIDERS_TABLE = "report_months.csv"
NOT_KNOWN = ""  # the code of a label that stands for a missing value


def label_key(text: str) -> str:
    """Labels are compared ignoring case and runs of blanks."""
    return " ".join(text.split()).casefold()


def header_key(text: str) -> str:
    """Headers are matched ignoring case, blanks, underscores and writing faults ("Case ID" is case_id)."""
    return "".join(undone(typed(text)).split()).replace("_", "").casefold()


@dataclass(frozen=True)
class Labels:
    """`codes`: (source, column) -> label key -> stored code; `providers`: label key -> provider's name;
    `headers`: source -> header key -> the contract's column."""

    codes: dict[tuple[str, str], dict[str, str]]
    providers: dict[str, str]
    headers: dict[str, dict[str, str]]

    def for_column(self, source: str, column: Column) -> dict[str, str]:
        """Label key -> stored code: the codes themselves and what the table accepts besides."""
        own = {label_key(code): code for code in column.codes}
        return self.codes.get((source, column.name), {}) | own


def read_labels(codes_dir: Path) -> Labels:
    """Read the reference tables. Raises PipelineError naming the table and line that cannot be used."""
    return Labels(
        codes=_read_codes(codes_dir / ACCEPTED_LABELS) | _read_termination_codes(codes_dir / TERMINATION_CODES),
        providers=_read_providers(codes_dir),
        headers=_read_headers(codes_dir / HEADERS_TABLE),
    )


def known_providers(codes_dir: Path) -> list[tuple[str, str]]:
    """The (provider, provider_type) pairs that were inspected: 2023/04, Table A1."""
    rows = _read_rows(codes_dir / PROVIDERS_TABLE, ("provider", "provider_type"))
    return [(row["provider"], row["provider_type"].lower()) for _, row in rows]


def _read_codes(path: Path) -> dict[tuple[str, str], dict[str, str]]:
    codes: dict[tuple[str, str], dict[str, str]] = {}
    for line, row in _read_rows(path, ("source", "column", "label", "code")):
        source = WHOLE_CONTRACT.get(row["source"])
        if source is None or row["column"] not in source.names:
            raise _unusable(path, line, "names a source or column that the data contract does not have")
        column = source.column(row["column"])
        if column.labels_in != path.name:
            raise _unusable(path, line, f"is of {column.name}, whose codes stand in {column.labels_in}")
        if column.codes and row["code"] not in (*column.codes, NOT_KNOWN):
            raise _unusable(path, line, f"gives a code that {column.name} does not have")
        if row["code"] == NOT_KNOWN and column.required:
            raise _unusable(path, line, f"takes a label for not known, which {column.name} may not be")
        labels = codes.setdefault((source.name, column.name), {})
        if labels.setdefault(label_key(row["label"]), row["code"]) != row["code"]:
            raise _unusable(path, line, "gives a second code to a label of the same column")
    return codes


def _read_termination_codes(path: Path) -> dict[tuple[str, str], dict[str, str]]:
    column = TERMINATIONS.column("termination_reason")
    codes: dict[str, str] = {}
    for line, row in _read_rows(path, ("termination_code", "termination_reason")):
        if row["termination_reason"] not in column.codes:
            raise _unusable(path, line, f"gives a reason that {column.name} does not have")
        if codes.setdefault(label_key(row["termination_code"]), row["termination_reason"]) != row["termination_reason"]:
            raise _unusable(path, line, "gives a second reason to a code")
    return {(TERMINATIONS.name, column.name): codes}


def _read_headers(path: Path) -> dict[str, dict[str, str]]:
    headers: dict[str, dict[str, str]] = {}
    for line, row in _read_rows(path, ("source", "header", "column")):
        source = WHOLE_CONTRACT.get(row["source"])
        if source is None or row["column"] not in source.names:
            raise _unusable(path, line, "names a source or column that the data contract does not have")
        if header_key(row["header"]) in {header_key(name) for name in source.names} - {header_key(row["column"])}:
            raise _unusable(path, line, "gives the name of one of the contract's columns to another")
        known = headers.setdefault(source.name, {})
        if known.setdefault(header_key(row["header"]), row["column"]) != row["column"]:
            raise _unusable(path, line, "gives a second column to a header of the same source")
    return headers


def _read_providers(codes_dir: Path) -> dict[str, str]:
    names = {label_key(provider): provider for provider, _ in known_providers(codes_dir)}
    path = codes_dir / SPELLINGS_TABLE
    for line, row in _read_rows(path, ("spelling", "provider")):
        if label_key(row["provider"]) not in names:
            raise _unusable(path, line, f"names a provider that {PROVIDERS_TABLE} does not have")
        names.setdefault(label_key(row["spelling"]), names[label_key(row["provider"])])
    return names


def _read_rows(path: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise PipelineError(
            problem="The reference table cannot be read.",
            remedy="Restore it from version control, as CSV in UTF-8.",
            where=str(path),
        ) from None
    if not set(columns) <= set(reader.fieldnames or ()):
        raise _unusable(path, 1, f"must name the columns {', '.join(columns)}")
    for line, row in rows:
        if any(row[column] is None for column in columns) or None in row:
            raise _unusable(path, line, "has too few or too many cells")
    return rows


def _unusable(path: Path, line: int, what: str) -> PipelineError:
    return PipelineError(
        problem=f"This line of the reference table {what}.",
        remedy="Correct the line (docs/gates.md describes the table).",
        where=f"{path.name}, line {line}",
    )
