"""How well a score tells two groups apart: the area under the ROC curve.

Belongs here: the area, its standard error, the ranks behind both. Not here: the scores.
"""

from dataclasses import dataclass

import numpy as np

from orchestration.methods.statistics.maximum_likelihood import Vector
from orchestration.methods.statistics.significance import normal_quantile


@dataclass(frozen=True)
class RocArea:
    """The chance that one of the group scores above one of the others, a tie counting half, with its interval."""

    area: float
    std_error: float
    ci_low: float
    ci_high: float


def roc_area(scores: Vector, is_in_group: np.ndarray, significance_level: float = 0.05) -> RocArea:
    """The c-statistic (AUC, Mann-Whitney's U over its largest value) with DeLong's standard error (1988).

    `scores` and `is_in_group` (booleans) are one a case. The interval is normal, cut at 0 and 1. NaN throughout
    where a group is empty or a score missing; without an error where a group has one case.
    """
    inside, outside = scores[is_in_group], scores[~is_in_group]
    m, n = len(inside), len(outside)
    if not (m and n and np.isfinite(scores).all()):
        return RocArea(np.nan, np.nan, np.nan, np.nan)
    everyone = _midranks(np.concatenate([inside, outside]))
    # The share of the others below each of the group, and of the group above each of the others.
    below = (everyone[:m] - _midranks(inside)) / n
    above = 1 - (everyone[m:] - _midranks(outside)) / m
    area = float(below.mean())
    if min(m, n) < 2:
        return RocArea(area, np.nan, np.nan, np.nan)
    error = float(np.sqrt(below.var(ddof=1) / m + above.var(ddof=1) / n))
    reach = normal_quantile(significance_level) * error
    return RocArea(area, error, max(area - reach, 0.0), min(area + reach, 1.0))


def _midranks(values: Vector) -> Vector:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values), dtype=np.float64)
