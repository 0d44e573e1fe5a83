"""What the design weights do to the judgements the bulletins lead with.

Belongs here: results.weighted_judgements. Not here: the weights (`design_weights`).
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import frame_of
from orchestration.methods.layouts.layout_2020 import MEASURES, Measure
from orchestration.methods.layouts.measures import cases_with_measure
from orchestration.methods.layouts.outcomes import OUTCOME
from orchestration.methods.sampling.allocation import PROVIDER
from orchestration.methods.sampling.design_weights import EVERY_PROVIDER, evenness
from orchestration.methods.statistics.significance import normal_quantile
from orchestration.tables.sample_design import WEIGHTED_JUDGEMENTS

KEY_QUESTIONS = (
    Measure("B2", "engagement", "Is the individual meaningfully involved and engaged?"),
    Measure("B3", "desistance", "Does the delivery of services effectively support the individual's desistance?"),
)
JUDGEMENTS = (*KEY_QUESTIONS, *(measure for measure in MEASURES if measure.table_id in ("C3", "C4")))


def weighted_judgements(cases: pd.DataFrame, cells: pd.DataFrame, significance_level: float = 0.05) -> pd.DataFrame:
    """One row a judgement and provider type, `all` first: percent sufficient, unweighted and weighted.

    `cases`: marts.cases with weight_group and weight (`design_weights.weigh_cases`); only those with a weight count, on
    both sides. `cells`: `design_weights.weigh_cells`. Answers other than yes and no leave the base, as in Annex C.
    `std_error` and the interval are of a stratified sample without replacement, linearised (see `ratio_variance`).
    """
    sizes = _group_sizes(cells)
    weighed = cases[cases["weight"].notna()]
    records = [
        {"judgement": measure.code, "provider_type": scope} | _row(measure, rows, sizes, significance_level)
        for measure in JUDGEMENTS
        for scope, rows in _scopes(weighed)
    ]
    return frame_of(WEIGHTED_JUDGEMENTS, records)


def _scopes(cases: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    if len(cases):
        yield EVERY_PROVIDER, cases
    for provider_type, rows in cases.groupby("provider_type"):
        yield str(provider_type), rows


def _group_sizes(cells: pd.DataFrame) -> pd.Series:
    """Caseload by provider and weight group."""
    return cells[cells["weight_group"].notna()].groupby([*PROVIDER, "weight_group"])["caseload"].sum()


def _row(measure: Measure, cases: pd.DataFrame, sizes: pd.Series, significance_level: float) -> dict[str, object]:
    answered = cases_with_measure(cases, measure)
    outcome = answered[OUTCOME].reindex(cases.index).to_numpy()
    weight = cases["weight"].to_numpy()
    is_answered = ~np.isnan(outcome)
    n, represented = int(is_answered.sum()), float(weight[is_answered].sum())
    if n == 0:
        return {"n": 0, "cases_represented": 0.0}
    unweighted = float(outcome[is_answered].mean())
    share = float((weight * np.nan_to_num(outcome)).sum() / represented)
    groups = pd.MultiIndex.from_frame(cases[[*PROVIDER, "weight_group"]])
    variance = ratio_variance(outcome, weight, groups.factorize()[0], sizes.reindex(groups).to_numpy("float64"))
    reach = normal_quantile(significance_level) * np.sqrt(variance)
    plain = (1 - n / represented) * share * (1 - share) / (n - 1) if n > 1 else np.nan
    return {
        "n": n,
        "cases_represented": represented,
        "unweighted": 100 * unweighted,
        "weighted": 100 * share,
        "difference": 100 * (share - unweighted),
        "std_error": 100 * np.sqrt(variance),
        "ci_low": 100 * max(share - reach, 0.0),
        "ci_high": 100 * min(share + reach, 1.0),
        "kish_design_effect": evenness(weight[is_answered]).design_effect,
        "design_effect": variance / plain if plain > 0 else np.nan,
    }


def ratio_variance(outcome: np.ndarray, weight: np.ndarray, group: np.ndarray, group_size: np.ndarray) -> float:
    """The variance of a weighted share of the answered cases in a stratified sample without replacement.

    One value a sampled case: `outcome` (1, 0, NaN where not asked), `weight`, `group` (stratum) and `group_size` (cases
    of the caseload in it). Taylor linearisation: z = w (y - R) / sum of w over the answered, 0 for the others; the sum
    over groups of (1 - n/N) n/(n - 1) sum of (z - mean z)^2 (Sarndal, Swensson and Wretman 1992, section 5.6). A
    group with one case is centred at the mean of all, so that it does not count as certain.
    """
    is_answered = ~np.isnan(outcome)
    total = weight[is_answered].sum()
    share = (weight[is_answered] * outcome[is_answered]).sum() / total
    score = np.where(is_answered, weight * (np.nan_to_num(outcome) - share) / total, 0.0)
    variance = 0.0
    for code in np.unique(group):
        rows = group == code
        n, size = int(rows.sum()), float(group_size[rows][0])
        centre = score[rows].mean() if n > 1 else score.mean()
        spread = float(((score[rows] - centre) ** 2).sum()) * (n / (n - 1) if n > 1 else 1.0)
        variance += max(1 - n / size, 0.0) * spread
    return float(variance)
