"""A release's description for programs and for people: `datapackage.json`, `README.txt`.

Belongs here: what each CSV file of a release holds, by the Data Package standard (datapackage.org), from the one
declaration of each table. Not here: hashes of all files (`manifest.json`).

That the data are synthetic is said here, and in a README of the folder itself, which may be passed on without the rest.
It is not said inside the CSV files: a line above the heading row would break every program that reads them, and their
bytes tell whether numbers moved.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.publications.pages.imprint import LICENCE
from orchestration.publications.shared.publication import Publication
from orchestration.publications.shared.published_table import Tables
from orchestration.publications.shared.release_facts import ReleaseFacts
from orchestration.publications.workbooks.sheets import SYNTHETIC_MARK
from orchestration.releases.comparing import CSV_FOLDER
from orchestration.storage import fingerprints
from orchestration.tables.catalogue import released_table
from orchestration.tables.table import Column, Table

DATA_PACKAGE, README = "datapackage.json", "README.txt"
_SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPES = {
    "varchar": "string",
    "bigint": "integer",
    "integer": "integer",
    "double": "number",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "datetime",
}


def write_data_package(
    folder: Path, publications: tuple[Publication, ...], tables: Tables, facts: ReleaseFacts
) -> None:
    """Describe the CSV files that stand in the release `folder`; `tables`: the frames they were written from."""
    resources = [
        _resource(folder, released_table(name, map(str, frame.columns)), frame)
        for name, frame in sorted(tables.items())
    ]
    package = {
        "$schema": _SCHEMA,
        "name": f"probation-outcomes-{facts.release.lower()}",
        "title": "; ".join(publication.title for publication in publications),
        "description": " ".join(_about(facts)),
        "version": facts.release,
        "created": facts.created_at.isoformat(),
        "is_synthetic": facts.is_synthetic,
        "licenses": [LICENCE],
        "sources": [
            {"title": title} for title in dict.fromkeys(publication.attribution for publication in publications)
        ],
        **({"contributors": [{"title": facts.contact, "roles": ["contact"]}]} if facts.contact else {}),
        "resources": resources,
    }
    text = json.dumps(package, indent=2, ensure_ascii=False)
    (folder / DATA_PACKAGE).write_text(text + "\n", encoding="utf-8")
    (folder / README).write_text(_readme(publications, facts), encoding="utf-8")
    (folder / CSV_FOLDER / README).write_text(_readme_of_csv(facts), encoding="utf-8")


def _resource(folder: Path, table: Table, frame: pd.DataFrame) -> dict[str, Any]:
    path = f"{CSV_FOLDER}/{table.name}.csv"
    return {
        "name": table.name,
        "path": path,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": (folder / path).stat().st_size,
        "hash": f"sha256:{fingerprints.of_file(folder / path)}",
        "schema": {
            "fields": [_field(table, str(name)) for name in frame.columns],
            "missingValues": [""],
            **_key(table, frame),
        },
    }


def _field(table: Table, name: str) -> dict[str, Any]:
    column: Column = table.column(name)
    described = {"name": name, "type": _TYPES[column.type], "description": column.description}
    return described | ({"constraints": {"required": True}} if column.required else {})


def _key(table: Table, frame: pd.DataFrame) -> Mapping[str, Any]:
    """The key; as unique columns alone where a part of it may be empty, which a primary key forbids."""
    key = list(table.key)
    return {"uniqueKeys": [key]} if frame[key].isna().any(axis=None) or _has_blank(frame[key]) else {"primaryKey": key}


def _has_blank(key: pd.DataFrame) -> bool:
    return any((key[name].astype("str") == "").any() for name in key)


def _about(facts: ReleaseFacts) -> list[str]:
    return [line for line in (SYNTHETIC_MARK if facts.is_synthetic else "", facts.reach) if line]


def _readme_of_csv(facts: ReleaseFacts) -> str:
    """For who has this one folder; nothing in it differs between two runs on the same data."""
    lines = [
        "The results tables of a release of Probation outcomes",
        "",
        *_about(facts),
        *(["In these files it is missing, and named in the column `suppressed`."] if facts.is_public else []),
        "",
        f"{DATA_PACKAGE}, in the folder above, says what each column holds.",
        f"Licence: {LICENCE['title']}, {LICENCE['path']}",
    ]
    return "\n".join(lines) + "\n"


def _readme(publications: tuple[Publication, ...], facts: ReleaseFacts) -> str:
    pages = [f"  {p.page}, {p.workbook}, {p.open_document}: {p.short_title}" for p in publications]
    contact = [f"Contact: {facts.contact}"] if facts.contact else []
    lines = [
        f"Release {facts.release}, produced {facts.created_at:%Y-%m-%d}",
        "",
        *_about(facts),
        "",
        "Begin with index.html.",
        *pages,
        "  tables/: every table of the pages as CSV, as its worksheet holds it",
        "  figures/: every figure as SVG and PNG, with its numbers as CSV",
        "  csv/: the results tables, unrounded; datapackage.json says what each column holds",
        "  tables.duckdb: the same tables as a database",
        "  manifest.json: what the release was made from, and the SHA-256 of every other file",
        "",
        f"Licence: {LICENCE['title']}, {LICENCE['path']}",
        *contact,
    ]
    return "\n".join(lines) + "\n"
