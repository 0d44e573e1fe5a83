"""What each scenario of the sensitivity study changes at most.

Belongs here: results.sensitivity_summary, from the ratios. Not here: the ratios themselves (`tables`).
"""

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.tables.linkage_sensitivity import SENSITIVITY_SUMMARY

ALL_SCENARIOS = "all"
ROUNDING = 1e-6  # percent: refits of the same cases differ by less


def summary(ratios: pd.DataFrame) -> pd.DataFrame:
    """What the scenarios change at most: a row a scenario, and one a kind (scenario `all`)."""
    rows = []
    for kind, of_kind in ratios.groupby("kind", sort=False):
        rows.append(_summary_row(str(kind), ALL_SCENARIOS, np.nan, of_kind))
        for name, part in of_kind.groupby("scenario", sort=False):
            rows.append(_summary_row(str(kind), str(name), part["scenario_order"].iloc[0], part))
    return frame_of(SENSITIVITY_SUMMARY, rows)


def _summary_row(kind: str, scenario: str, order: float, part: pd.DataFrame) -> Row:
    """Counts are of ratios and tests in any scenario of `part`, each once."""
    largest = part.sort_values("change_percent", ascending=False, kind="stable").iloc[0]
    is_changed = largest["change_percent"] > ROUNDING
    turned = (part["value"] > 1) != (part["published_value"] > 1)
    turned &= part["value"].notna() & part["published_value"].notna()
    moved = part[part["significance_changed"].fillna(False).astype(bool)]
    was = moved["published_term_significant"].astype(bool)
    ratio, test = ["model_id", "coefficient"], ["model_id", "term"]
    return {
        "kind": kind,
        "scenario": scenario,
        "scenario_order": order,
        "n_ratios": len(part[ratio].drop_duplicates()),
        "n_not_estimable": len(part.loc[~part["estimable"], ratio].drop_duplicates()),
        "largest_change_percent": largest["change_percent"],
        "largest_change_model": largest["model_id"] if is_changed else None,
        "largest_change_coefficient": largest["coefficient"] if is_changed else None,
        "n_direction_changed": len(part.loc[turned, ratio].drop_duplicates()),
        "n_tests": len(part[test].drop_duplicates()),
        "n_significance_lost": len(moved.loc[was, test].drop_duplicates()),
        "n_significance_gained": len(moved.loc[~was, test].drop_duplicates()),
    }
