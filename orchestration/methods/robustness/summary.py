"""What remains of each finding under every check.

Belongs here: all tables of the study, and the findings by checks. Not here: any one check, and sentences.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.layouts.specification import BULLETIN_MODELS
from orchestration.methods.robustness.clustered_errors import clustered_errors
from orchestration.methods.robustness.confounding import e_values
from orchestration.methods.robustness.likelihood import judgement_gaps, likelihood_interactions
from orchestration.methods.robustness.marginal_effects import marginal_effects
from orchestration.methods.robustness.multiplicity import multiplicity
from orchestration.methods.robustness.published_fits import published_fits
from orchestration.methods.robustness.strengths import strength_contrasts
from orchestration.tables.robustness import FINDING_CHECKS

PUBLISHED = "published"
ADJUSTED = {"bh": "p_bh", "holm": "p_holm"}
VARIANTS = ("negbin1", "ztnb")
Estimates = Mapping[tuple[str, str], tuple[float, float]]


def robustness_tables(
    cases: pd.DataFrame, model_terms: pd.DataFrame, model_coefficients: pd.DataFrame, significance_level: float = 0.05
) -> dict[str, pd.DataFrame]:
    """Every table of the study by name.

    `cases` is marts.cases, the others results.model_terms and results.model_coefficients of the same cases.
    """
    models = published_fits(cases)
    published = tuple(model.model_id for model in BULLETIN_MODELS)
    tables = {
        "marginal_effects": marginal_effects(models, significance_level),
        "clustered_errors": clustered_errors(models, _providers(cases), significance_level),
        "multiplicity": multiplicity(model_terms, published, significance_level),
        "likelihood_interactions": likelihood_interactions(models, cases),
        "judgement_gaps": judgement_gaps(cases, significance_level),
        "strength_contrasts": strength_contrasts(models, significance_level),
        "e_values": e_values(models, significance_level),
    }
    checks = finding_checks(model_coefficients, tables, significance_level)
    return tables | {"finding_checks": checks}


def _providers(cases: pd.DataFrame) -> pd.Series:
    """A CRC and an NPS division may share their name."""
    return cases["provider_type"] + " " + cases["provider"]


def finding_checks(
    model_coefficients: pd.DataFrame, tables: Mapping[str, pd.DataFrame], significance_level: float = 0.05
) -> pd.DataFrame:
    """results.finding_checks: each coefficient of a judgement that a published model finds, by check.

    A finding holds under a check where its sign is the published one and its p below the level; an adjusted p is that
    of the judgement's term, which has no sign of its own.
    """
    known = _estimates(model_coefficients, "estimate")
    effects = _estimates(tables["marginal_effects"], "effect")
    clustered = _estimates(tables["clustered_errors"], "estimate")
    adjusted = tables["multiplicity"].set_index(["model_id", "term"]).to_dict("index")
    rows = [
        row
        for model in BULLETIN_MODELS
        for term in model.judgements
        for coefficient in term.coefficients
        for row in _rows(
            (model.model_id, coefficient),
            significance_level,
            {PUBLISHED: known, "points": effects, "clustered": clustered} | _variants(known),
            adjusted.get((model.model_id, term.name), {}),
        )
    ]
    return frame_of(FINDING_CHECKS, rows)


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
