"""How strong something unmeasured would have to be to explain a finding away: E-values.

Belongs here: the E-value of a ratio and of its interval. Not here: the ratios.

VanderWeele and Ding (2017): a confounder that is related to the judgement and to the outcome by risk ratios of E each,
beyond what is controlled for, could explain the estimate away; a weaker one could not. An odds ratio of a common
outcome is brought to a risk ratio by its square root (VanderWeele 2017); the rate ratio of a count stands for itself.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.robustness.published_fits import NO_ESTIMATE, PublishedFit
from orchestration.methods.statistics.significance import normal_quantile
from orchestration.tables.robustness import E_VALUES


def e_value(risk_ratio: float) -> float:
    """The E-value of a risk ratio, whichever way it points; 1 where it is 1."""
    ratio = max(risk_ratio, 1 / risk_ratio)
    return float(ratio + np.sqrt(ratio * (ratio - 1)))


def e_values(models: Iterable[PublishedFit], significance_level: float = 0.05) -> pd.DataFrame:
    """results.e_values: one row a published model and coefficient of a judgement."""
    return frame_of(E_VALUES, (row for model in models for row in _rows(model, normal_quantile(significance_level))))


def _rows(model: PublishedFit, reach: float) -> Iterator[Row]:
    for term, level, column in model.judgements():
        row: Row = {"model_id": model.specification.model_id, "coefficient": f"{term.name}={level}"}
        row["n"] = model.design.n
        estimate = float(model.fit.estimates[column])
        if not np.isfinite(estimate):
            yield row | {"not_estimable_because": model.fit.failure or NO_ESTIMATE}
            continue
        scale = 1.0 if model.is_count else 0.5
        error = float(np.sqrt(model.fit.covariance[column, column]))
        nearer = max(abs(estimate) - reach * error, 0.0)
        yield row | {
            "risk_ratio": float(np.exp(scale * estimate)),
            "e_value": e_value(float(np.exp(scale * estimate))),
            "e_value_bound": e_value(float(np.exp(scale * nearer))),
        }
