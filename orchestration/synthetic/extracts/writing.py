"""The synthetic extracts and optional inputs as files: landing folders, manifest and truth.

Belongs here: the safe writing of the folders. Not here: what stands in the files (`drawing.py`,
`deliveries.py`, `optional_inputs.py`).
"""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd

from orchestration.errors import PipelineError
from orchestration.storage import fingerprints
from orchestration.synthetic.extracts.deliveries import cut_into_files, write_csv
from orchestration.synthetic.extracts.drawing import Extracts, draw_extracts
from orchestration.synthetic.extracts.offences import draw_offences, index_records
from orchestration.synthetic.extracts.optional_inputs import OPTIONAL_SOURCES, draw_optional_files
from orchestration.synthetic.identities.shares import Shares

GENERATOR_VERSION = "3"
SOURCES = ("inspections", "terminations", "reoffending", "offences")
TRUTHS = ("terminations", "reoffending")
MANIFEST = "synthetic_manifest.json"


def write_extracts(
    profile: pd.DataFrame,
    seed: int,
    landing_dir: Path,
    truth_dir: Path,
    n_terminations: int = 60_000,
    n_reoffending: int = 200_000,
    shares: Shares | None = None,
    road: str = "reoffending",
) -> None:
    """Draw a profile's extracts and write landing/<source>/*.csv, a manifest beside them, and the truth.

    The optional inputs (ratings, caseload) that belong to them are written with them. `road`: `reoffending`, or
    `offences` from which the same measure of each case can be made.
    Raises PipelineError where a landing folder or the truth already holds files: nothing is written over.
    """
    shares = shares or Shares()
    landing_dir, truth_dir = Path(landing_dir), Path(truth_dir)
    refuse_to_overwrite(landing_dir, truth_dir)
    drawn = draw_extracts(profile, seed, n_terminations, n_reoffending, shares)
    partial = landing_dir / ".synthetic_partial"
    shutil.rmtree(partial, ignore_errors=True)
    frames = {"inspections": drawn.inspections.sort_values("case_id", ignore_index=True)}
    frames |= {"terminations": drawn.terminations, "reoffending": drawn.reoffending}
    truths = drawn.truth
    if road == "offences":
        frames, truths = _by_offences(frames, drawn, seed)
    digests, n_rows = _write_files(partial, frames, seed, shares)
    manifest = {
        "synthetic": True,
        "generator_version": GENERATOR_VERSION,
        "seed": seed,
        "profile_sha256": fingerprints.of_bytes(profile.to_csv(index=False).encode()),
        "n_cases": len(profile),
        "files": digests,
        "rows": n_rows,
    }
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    move_into_place(partial, landing_dir)
    truth_dir.mkdir(parents=True, exist_ok=True)
    for source, truth in truths.items():
        truth.to_csv(truth_dir / f"{source}.csv", index=False, lineterminator="\n")


def _by_offences(
    frames: dict[str, pd.DataFrame], drawn: Extracts, seed: int
) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """The extracts with offences in place of reoffending, and the truth of the records that are index events."""
    rng = np.random.default_rng([seed, 3])
    records = index_records(drawn.reoffending.join(drawn.whose))
    rows = draw_offences(rng, records)
    truth = drawn.truth["reoffending"]
    kept = truth[truth["record_id"].isin(records["record_id"])].reset_index(drop=True)
    others = {source: frame for source, frame in frames.items() if source != "reoffending"}
    shuffled = rows.iloc[rng.permutation(len(rows))].reset_index(drop=True)
    return others | {"offences": shuffled}, drawn.truth | {"reoffending": kept}


def _write_files(
    folder: Path, frames: dict[str, pd.DataFrame], seed: int, shares: Shares
) -> tuple[dict[str, str], dict[str, int]]:
    """Write every delivery below `folder`; returns the SHA-256 and the number of rows of each file."""
    rng = np.random.default_rng([seed, 1])
    digests, n_rows = {}, {}
    for source, extract in frames.items():
        (folder / source).mkdir(parents=True)
        for name, rows in cut_into_files(rng, source, extract, shares.corrected).items():
            digests[f"{source}/{name}"] = write_csv(folder / source / name, rows, source)
            n_rows[f"{source}/{name}"] = len(rows)
    for source, files in draw_optional_files(seed, frames["inspections"]).items():
        (folder / source).mkdir(parents=True)
        for name, rows in files.items():
            content = rows.to_csv(index=False, lineterminator="\n").encode()
            (folder / source / name).write_bytes(content)
            digests[f"{source}/{name}"] = fingerprints.of_bytes(content)
            n_rows[f"{source}/{name}"] = len(rows)
    return digests, n_rows


def refuse_to_overwrite(landing_dir: Path, truth_dir: Path) -> None:
    """Raise PipelineError where a landing folder, the manifest's place or a truth already holds a file."""
    truths = [truth_dir / f"{source}.csv" for source in TRUTHS]
    folders = [landing_dir / source for source in (*SOURCES, *OPTIONAL_SOURCES)]
    taken = [path for folder in folders for path in sorted(folder.glob("*"))]
    taken += [path for path in [*truths, landing_dir / MANIFEST] if path.exists()]
    if taken:
        raise PipelineError(
            problem=f"{len(taken)} files are in the way of synthetic extracts, {taken[0].name} first.",
            remedy="Synthetic extracts never replace files. Move these away, or name other folders.",
            where=str(taken[0].parent),
        )


def move_into_place(partial: Path, landing_dir: Path) -> None:
    """Move complete files to where readers look, the manifest first: a synthetic file is never without it."""
    (partial / MANIFEST).replace(landing_dir / MANIFEST)
    for folder in sorted(path for path in partial.iterdir() if path.is_dir()):
        (landing_dir / folder.name).mkdir(exist_ok=True)
        for path in sorted(folder.iterdir()):
            path.replace(landing_dir / folder.name / path.name)
    shutil.rmtree(partial)
