"""Estimates of a model as the cells of a table, for any bulletin.

Belongs here: finding a model's rows, and numbers or the words in their place. Not here: which models and columns a
table shows.
"""

from typing import Any

import pandas as pd

from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import MISSING_TEXT
from orchestration.publications.shared.records import Record, keyed

_REFERENCE = "reference"


def of_model(frame: pd.DataFrame, model_id: str, keys: list[str]) -> dict[tuple[str, ...], Record]:
    """The rows of one model by the values of `keys`."""
    return keyed(frame.loc[frame["model_id"] == model_id], keys)


def estimates_or_words(found: Record | None, level: float, is_reference: bool = False) -> dict[str, Any]:
    """The cells of one coefficient; words in place of numbers for the reference level and what is not estimable."""
    keys = ("estimate", "std_error", "exp_estimate", "ci_low", "ci_high", "p")
    if found is None or not found["estimable"]:
        text = _REFERENCE if is_reference else formatting.NOT_ESTIMABLE
        return dict.fromkeys(keys) | {"significant": None, MISSING_TEXT: text}
    p = found["p"]
    significant = None if formatting.is_missing(p) else float(p) < level
    return {key: found[key] for key in keys} | {
        "significant": significant,
        MISSING_TEXT: formatting.NOT_APPLICABLE,
    }
