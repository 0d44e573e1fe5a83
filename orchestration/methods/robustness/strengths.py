"""Building upon strengths against having none: what the bulletin says beside what it tests.

Belongs here: the contrast of two answers of one judgement (2023/04: "about half that where there were no strengths"
compares `yes` with `none_present`; the model's coefficients compare each with `no`). Not here: the coefficients.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.robustness.published_fits import PublishedFit
from orchestration.methods.statistics.significance import normal_p, normal_quantile
from orchestration.tables.robustness import STRENGTH_CONTRASTS

ANSWERS = ("strengths_built_upon=yes", "strengths_built_upon=none_present")


def strength_contrasts(models: Iterable[PublishedFit], significance_level: float = 0.05) -> pd.DataFrame:
    """results.strength_contrasts: one row a model that has both answers."""
    own = [model for model in models if set(ANSWERS) <= set(model.design.coefficients)]
    return frame_of(STRENGTH_CONTRASTS, (_row(model, normal_quantile(significance_level)) for model in own))


def _row(model: PublishedFit, reach: float) -> Row:
    yes, none = (model.design.coefficients.index(answer) for answer in ANSWERS)
    row: Row = {"model_id": model.specification.model_id, "n": model.design.n}
    why = model.why_not(yes) or model.why_not(none)
    if why:
        return row | {"not_estimable_because": why}
    covariance = model.fit.covariance
    estimate = float(model.fit.estimates[yes] - model.fit.estimates[none])
    error = float(np.sqrt(covariance[yes, yes] + covariance[none, none] - 2 * covariance[yes, none]))
    return row | {
        "estimate": estimate,
        "std_error": error,
        "exp_estimate": float(np.exp(estimate)),
        "ci_low": float(np.exp(estimate - reach * error)),
        "ci_high": float(np.exp(estimate + reach * error)),
        "p": float(normal_p(np.array([estimate / error]))[0]),
    }
