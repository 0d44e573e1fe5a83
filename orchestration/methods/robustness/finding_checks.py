"""What remains of each finding under every check.

Belongs here: results.finding_checks. Not here: any one check (its own module), all tables of the study (`summary`), and
sentences.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.layouts.specification import BULLETIN_MODELS
from orchestration.methods.robustness.time_to_reoffence import AFTER
from orchestration.tables.robustness import FINDING_CHECKS

PUBLISHED = "published"
ADJUSTED = {"bh": "p_bh", "holm": "p_holm"}
VARIANTS = ("negbin1", "ztnb")
# check -> the table that has its estimates, and the column of them
REFITTED = {
    "points": ("marginal_effects", "effect"),
    "clustered": ("clustered_errors", "estimate"),
    "intercepts": ("provider_intercepts", "estimate"),
    "imputed": ("imputed_estimates", "estimate"),
    "relinked": ("relinked_estimates", "estimate"),
    "after_fieldwork": ("reoffence_hazards", "estimate"),
    "doubly_robust": ("good_delivery", "effect"),
}
Estimates = Mapping[tuple[str, str], tuple[float, float]]


def finding_checks(
    model_coefficients: pd.DataFrame,
    model_coefficients_weighted: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    significance_level: float = 0.05,
) -> pd.DataFrame:
    """results.finding_checks: each coefficient of a judgement that a published model finds, by check.

    A finding holds under a check where its sign is the published one and its p below the level; an adjusted p is that
    of the judgement's term, which has no sign of its own. A check that was not made of a model has no row.
    """
    known = _estimates(model_coefficients, "estimate")
    refitted = {check: _estimates(_own(tables[name]), column) for check, (name, column) in REFITTED.items()}
    weighted = {"weighted": _estimates(model_coefficients_weighted, "estimate")}
    adjusted = tables["multiplicity"].set_index(["model_id", "term"]).to_dict("index")
    rows = [
        row
        for model in BULLETIN_MODELS
        for term in model.judgements
        for coefficient in term.coefficients
        for row in _rows(
            (model.model_id, coefficient),
            significance_level,
            {PUBLISHED: known} | refitted | weighted | _variants(known),
            adjusted.get((model.model_id, term.name), {}),
        )
    ]
    return frame_of(FINDING_CHECKS, rows)


def _own(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table that check findings: of periods, what came after fieldwork."""
    return table[table["period"] == AFTER] if "period" in table.columns else table


def _estimates(frame: pd.DataFrame, column: str) -> Estimates:
    keys = zip(frame["model_id"], frame["coefficient"], strict=True)
    return dict(zip(keys, zip(frame[column].astype(float), frame["p"].astype(float), strict=True), strict=True))


def _variants(known: Estimates) -> dict[str, Estimates]:
    """The models of counts with other distributions, under the ids of the published models."""
    return {
        variant: {(model.removesuffix(f"__{variant}"), name): found for (model, name), found in known.items()
                  if model.endswith(f"__{variant}")}
        for variant in VARIANTS
    }  # fmt: skip


def _rows(
    key: tuple[str, str], level: float, checks: Mapping[str, Estimates], adjusted: Mapping[Any, Any]
) -> Iterator[Row]:
    """The rows of one coefficient; none where the published model finds nothing."""
    published, p = checks[PUBLISHED].get(key, (np.nan, np.nan))
    if not p < level:
        return
    named: Iterable[tuple[str, tuple[float, float]]] = (
        *((check, found[key]) for check, found in checks.items() if key in found),
        *((check, (published, float(adjusted.get(column, np.nan)))) for check, column in ADJUSTED.items()),
    )
    for check, (estimate, check_p) in named:
        is_told = bool(np.isfinite(estimate) and np.isfinite(check_p))
        yield {
            "model_id": key[0],
            "coefficient": key[1],
            "check_name": check,
            "sign": int(np.sign(estimate)) if np.isfinite(estimate) else pd.NA,
            "p": check_p,
            "holds": bool(estimate * published > 0 and check_p < level) if is_told else pd.NA,
        }
