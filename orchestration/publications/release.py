"""A release: everything readers get, in one folder.

Belongs here: which files a release holds and its manifest. Not here: putting it in its place
(`publishing.py`, whose functions are offered here too).
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.publications import figures
from orchestration.publications.bulletin_page import bulletin_page, drawn_figures
from orchestration.publications.compare import CSV_FOLDER
from orchestration.publications.csv_tables import write_csv
from orchestration.publications.figure_catalogue import FIGURES
from orchestration.publications.figure_text import displayed_data, figure_rows
from orchestration.publications.publishing import MANIFEST, latest_release, publish, releases, withdraw
from orchestration.publications.registry import published_tables
from orchestration.publications.release_facts import ReleaseFacts
from orchestration.publications.small_cells import small_cells
from orchestration.publications.tables_database import write_tables_database
from orchestration.publications.workbook import workbook_bytes

__all__ = ["ReleaseFacts", "build_release", "latest_release", "publish", "releases", "withdraw"]

PAGE, WORKBOOK, DATABASE, FIGURE_FOLDER = "bulletin.html", "bulletin.xlsx", "tables.duckdb", "figures"
# A run's own name and its messages differ between runs on the same data, and would make equal tables differ.
_GATE_COLUMNS = ["gate", "expectation", "subject", "severity", "success", "observed"]


def build_release(folder: Path, tables: Mapping[str, pd.DataFrame], facts: ReleaseFacts) -> None:
    """Write a whole release into the empty `folder`: page, workbook, database, CSVs, figures, manifest.

    `tables`: results tables by name, with `report_months` for Table A1. The manifest comes last and holds the
    SHA-256 of every other file.
    """
    released = _released_tables(tables, facts)
    published = published_tables(released, facts.significance_level)
    _write_csvs(folder / CSV_FOLDER, released)
    drawings = drawn_figures(released["figure_data"])
    _write_figures(folder / FIGURE_FOLDER, released["figure_data"], drawings)
    (folder / WORKBOOK).write_bytes(workbook_bytes(published, facts))
    (folder / PAGE).write_text(bulletin_page(released, published, drawings, facts), encoding="utf-8")
    write_tables_database(released, folder / DATABASE)
    _write_manifest(folder, facts)


def _released_tables(tables: Mapping[str, pd.DataFrame], facts: ReleaseFacts) -> dict[str, pd.DataFrame]:
    gates = tables["gate_results"]
    kept = gates[[column for column in _GATE_COLUMNS if column in gates.columns]]
    return {**tables, "gate_results": kept, "small_cells": small_cells(tables, facts.minimum_cell)}


def _write_csvs(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    folder.mkdir()
    for name, frame in sorted(tables.items()):
        write_csv(frame, folder / f"{name}.csv")


def _write_figures(folder: Path, data: pd.DataFrame, drawings: Mapping[str, str]) -> None:
    """Each figure as SVG, as PNG with its title, and its numbers with words for codes as CSV."""
    folder.mkdir()
    for figure in FIGURES:
        rows = figure_rows(figure, data)
        path = folder / figure.figure_id
        svg = f'<?xml version="1.0" encoding="UTF-8"?>\n{drawings[figure.figure_id]}'
        path.with_suffix(".svg").write_text(svg, encoding="utf-8")
        path.with_suffix(".png").write_bytes(figures.figure_png(figure, rows))
        write_csv(displayed_data(figure, rows), path.with_suffix(".csv"))


def _write_manifest(folder: Path, facts: ReleaseFacts) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest: dict[str, Any] = {
        "release": facts.release,
        "created_at": facts.created_at.isoformat(),
        "is_synthetic": facts.is_synthetic,
        "inputs": facts.inputs,
        "code_version": facts.code_version,
        "packages": facts.packages,
        "parameters": facts.parameters,
        "row_counts": facts.row_counts,
        "fingerprints": facts.fingerprints,
        "files": {path.relative_to(folder).as_posix(): sha256(path) for path in files},
    }
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
