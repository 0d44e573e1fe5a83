"""Does the achieved sample look like the caseload it was drawn from?

Gender, type of disposal and risk of serious harm (2020/03 and 2023/04, Annex A), in each provider and over all of them:
shares side by side, tests, the index of dissimilarity; and the R-indicator over the strata.

Belongs here: results.sample_representativeness and the indicators. Not here: the tests (`sample_tests`), weights
(`design_weights`).
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from orchestration.methods.layouts.typed_rows import table_of
from orchestration.methods.sampling.allocation import LEVELS, MISSING, PROVIDER
from orchestration.methods.sampling.design_weights import EVERY_PROVIDER, all_and_each_provider
from orchestration.methods.sampling.sample_tests import draw_test, fit_test
from orchestration.methods.statistics.group_differences import holm

SAMPLE_REPRESENTATIVENESS = {
    "provider": "str",
    "provider_type": "str",
    "item": "str",
    "category": "str",
    "caseload": "Int64",
    "allocated": "Int64",
    "achieved": "Int64",
    "percent_caseload": "float64",
    "percent_expected": "float64",
    "percent_achieved": "float64",
    "percent_weighted": "float64",
    "dissimilarity": "float64",
    "test": "str",
    "statistic": "float64",
    "df": "float64",
    "p_value": "float64",
    "p_holm": "float64",
    "fit_test": "str",
    "fit_statistic": "float64",
    "fit_p_value": "float64",
}
_COUNTS = ("caseload", "allocated", "achieved")


def sample_representativeness(cells: pd.DataFrame) -> pd.DataFrame:
    """One row a provider (and all of them), characteristic and category; a row `missing` with counts alone.

    `cells`: `design_weights.weigh_cells` with a column `allocated`. Only providers with a caseload and a sample. Shares
    (percent), tests and the index are of known values and the same test stands on each of its rows. `p_holm` adjusts
    (Holm 1979) over the tests of all providers, and apart from those over the three of all cases.
    """
    sizes = cells.groupby(list(PROVIDER))[["caseload", "achieved"]].transform("sum")
    compared = cells[(sizes > 0).all(axis=1)]
    records = [name | row for name, rows in all_and_each_provider(compared) for row in _items(rows)]
    table = table_of(SAMPLE_REPRESENTATIVENESS, records)
    return table.assign(p_holm=_holm_by_scope(table))


def _items(cells: pd.DataFrame) -> Iterator[dict[str, object]]:
    for item in LEVELS:
        counts = cells.groupby(item, sort=False)[list(_COUNTS)].sum()
        known = [level for level in (*LEVELS[item], *counts.index) if level in counts.index and level != MISSING]
        known = list(dict.fromkeys(known))
        shares, facts = _compare(cells[cells[item] != MISSING], item, known)
        for level in known:
            yield {"item": item, "category": level, **counts.loc[level], **shares.loc[level], **facts}
        if MISSING in counts.index:
            yield {"item": item, "category": MISSING, **counts.loc[MISSING], "test": None, "fit_test": None}


def _compare(cells: pd.DataFrame, item: str, levels: list[str]) -> tuple[pd.DataFrame, dict[str, object]]:
    """Shares by level, and what is the same for the item as a whole."""
    tables = [_by_provider(cells, item, levels, column) for column in ("caseload", "achieved")]
    caseload, achieved = (table.to_numpy() for table in tables)
    drawn, fitted = draw_test(caseload, achieved), fit_test(caseload, achieved)
    weighted = (cells["weight"].fillna(0.0) * cells["achieved"]).groupby(cells[item]).sum().reindex(levels)
    shares = pd.DataFrame(
        {
            "percent_caseload": _percent(caseload.sum(axis=0)),
            "percent_expected": _percent(_expected(caseload, achieved.sum(axis=1))),
            "percent_achieved": _percent(achieved.sum(axis=0)),
            "percent_weighted": _percent(weighted.to_numpy()),
        },
        index=levels,
    )
    gap = (shares["percent_achieved"] - shares["percent_expected"]).abs()
    return shares, {
        "dissimilarity": float(gap.sum(min_count=len(gap)) / 2) if len(gap) else np.nan,
        "test": drawn.name or None,
        "statistic": drawn.statistic,
        "df": drawn.df,
        "p_value": drawn.p,
        "fit_test": fitted.name or None,
        "fit_statistic": fitted.statistic,
        "fit_p_value": fitted.p,
    }


def _by_provider(cells: pd.DataFrame, item: str, levels: list[str], column: str) -> pd.DataFrame:
    table = cells.pivot_table(index=list(PROVIDER), columns=item, values=column, aggfunc="sum", fill_value=0)
    return table.reindex(columns=levels, fill_value=0)


def _expected(caseload: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Counts of samples of these sizes that have exactly the shares of their own provider's caseload."""
    sizes = caseload.sum(axis=1)
    fractions = np.divide(totals, sizes, out=np.zeros(len(sizes)), where=sizes > 0)
    return fractions @ caseload


def _percent(counts: np.ndarray) -> np.ndarray:
    total = counts.sum()
    return 100 * counts / total if total > 0 else np.full(len(counts), np.nan)


def _holm_by_scope(table: pd.DataFrame) -> pd.Series:
    once = table["p_value"].where(~table.duplicated([*PROVIDER, "item"]))
    is_all = table["provider"] == EVERY_PROVIDER
    adjusted = pd.Series(np.nan, index=table.index)
    for rows in (is_all, ~is_all):
        adjusted[rows] = holm(once[rows].to_numpy())
    on_every_row = adjusted.groupby([table[name] for name in (*PROVIDER, "item")]).transform("max")
    return on_every_row.where(table["p_value"].notna())


def dissimilarity(population: np.ndarray, sample: np.ndarray) -> float:
    """Duncan and Duncan's (1955) index: the percentage of the sample that would have to move to another stratum."""
    if not population.sum() or not sample.sum():
        return np.nan
    return float(50 * np.abs(sample / sample.sum() - population / population.sum()).sum())


def r_indicator(population: np.ndarray, sample: np.ndarray) -> float:
    """Schouten, Cobben and Bethlehem's (2009) R = 1 - 2 S of the sampling fractions over strata: 1 is even.

    S is the standard deviation (denominator N - 1) over the caseload. NaN without a sample, of fewer than two cases, or
    where a stratum has more sampled cases than the caseload holds.
    """
    n, size = sample.sum(), population.sum()
    if n == 0 or size < 2 or (sample > population).any():
        return np.nan
    kept = population > 0
    fractions = sample[kept] / population[kept]
    spread = np.sqrt((population[kept] * (fractions - n / size) ** 2).sum() / (size - 1))
    return float(1 - 2 * spread)


def r_indicator_of_chance(population: np.ndarray, n: int) -> float:
    """The R-indicator that an unstratified random sample of `n` cases has on average: the benchmark for `r_indicator`.

    From the mean of S squared, n (N - n) (H - 1) / (N (N - 1)^2) for H strata with cases. NaN as `r_indicator`.
    """
    size, strata = int(population.sum()), int((population > 0).sum())
    if n == 0 or size < 2 or n > size:
        return np.nan
    return float(1 - 2 * np.sqrt(n * (size - n) * (strata - 1) / (size * (size - 1) ** 2)))
