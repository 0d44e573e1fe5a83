"""Design weights: how many cases of its provider's caseload an inspected case stands for.

Within a provider a case of stratum h weighs N_h / n_h, so that the weights of a provider add up to its caseload. A
stratum without an inspected case, or without one in the caseload, cannot be weighted alone and joins another of the
same provider: the nearest that has both, by the fewest changes of gender first, then of type of disposal, then by the
steps between levels of risk of serious harm (a missing level is further from each than any two known ones are). Of
equally near ones the larger caseload is taken, then the earlier stratum. Where none has both, the provider is one
group.

Belongs here: groups of strata, weights, how uneven they are. Not here: what they do to a finding
(`weighted_judgements`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.layouts.typed_rows import table_of
from orchestration.methods.sampling.allocation import CELL, LEVELS, MISSING, PROVIDER, with_strata

EVERY_PROVIDER = "all"
DESIGN_WEIGHTS = {
    "provider": "str",
    "provider_type": "str",
    "caseload": "Int64",
    "n": "Int64",
    "weight_groups": "Int64",
    "strata_joined": "Int64",
    "min": "float64",
    "median": "float64",
    "mean": "float64",
    "max": "float64",
    "total": "float64",
    "design_effect": "float64",
    "effective_n": "float64",
}
_FAR = 9  # steps from a missing level of risk to any other; known ones are at most three apart


@dataclass(frozen=True)
class Evenness:
    """Kish's (1965) measure of a set of weights: `design_effect` 1 + cv^2, and the sample it is worth."""

    design_effect: float
    effective_n: float


def evenness(weights: np.ndarray) -> Evenness:
    """n times the sum of squares over the squared sum, and n over that; NaN without a weight."""
    if not len(weights):
        return Evenness(np.nan, np.nan)
    effect = len(weights) * float(np.square(weights).sum()) / float(weights.sum()) ** 2
    return Evenness(effect, len(weights) / effect)


def weigh_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """`cells` (see `allocation.count_cells`) with weight_group (Int64, from 1 in each provider) and weight.

    Both are missing where a provider has no caseload, no inspected case, or more inspected than its caseload; the
    weight also in a stratum without an inspected case.
    """
    parts = [_weigh_provider(rows) for _, rows in cells.groupby(list(PROVIDER), sort=False)]
    if not parts:
        return cells.assign(weight_group=pd.array([], dtype="Int64"), weight=np.array([], dtype="float64"))
    return pd.concat(parts)


def _weigh_provider(rows: pd.DataFrame) -> pd.DataFrame:
    population, sample = rows["caseload"].to_numpy(), rows["achieved"].to_numpy()
    if not 0 < sample.sum() <= population.sum():
        return rows.assign(weight_group=pd.array([pd.NA] * len(rows), dtype="Int64"), weight=np.nan)
    groups = _groups(rows, population, sample)
    totals = pd.DataFrame({"population": population, "sample": sample}).groupby(groups).transform("sum")
    weight = (totals["population"] / totals["sample"]).where(sample > 0)
    numbered = pd.factorize(groups)[0] + 1
    return rows.assign(weight_group=pd.array(numbered, dtype="Int64"), weight=weight.to_numpy())


def _groups(rows: pd.DataFrame, population: np.ndarray, sample: np.ndarray) -> np.ndarray:
    """For each stratum the position of the one it is weighted with: itself, or the nearest that has both."""
    complete = np.flatnonzero((population > 0) & (sample > 0))
    if not len(complete):
        return np.zeros(len(rows), dtype="int64")
    strata = list(rows[list(LEVELS)].itertuples(index=False, name=None))
    return np.array(
        [
            i if i in complete else min(complete, key=lambda j: (*_distance(strata[i], strata[j]), -population[j], j))
            for i in range(len(rows))
        ]
    )


def _distance(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[int, int, int]:
    gender, case_type, rosh = zip(one, other, strict=True)
    levels = LEVELS["rosh_level"]
    if rosh[0] == rosh[1]:
        steps = 0
    elif MISSING in rosh or not set(rosh) <= set(levels):
        steps = _FAR
    else:
        steps = abs(levels.index(rosh[0]) - levels.index(rosh[1]))
    return int(gender[0] != gender[1]), int(case_type[0] != case_type[1]), steps


def weigh_cases(cases: pd.DataFrame, weighted_cells: pd.DataFrame) -> pd.DataFrame:
    """`cases` (CELL among the columns), in their order and index, with weight_group and weight of their cell."""
    columns = [*CELL, "weight_group", "weight"]
    found = with_strata(cases)[list(CELL)].merge(weighted_cells[columns], on=list(CELL), how="left", validate="m:1")
    return cases.assign(weight_group=found["weight_group"].to_numpy(), weight=found["weight"].to_numpy())


def design_weights(weighted_cells: pd.DataFrame) -> pd.DataFrame:
    """results.design_weights: one row a provider with weights, after one for all of them together.

    `total`: the sum of the weights, which is the caseload. `strata_joined`: strata weighted with another.
    """
    cells = weighted_cells[weighted_cells["weight_group"].notna()]
    records = [name | _summary(rows) for name, rows in all_and_each_provider(cells)]
    return table_of(DESIGN_WEIGHTS, records)


def all_and_each_provider(cells: pd.DataFrame) -> Iterator[tuple[dict[str, object], pd.DataFrame]]:
    """All rows under the name `all`, then each provider's, with the columns that name them; nothing of no rows."""
    if len(cells):
        yield dict.fromkeys(PROVIDER, EVERY_PROVIDER), cells
    for name, rows in cells.groupby(list(PROVIDER), sort=False):
        yield dict(zip(PROVIDER, name, strict=True)), rows


def _summary(cells: pd.DataFrame) -> dict[str, object]:
    weights = np.repeat(cells["weight"].to_numpy(), cells["achieved"].to_numpy())
    n_groups = len(cells[[*PROVIDER, "weight_group"]].drop_duplicates())
    even = evenness(weights)
    return {
        "caseload": int(cells["caseload"].sum()),
        "n": len(weights),
        "weight_groups": n_groups,
        "strata_joined": len(cells) - n_groups,
        "min": weights.min(),
        "median": float(np.median(weights)),
        "mean": weights.mean(),
        "max": weights.max(),
        "total": weights.sum(),
        "design_effect": even.design_effect,
        "effective_n": even.effective_n,
    }
