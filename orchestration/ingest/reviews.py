"""Where samples and reviews lie.

Belongs here: paths under `review/`, and which review of a sample counts. Not here: what the files hold.

    review/<sample>/review.xlsx    for the reviewer
    review/<sample>/key.json       what each pair is: strata, population counts, the decision; never for the reviewer
    review/<sample>/links.csv      every link when the sample was drawn
    review/<sample>/overrides_suggested.csv   where reviewer and rules disagree, written by the import
    review/filled/<sample>/<time>-<hash>.json one file an import; the latest of a sample counts
"""

import json
import re
from pathlib import Path
from typing import Any

from orchestration.errors import PipelineError
from orchestration.settings import Settings
from orchestration.storage import fingerprints

WORKBOOK, KEY, LINKS, SUGGESTIONS = "review.xlsx", "key.json", "links.csv", "overrides_suggested.csv"
_SAMPLE_NAME = re.compile(r"[0-9a-z-]+")


def review_dir(settings: Settings) -> Path:
    """The folder of samples and reviews."""
    return settings.data_dir / "review"


def sample_dir(settings: Settings, sample: str) -> Path:
    """The folder of one sample. Raises PipelineError where the name could not be a sample's."""
    if not _SAMPLE_NAME.fullmatch(sample) or sample == "filled":
        raise PipelineError(
            "The file names no sample that could exist.", "Import the workbook as it was drawn, filled."
        )
    return review_dir(settings) / sample


def filled_dir(settings: Settings) -> Path:
    """The folder of imported reviews."""
    return review_dir(settings) / "filled"


def latest_reviews(settings: Settings) -> list[Path]:
    """The review that counts of each sample: the one imported last."""
    folders = sorted(path for path in filled_dir(settings).glob("*") if path.is_dir())
    return [max(files) for folder in folders if (files := sorted(folder.glob("*.json")))]


def review_files(settings: Settings, _stage: str) -> dict[str, str]:
    """Name -> hash of every file the estimates rest on: the reviews that count, and the links they were drawn from."""
    reviews = latest_reviews(settings)
    drawn = [sample_dir(settings, path.parent.name) / LINKS for path in reviews]
    root = review_dir(settings)
    present = [path for path in [*reviews, *drawn] if path.exists()]
    return {path.relative_to(root).as_posix(): fingerprints.of_file(path) for path in present}


def read_json(path: Path) -> dict[str, Any]:
    """A key or review. Raises PipelineError where the file is missing or damaged."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise PipelineError(
            "There is no such sample in this data folder: its key is missing.",
            "Set PROBATION_DATA_DIR to the folder in which the sample was drawn.",
            str(path),
        ) from None
    except ValueError:
        raise PipelineError(
            "The file is damaged.", "Restore it from a backup, or draw a new sample.", str(path)
        ) from None
