"""A release: everything readers get, in one folder.

Belongs here: which files a release holds and its manifest. Not here: putting it in its place
(`publishing.py`, whose functions are offered here too).
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.publications.shared.csv_tables import write_csv
from orchestration.publications.shared.page import Content, page
from orchestration.publications.shared.publication import DrawnFigure, Publication
from orchestration.publications.shared.release_facts import ReleaseFacts
from orchestration.publications.shared.small_cells import small_cells
from orchestration.publications.shared.workbook import workbook_bytes
from orchestration.releases.comparing import CSV_FOLDER
from orchestration.releases.publishing import MANIFEST, latest_release, publish, releases, withdraw
from orchestration.releases.registry import possible_publications
from orchestration.releases.tables_database import write_tables_database
from orchestration.storage import fingerprints

__all__ = ["ReleaseFacts", "build_release", "latest_release", "publish", "releases", "withdraw"]

DATABASE, FIGURE_FOLDER = "tables.duckdb", "figures"
# A run's own name and its messages differ between runs on the same data, and would make equal tables differ.
_GATE_COLUMNS = ["gate", "expectation", "subject", "severity", "success", "observed"]


def build_release(folder: Path, tables: Mapping[str, pd.DataFrame], facts: ReleaseFacts) -> None:
    """Write a whole release into the empty `folder`: pages, workbooks, figures, database, CSVs, manifest.

    `tables`: results tables by name, with `report_months` for Table A1. The manifest comes last and holds the
    SHA-256 of every other file.
    """
    released = _released_tables(tables, facts)
    _write_csvs(folder / CSV_FOLDER, released)
    (folder / FIGURE_FOLDER).mkdir()
    publications = possible_publications(released)
    for publication in publications:
        siblings = [other for other in publications if other is not publication]
        _write_publication(folder, publication, released, facts, siblings)
    write_tables_database(released, folder / DATABASE)
    _write_manifest(folder, publications, facts)


def _write_publication(
    folder: Path,
    publication: Publication,
    tables: Mapping[str, pd.DataFrame],
    facts: ReleaseFacts,
    siblings: list[Publication],
) -> None:
    own = publication.own_tables(tables)
    published = publication.published_tables(own, facts.significance_level)
    content = Content(published, publication.draw(own))
    _write_figures(folder / FIGURE_FOLDER, content.figures)
    (folder / publication.workbook).write_bytes(workbook_bytes(publication, published, facts))
    (folder / publication.page).write_text(page(publication, own, content, facts, siblings), encoding="utf-8")


def _released_tables(tables: Mapping[str, pd.DataFrame], facts: ReleaseFacts) -> dict[str, pd.DataFrame]:
    gates = tables["gate_results"]
    kept = gates[[column for column in _GATE_COLUMNS if column in gates.columns]]
    return {**tables, "gate_results": kept, "small_cells": small_cells(tables, facts.minimum_cell)}


def _write_csvs(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    folder.mkdir()
    for name, frame in sorted(tables.items()):
        write_csv(frame, folder / f"{name}.csv")


def _write_figures(folder: Path, figures: Sequence[DrawnFigure]) -> None:
    """Each figure as SVG, as PNG with its title, and its numbers with words for codes as CSV."""
    for figure in figures:
        path = folder / figure.figure_id
        path.with_suffix(".svg").write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{figure.svg}', encoding="utf-8")
        path.with_suffix(".png").write_bytes(figure.png)
        write_csv(figure.data, path.with_suffix(".csv"))


def _write_manifest(folder: Path, publications: Sequence[Publication], facts: ReleaseFacts) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest: dict[str, Any] = {
        "release": facts.release,
        "created_at": facts.created_at.isoformat(),
        "is_synthetic": facts.is_synthetic,
        "publications": [publication.publication_id for publication in publications],
        "inputs": facts.inputs,
        "beside": facts.beside,
        "code_version": facts.code_version,
        "packages": facts.packages,
        "parameters": facts.parameters,
        "row_counts": facts.row_counts,
        "fingerprints": facts.fingerprints,
        "files": {path.relative_to(folder).as_posix(): fingerprints.of_file(path) for path in files},
    }
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
