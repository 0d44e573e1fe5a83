"""Taking in a filled review: everything is checked first, and nothing is applied unless all of it is right.

Belongs here: checks across lines and files, and what is kept. Not here: reading a file (`reading.py`), estimates
(`methods/linkage/accuracy/review_tables.py`).

A review imported later takes the place of the earlier one of the same sample as a whole; the earlier file is kept.
"""

import csv
import io
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.errors import PipelineError
from orchestration.ingest import reviews
from orchestration.linkage.review import links
from orchestration.linkage.review.reading import Reading, Verdict, read_workbook
from orchestration.linkage.review.suggestions import suggested_overrides
from orchestration.linkage.review.workbook import VERDICT
from orchestration.settings import Settings
from orchestration.storage import fingerprints
from orchestration.storage.files import make_private_folder, write_private_file
from orchestration.storage.safe_text import typed

FAULTS_SHOWN = 20


@dataclass(frozen=True)
class Imported:
    """What an import did: the sample, verdicts given and open, whether an earlier review was replaced, suggestions."""

    sample: str
    n_given: int
    n_open: int
    is_replacing: bool
    suggestions: Path
    n_suggested: int


def import_review(settings: Settings, files: list[Path], is_partial_accepted: bool = False) -> Imported:
    """Check the filled workbooks of one sample and keep their verdicts.

    Several files: reviewers who shared the lines, or judged the same ones alike. Raises PipelineError with every fault
    by file, sheet, line and column; then nothing is kept.
    """
    readings = [read_workbook(path) for path in files]
    key = _key_of(settings, readings)
    _require_same_links(settings, key)
    faults = [f"{reading.path.name}: {fault}" for reading in readings for fault in reading.faults]
    for reading in readings:
        faults += [f"{reading.path.name}: {fault}" for fault in _strange_lines(reading, key)]
    verdicts, disputed = _joined(readings)
    if faults or disputed:
        raise _refused(faults + disputed, readings)
    missing = sorted({pair["pair"] for pair in key["pairs"]} - verdicts.keys())
    if not verdicts:
        raise _empty(readings)
    if missing and not is_partial_accepted:
        raise _unfinished(readings, missing, len(key["pairs"]))
    return _keep(settings, key, verdicts, [reading.path for reading in readings])


def describe_import(imported: Imported) -> str:
    """What was imported, for the terminal: counts only."""
    lines = [
        f"Sample {imported.sample}: {imported.n_given} verdicts imported, {imported.n_open} lines open.",
        "It replaces the earlier review of this sample." if imported.is_replacing else "",
        "The estimates come with the next run: make bulletin.",
    ]
    if imported.n_suggested:
        lines += [
            f"{imported.n_suggested} links where reviewer and rules disagree are listed, ready to become overrides:",
            f"  {imported.suggestions}",
            "Nothing of it is applied. Copy what you agree with into review/overrides.csv.",
        ]
    return "\n".join(line for line in lines if line)


def _key_of(settings: Settings, readings: list[Reading]) -> dict[str, Any]:
    samples = {reading.sample for reading in readings}
    where = ", ".join(str(reading.path) for reading in readings)
    if len(samples) != 1:
        raise PipelineError("The files belong to different samples.", "Import one sample at a time.", where)
    try:
        return reviews.read_json(reviews.sample_dir(settings, samples.pop()) / reviews.KEY)
    except PipelineError as error:
        raise PipelineError(error.problem, error.remedy, where) from None


def _require_same_links(settings: Settings, key: dict[str, Any]) -> None:
    path = reviews.sample_dir(settings, key["sample"]) / reviews.LINKS
    with links.linked_warehouse(settings) as connection:
        changed = links.n_changed(read_links(path), links.links(connection), links.overridden(connection))
    if changed:
        raise PipelineError(
            f"The sample was drawn from other links: {changed} cases are linked differently today. "
            "Nothing was imported.",
            "Draw a new sample (make review-sample), or import in the data folder and with the code of that day.",
            str(path.parent),
        )


def read_links(path: Path) -> pd.DataFrame:
    """The links a sample was drawn from. Raises PipelineError where the file is gone."""
    if not path.exists():
        raise PipelineError(
            "The links this sample was drawn from are missing.",
            "Restore the sample's folder, or draw a new one.",
            str(path),
        )
    cells = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
    return cells.apply(lambda column: column.map(typed, na_action="ignore").astype("str"))


