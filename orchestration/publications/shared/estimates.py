"""Estimates of a model as the cells of a table, for any bulletin.

Belongs here: finding a model's rows, numbers or the words in their place, and whether they are kept back. Not here:
which models and columns a table shows.
"""

from typing import Any

import pandas as pd

from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import MISSING_TEXT
from orchestration.publications.shared.records import Record, keyed
from orchestration.tables.release import SUPPRESSED

_REFERENCE = "reference"


def of_model(frame: pd.DataFrame, model_id: str, keys: list[str]) -> dict[tuple[str, ...], Record]:
    """The rows of one model by the values of `keys`."""
    return keyed(frame.loc[frame["model_id"] == model_id], keys)


def estimates_or_words(found: Record | None, level: float, is_reference: bool = False) -> dict[str, Any]:
    """The cells of one coefficient; words in place of numbers for the reference level and what is not estimable."""
    keys = ("estimate", "std_error", "exp_estimate", "ci_low", "ci_high", "p")
    if not is_estimable(found) and not kept_back(found):
        text = _REFERENCE if is_reference else formatting.NOT_ESTIMABLE
        return dict.fromkeys(keys) | {"significant": None, MISSING_TEXT: text}
    assert found is not None
    p = found["p"]
    significant = None if formatting.is_missing(p) else float(p) < level
    return {key: found[key] for key in keys} | {
        "significant": significant,
        MISSING_TEXT: formatting.NOT_APPLICABLE,
        SUPPRESSED.name: kept_back(found),
    }


def is_estimable(found: Record | None) -> bool:
    """Whether there is a row, and it says that there is an estimate; where that is kept back it is not said."""
    return found is not None and not formatting.is_missing(found["estimable"]) and bool(found["estimable"])


def kept_back(*rows: Record | None) -> str:
    """The columns that a public release keeps back in any of these rows, as one row names them."""
    named = [row[SUPPRESSED.name] for row in rows if row is not None and SUPPRESSED.name in row]
    return ", ".join(str(names) for names in named if not formatting.is_missing(names))
