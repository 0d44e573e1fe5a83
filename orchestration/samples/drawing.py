"""A sample drawn from a caseload list: the list read, the sample and its account written.

Belongs here: files. Not here: which cases (`methods/sampling`), the command's arguments (`commands/samples.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from orchestration.errors import PipelineError
from orchestration.ingest.extracts import read_files
from orchestration.ingest.labels import label_key, read_labels
from orchestration.ingest.landed_files import read_file
from orchestration.methods.sampling.allocation import PROVIDER
from orchestration.methods.sampling.drawing import Draw, draw_sample
from orchestration.methods.sampling.sample_size import Precision
from orchestration.publications.shared.csv_tables import csv_bytes
from orchestration.samples.account import account
from orchestration.settings import CODES_DIR, IntakeLimits
from orchestration.storage.files import write_private_file

CASELOAD = "caseload"
FAULTS_SHOWN = 10


@dataclass(frozen=True)
class Order:
    """What is asked for: the list, the providers (all where none is named), precision, reserves, seed, and where to."""

    caseload: Path
    out: Path
    seed: int
    precision: Precision
    oversample: float
    providers: tuple[str, ...] = ()
    provider_type: str = ""

    @property
    def files(self) -> tuple[Path, Path, Path]:
        """Where the sample, its reserves and its account are written."""
        return (
            self.out,
            self.out.with_name(f"{self.out.stem}_reserves.csv"),
            self.out.with_name(f"{self.out.stem}_account.md"),
        )


def draw_to_files(order: Order) -> str:
    """Read the list, draw, write sample, reserves and account; returns the account.

    All three files or none, for the owner alone. Raises PipelineError where the list cannot be used (file, line and
    column named), a provider is not in it, or one of the files is there already.
    """
    _require_room(order.files)
    caseload, sha256 = read_caseload(order.caseload)
    drawn = draw_sample(_chosen(caseload, order), order.seed, order.precision, order.oversample)
    text = account(drawn, order.caseload.name, sha256, order.seed, order.precision, order.oversample)
    _write_all(order.files, drawn, text)
    return text


def read_caseload(path: Path) -> tuple[pd.DataFrame, str]:
    """A caseload list as typed rows, and the file's SHA-256.

    Raises PipelineError for anything that cannot be read: a row left out could not be drawn, so none may be.
    """
    file = read_file(CASELOAD, path, IntakeLimits(), path.name)
    extract = read_files(CASELOAD, [file], None, CODES_DIR)
    if len(extract.rejected):
        raise _unusable(extract.rejected, path.name)
    if extract.parsed.empty:
        raise PipelineError("The list holds no case.", "Give the whole caseload, a case a row.", path.name)
    return extract.parsed, file.sha256


def _unusable(rejected: pd.DataFrame, name: str) -> PipelineError:
    shown = rejected.head(FAULTS_SHOWN)
    places = [
        f"line {line}, column {column}: {kind} ({reason})"
        for line, column, kind, reason in zip(
            shown["line"], shown["column"], shown["value_class"], shown["reason"], strict=True
        )
    ]
    more = [f"and {len(rejected) - len(shown)} more"] if len(rejected) > len(shown) else []
    n_rows = rejected[["file", "line"]].drop_duplicates().shape[0]
    return PipelineError(
        problem="\n".join([f"Rows of the list that cannot be used: {n_rows}.", *places, *more]),
        remedy="Correct them: a case that is left out has no chance of being drawn.",
        where=f"{CASELOAD}/{name}",
    )


def _chosen(caseload: pd.DataFrame, order: Order) -> pd.DataFrame:
    chosen = caseload
    if order.provider_type:
        chosen = chosen[chosen["provider_type"] == order.provider_type]
    spellings = read_labels(CODES_DIR).providers
    names = {label_key(spellings.get(label_key(name), name)): name for name in order.providers}
    keys = chosen["provider"].map(label_key)
    absent = [name for key, name in names.items() if key not in set(keys)]
    if absent or chosen.empty:
        listed = caseload[list(PROVIDER)].drop_duplicates().sort_values(list(PROVIDER))
        there = ", ".join(f"{name} ({kind})" for name, kind in listed.itertuples(index=False, name=None))
        what = ", ".join(absent) or f"a provider of type {order.provider_type}"
        raise PipelineError(f"The list has no case of {what}.", f"It has: {there}.", order.caseload.name)
    return chosen[keys.isin(names)] if names else chosen


def _require_room(files: Sequence[Path]) -> None:
    out = files[0]
    if out.suffix.lower() != ".csv":
        raise PipelineError("The sample is written as CSV.", "Give --out a name that ends in .csv.", str(out))
    if not out.parent.is_dir():
        raise PipelineError("There is no such folder.", "Make it first.", str(out.parent))
    there = [path for path in files if path.exists()]
    if there:
        raise PipelineError(
            problem="A sample that was drawn before is never overwritten.",
            remedy="Give --out another name, or take the earlier files away.",
            where=", ".join(str(path) for path in there),
        )


def _write_all(files: Sequence[Path], drawn: Draw, text: str) -> None:
    contents = (csv_bytes(drawn.sample), csv_bytes(drawn.reserves), text.encode())
    try:
        for path, content in zip(files, contents, strict=True):
            write_private_file(path, content)
    except BaseException:
        for path in files:
            path.unlink(missing_ok=True)
        raise
