"""Two releases, cell by cell, and why they differ.

Belongs here: differences between the CSV tables of two release folders and the causes their manifests show.
Not here: telling a reader of them (`comparison_text.py`), building a release.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.errors import PipelineError, did_you_mean
from orchestration.publications.shared.csv_tables import read_csv_text
from orchestration.publications.shared.records import records
from orchestration.releases.publishing import MANIFEST
from orchestration.storage import progress
from orchestration.tables.catalogue import RELEASED_TABLES

# A release folder and its manifest.
Release = tuple[Path, Mapping[str, Any]]
COLUMNS = ["table", "row", "column", "value_a", "value_b", "cause"]
CSV_FOLDER = "csv"
UNEXPLAINED = "unexplained: inputs, code and parameters are the same"
NO_ROW, NO_COLUMN = "(no such row)", "(no such column)"

# Parameters that can reach only some tables; any other reaches all of them.
_ALLOCATED = {"sample_design", "sample_allocation", "sample_representativeness"}
_WEIGHTED = {
    "linkage_weights",
    "linkage_balance",
    "annex_b_weighted",
    "model_coefficients_weighted",
    "model_terms_weighted",
    "match_bias_summary",
    "finding_checks",
}
_RELINKED = {"relinked_estimates", "finding_checks"}
_REACH = {
    "minimum_cell": {"small_cells"},
    "match_rate_low": {"gate_results"},
    "match_rate_high": {"gate_results"},
    "sample_confidence": _ALLOCATED,
    "sample_margin": _ALLOCATED,
    "weight_percentile_low": _WEIGHTED,
    "weight_percentile_high": _WEIGHTED,
    "robustness_draws": _RELINKED | {"imputed_estimates"},
    "false_link_share": _RELINKED,
    "rejected_share_inspections": {"gate_results"},
    "rejected_share_terminations": {"gate_results"},
    "rejected_share_reoffending": {"gate_results"},
    "rejected_share_ratings": {"gate_results"},
    "rejected_share_caseload": {"gate_results"},
    "rejected_share_offences": {"gate_results"},
}


def compare_releases(folder_a: Path, folder_b: Path, table: str = "") -> pd.DataFrame:
    """Every cell of the tables, or of one `table`, that differs between two release folders, with the cause.

    Columns: table, row (its keys), column, value_a, value_b (text as in the files), cause. The cause names
    each input, code or parameter that differs between the manifests and can reach the table. Raises
    PipelineError where a folder is not a complete release, or where neither has such a table.
    """
    manifest_a, manifest_b = read_manifest(folder_a), read_manifest(folder_b)
    names = compared_tables(folder_a, folder_b)
    if table and table not in names:
        raise PipelineError(
            problem=f"Neither release has a table '{table}'.{did_you_mean(table, names)}",
            remedy=f"Tables are {', '.join(names)}.",
        )
    progress.say("comparing")
    return differences_between((folder_a, manifest_a), (folder_b, manifest_b), [table] if table else names)


def differences_between(a: Release, b: Release, names: Sequence[str]) -> pd.DataFrame:
    """The same of two folders and their manifests, for the tables named."""
    differences: list[tuple[str, ...]] = []
    for number, name in enumerate(names, start=1):
        progress.count(number, len(names), "table")
        cause = "; ".join(causes(a[1], b[1], name)) or UNEXPLAINED
        differences += [(name, *cell, cause) for cell in _differing_cells(a[0], b[0], name)]
    return pd.DataFrame(differences, columns=COLUMNS, dtype="str")


def compared_tables(folder_a: Path, folder_b: Path) -> list[str]:
    """Names of the tables that either release has."""
    return sorted({path.stem for folder in (folder_a, folder_b) for path in (folder / CSV_FOLDER).glob("*.csv")})


def _differing_cells(folder_a: Path, folder_b: Path, table: str) -> Iterator[tuple[str, str, str, str]]:
    """Row, column, value in a, value in b."""
    path_a, path_b = (folder / CSV_FOLDER / f"{table}.csv" for folder in (folder_a, folder_b))
    if path_a.is_file() and path_b.is_file() and path_a.read_bytes() == path_b.read_bytes():
        return
    cells_a, cells_b = _cells(path_a), _cells(path_b)
    rows_a, rows_b = ({row for row, _ in cells} for cells in (cells_a, cells_b))
    for row, column in sorted(cells_a.keys() | cells_b.keys()):
        a = cells_a.get((row, column), NO_COLUMN if row in rows_a else NO_ROW)
        b = cells_b.get((row, column), NO_COLUMN if row in rows_b else NO_ROW)
        if a != b:
            yield row, column, a, b


def causes(manifest_a: Mapping[str, Any], manifest_b: Mapping[str, Any], table: str) -> list[str]:
    """What differs between two manifests and can reach `table`: inputs, code, parameters, in that order."""
    return [
        *_input_causes(manifest_a["inputs"], manifest_b["inputs"]),
        *_beside_causes(manifest_a.get("beside", {}), manifest_b.get("beside", {})),
        *_code_causes(manifest_a, manifest_b),
        *_parameter_causes(manifest_a["parameters"], manifest_b["parameters"], table),
    ]


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a release folder."""
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise PipelineError(
            problem="This is not a complete release: it has no readable manifest.",
            remedy="Give the names of two release folders under the published folder.",
            where=str(folder),
        ) from None


