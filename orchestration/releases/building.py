"""A release: everything readers get, in one folder.

Belongs here: which files a release holds, writing them side by side, and its manifest. Not here: putting it in its
place (`publishing.py`), what stands in a file (`publications/`).
"""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.ledger.stages import stage_named
from orchestration.publications.drawing.marks import marked_png, marked_svg
from orchestration.publications.pages.page import Content, page
from orchestration.publications.shared.csv_tables import write_csv
from orchestration.publications.shared.publication import DrawnFigure, Publication
from orchestration.publications.shared.published_table import Tables
from orchestration.publications.shared.release_facts import ReleaseFacts
from orchestration.publications.shared.small_cells import small_cells
from orchestration.publications.workbooks.open_document import open_document_bytes
from orchestration.publications.workbooks.table_files import marked, write_table_files
from orchestration.publications.workbooks.workbook import workbook_bytes
from orchestration.releases.changes import write_changes
from orchestration.releases.comparing import CSV_FOLDER
from orchestration.releases.data_package import write_data_package
from orchestration.releases.landing_page import INDEX, landing_page
from orchestration.releases.publishing import MANIFEST
from orchestration.releases.registry import possible_publications, publication_of
from orchestration.releases.tables_database import write_tables_database
from orchestration.storage import fingerprints, progress
from orchestration.storage.processes import all_cores
from orchestration.tables.release import RELEASED_GATE_RESULTS

DATABASE, FIGURE_FOLDER = "tables.duckdb", "figures"


def build_release(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    facts: ReleaseFacts,
    previous: Path | None = None,
    processes: int | None = None,
) -> None:
    """Write a whole release into the empty `folder`: pages, workbooks, figures, database, CSVs, manifest.

    `tables`: results tables by name, with `report_months` for Table A1. `previous`: the release whose readers are told
    what changes. `processes`: how many write side by side, by default one a core. The manifest comes last and holds the
    SHA-256 of every other file.
    """
    released = _released_tables(tables, facts)
    publications = possible_publications(released)
    (folder / FIGURE_FOLDER).mkdir()
    with all_cores("Publish again; nothing was changed.", stage_named("release").loads, processes) as writers:
        _write_all(writers, folder, publications, released, facts)
    write_data_package(folder, publications, released, facts)
    manifest = _manifest(publications, facts)
    changes = write_changes(folder, manifest, previous)
    (folder / INDEX).write_text(landing_page(publications, facts, changes), encoding="utf-8")
    _write_manifest(folder, manifest)


def _write_all(
    writers: Executor, folder: Path, publications: Sequence[Publication], tables: Tables, facts: ReleaseFacts
) -> None:
    """Everything but the manifest, side by side: figures first, which take longest and stand in the pages.

    A publication goes by its id: it holds functions that cannot be sent to another process.
    """
    own_tables = {publication.publication_id: publication.own_tables(tables) for publication in publications}
    drawn = {
        name: writers.submit(_write_figures, folder / FIGURE_FOLDER, name, own_tables[name], facts.is_synthetic)
        for name in own_tables
    }
    written = [
        writers.submit(_write_csvs, folder / CSV_FOLDER, tables),
        writers.submit(write_tables_database, tables, folder / DATABASE),
        *(
            writers.submit(_write_page_and_workbooks, folder, name, own_tables[name], figures.result(), facts)
            for name, figures in drawn.items()
        ),
    ]
    for done, writing in enumerate(written, start=1):
        writing.result()
        progress.count(done, len(written), "part")


def _write_figures(folder: Path, publication_id: str, own: Tables, is_synthetic: bool) -> tuple[DrawnFigure, ...]:
    """A publication's figures, drawn: each as SVG, as PNG with its title, and its numbers with words for codes as CSV.

    `own`: the results tables as the publication sees them. A file says itself that its data are synthetic.
    """
    figures = publication_of(publication_id).draw(own)
    for figure in figures:
        path = folder / figure.figure_id
        svg, png = (marked_svg(figure.svg), marked_png(figure.png)) if is_synthetic else (figure.svg, figure.png)
        path.with_suffix(".svg").write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{svg}', encoding="utf-8")
        path.with_suffix(".png").write_bytes(png)
        write_csv(marked(figure.data, is_synthetic), path.with_suffix(".csv"))
    return figures


def _write_page_and_workbooks(
    folder: Path, publication_id: str, own: Tables, figures: Sequence[DrawnFigure], facts: ReleaseFacts
) -> None:
    """A publication's page, and its workbook in both formats."""
    publication = publication_of(publication_id)
    siblings = [other for other in possible_publications(own) if other is not publication]
    published = publication.published_tables(own, facts.significance_level)
    write_table_files(folder, publication, published, facts.is_synthetic)
    text = page(publication, own, Content(published, figures), facts, siblings)
    (folder / publication.page).write_text(text, encoding="utf-8")
    (folder / publication.workbook).write_bytes(workbook_bytes(publication, published, facts))
    (folder / publication.open_document).write_bytes(open_document_bytes(publication, published, facts))


def _released_tables(tables: Mapping[str, pd.DataFrame], facts: ReleaseFacts) -> dict[str, pd.DataFrame]:
    """With what is told of a release to those inside: what its gates saw, and its small cells."""
    if facts.is_public:
        return dict(tables)
    gates = tables["gate_results"][RELEASED_GATE_RESULTS.names]
    return {**tables, "gate_results": gates, "small_cells": small_cells(tables, facts.minimum_cell)}


def _write_csvs(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    folder.mkdir()
    for name, frame in sorted(tables.items()):
        write_csv(frame, folder / f"{name}.csv")


def _manifest(publications: Sequence[Publication], facts: ReleaseFacts) -> dict[str, Any]:
    return {
        "release": facts.release,
        "created_at": facts.created_at.isoformat(),
        "profile": facts.profile,
        "disclosure": facts.disclosure,
        "is_synthetic": facts.is_synthetic,
        "publications": [publication.publication_id for publication in publications],
        "inputs": facts.inputs,
        "beside": facts.beside,
        "code_version": facts.code_version,
        "packages": facts.packages,
        "parameters": facts.parameters,
        "row_counts": facts.row_counts,
        "fingerprints": facts.fingerprints,
    }


def _write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    hashes = {path.relative_to(folder).as_posix(): fingerprints.of_file(path) for path in files}
    text = json.dumps({**manifest, "files": hashes}, indent=2, sort_keys=True, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