def _strange_lines(reading: Reading, key: dict[str, Any]) -> list[str]:
    known = {pair["pair"]: pair for pair in key["pairs"]}
    faults = []
    for line in reading.lines:
        pair = known.get(line.pair)
        if pair is None:
            faults.append(f"{line.where}, column 'Pair': no such pair in this sample: restore the number as drawn")
        elif pair["source"] != line.source:
            faults.append(f"{line.where}, column 'Pair': this pair belongs to the sheet '{pair['source']}'")
        elif pair["digest"] != line.digest:
            faults.append(f"{line.where}: identifiers or dates were changed: restore the line as drawn")
    return faults


def _joined(readings: list[Reading]) -> tuple[dict[str, Verdict], list[str]]:
    """One verdict a pair, and a fault for each pair on which the lines do not agree."""
    given: dict[str, list[tuple[str, Verdict]]] = defaultdict(list)
    for reading in readings:
        for line in reading.lines:
            if line.verdict:
                given[line.pair].append((f"{reading.path.name}: {line.where}", line))
    disputed = [
        f"{' and '.join(where for where, _ in lines)}, column '{VERDICT}': different verdicts on one pair: settle them"
        for lines in given.values()
        if len({line.verdict for _, line in lines}) > 1
    ]
    return {pair: lines[0][1] for pair, lines in given.items()}, disputed


def _refused(faults: list[str], readings: list[Reading]) -> PipelineError:
    shown = faults[:FAULTS_SHOWN]
    more = [f"and {len(faults) - len(shown)} more"] if len(faults) > len(shown) else []
    return PipelineError(
        f"The review cannot be imported ({len(faults)} fault{'s' * (len(faults) > 1)}):\n"
        + "\n".join(f"- {fault}" for fault in [*shown, *more]),
        "Correct them and import again. Nothing was imported.",
        ", ".join(str(reading.path) for reading in readings),
    )


def _empty(readings: list[Reading]) -> PipelineError:
    """A blank workbook, taken as a partial review, would take the place of an earlier one that is filled."""
    return PipelineError(
        "There is no verdict in the review. Nothing was imported.",
        "Name the filled workbook: make review-import FILE=...",
        ", ".join(str(reading.path) for reading in readings),
    )


def _unfinished(readings: list[Reading], missing: list[str], n_pairs: int) -> PipelineError:
    named = ", ".join(missing[:10]) + (" ..." if len(missing) > 10 else "")
    return PipelineError(
        f"{len(missing)} of {n_pairs} lines have no verdict yet: {named}. Nothing was imported.",
        "Fill them in, or accept what there is: make review-import FILE=... PARTIAL=1.",
        ", ".join(str(reading.path) for reading in readings),
    )


def _keep(settings: Settings, key: dict[str, Any], verdicts: dict[str, Verdict], files: list[Path]) -> Imported:
    pairs = [pair | _words(verdicts.get(pair["pair"])) for pair in key["pairs"]]
    review = {name: value for name, value in key.items() if name != "pairs"} | {
        "imported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": [{"name": path.name, "sha256": fingerprints.of_file(path)} for path in files],
        "n_open": len(pairs) - len(verdicts),
        "pairs": pairs,
    }
    folder = reviews.filled_dir(settings) / key["sample"]
    is_replacing = any(folder.glob("*.json"))
    make_private_folder(folder, reviews.review_dir(settings))
    suggested = suggested_overrides(pairs, date.today())
    path = reviews.sample_dir(settings, key["sample"]) / reviews.SUGGESTIONS
    write_private_file(path, _as_csv(suggested))
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{fingerprints.of(review['files'])[:8]}.json"
    write_private_file(folder / name, json.dumps(review, indent=1).encode())
    return Imported(key["sample"], len(verdicts), review["n_open"], is_replacing, path, len(suggested))


def _words(verdict: Verdict | None) -> dict[str, str | None]:
    if verdict is None:
        return {"verdict": None, "reviewer": None, "reviewed_on": None, "comment": None}
    return {name: getattr(verdict, name) for name in ("verdict", "reviewer", "reviewed_on", "comment")}


def _as_csv(rows: list[dict[str, str]]) -> bytes:
    buffer = io.StringIO()
    columns = ["source", "case_id", "record_id", "decision", "reviewer", "reviewed_on", "reason"]
    writer = csv.DictWriter(buffer, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()