def _cells(path: Path) -> dict[tuple[str, str], str]:
    """(row, column) -> text; rows are named by their keys, a repeated name by its number too."""
    if not path.is_file():
        return {}
    frame = read_csv_text(path)
    table = path.stem
    declared = RELEASED_TABLES[table].key if table in RELEASED_TABLES else frame.columns[:1]  # of an older release
    keys = [key for key in declared if key in frame.columns]
    seen: Counter[str] = Counter()
    cells: dict[tuple[str, str], str] = {}
    for record in records(frame):
        row = " / ".join(record[key] for key in keys)
        seen[row] += 1
        name = row if seen[row] == 1 else f"{row} ({seen[row]})"
        cells |= {(name, column): value for column, value in record.items() if column not in keys}
    return cells


def _input_causes(inputs_a: list[dict[str, Any]], inputs_b: list[dict[str, Any]]) -> list[str]:
    sources = sorted({entry["source"] for entry in [*inputs_a, *inputs_b]})
    changed = [source for source in sources if _delivered(inputs_a, source) != _delivered(inputs_b, source)]
    return [f"input ({', '.join(changed)})"] if changed else []


def _beside_causes(beside_a: dict[str, Any], beside_b: dict[str, Any]) -> list[str]:
    """Stages that read other files beside the extracts: overrides, truth, reviews."""
    changed = sorted(stage for stage in beside_a.keys() | beside_b.keys() if beside_a.get(stage) != beside_b.get(stage))
    return [f"files beside the extracts ({', '.join(changed)})"] if changed else []


def _delivered(inputs: list[dict[str, Any]], source: str) -> list[tuple[str, str]]:
    return sorted((str(entry["delivery_order"]), entry["sha256"]) for entry in inputs if entry["source"] == source)


def _code_causes(manifest_a: Mapping[str, Any], manifest_b: Mapping[str, Any]) -> list[str]:
    found = []
    if manifest_a["code_version"] != manifest_b["code_version"]:
        found.append("code")
    packages_a, packages_b = manifest_a["packages"], manifest_b["packages"]
    changed = sorted(
        name for name in packages_a.keys() | packages_b.keys() if packages_a.get(name) != packages_b.get(name)
    )
    return [*found, f"code (packages: {', '.join(changed)})"] if changed else found


def _parameter_causes(parameters_a: dict[str, Any], parameters_b: dict[str, Any], table: str) -> list[str]:
    names = sorted(parameters_a.keys() | parameters_b.keys())
    return [
        f"parameter {name} ({parameters_a.get(name)} -> {parameters_b.get(name)})"
        for name in names
        if parameters_a.get(name) != parameters_b.get(name) and table in _REACH.get(name, {table})
    ]
