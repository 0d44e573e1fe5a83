"""R's results for the study of match bias (reference/match_bias.R)."""

from functools import cache
from pathlib import Path

import pandas as pd

REFERENCE = Path(__file__).parent / "reference" / "match_bias.csv"


@cache
def _reference() -> pd.DataFrame:
    return pd.read_csv(REFERENCE, dtype={"name": str})


def r_values(model: str, quantity: str) -> dict[str, float]:
    """R's results of a model and quantity by name (see reference/match_bias.R)."""
    found = _reference()
    chosen = found[(found["model"] == model) & (found["quantity"] == quantity)]
    assert len(chosen), f"R has no {quantity} of {model}"
    return dict(zip(chosen["name"], chosen["value"], strict=True))
