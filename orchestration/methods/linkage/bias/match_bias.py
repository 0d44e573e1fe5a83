"""Matched against unmatched cases, characteristic by characteristic and judgement by judgement.

Belongs here: results.match_bias. Not here: the formulas for one item (`group_differences`), match rates
(`match_rates`), and all characteristics at once (`match_models`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.layouts import layout_2023
from orchestration.methods.layouts.frames import declared
from orchestration.methods.layouts.outcomes import MATCHED_COLUMNS, numbers
from orchestration.methods.layouts.specification import INTERVAL_CONTROLS
from orchestration.methods.statistics.group_differences import (
    Effect,
    cohens_d,
    compare_counts,
    cramers_v,
    holm,
    mann_whitney,
    mean_difference,
    multinomial_difference,
    rank_biserial,
    share_difference,
    welch,
)
from orchestration.methods.statistics.significance import NamedTest
from orchestration.tables.match_bias import MATCH_BIAS

MISSING = "missing"
_NEEDS = ("accommodation", "ete", "family", "lifestyle", "alcohol", "drugs", "thinking", "attitudes")


@dataclass(frozen=True)
class BiasItem:
    """An item by which matched and unmatched cases are compared: a column of marts.cases; no `codes`: interval."""

    kind: str
    item: str
    codes: tuple[str, ...] = ()


ITEMS = (
    *(BiasItem("characteristic", item.item, item.codes) for item in layout_2023.CHARACTERISTICS),
    BiasItem("characteristic", "provider_type", ("crc", "nps")),
    *(BiasItem("characteristic", term.name) for term in INTERVAL_CONTROLS),
    *(BiasItem("judgement", item.item, item.codes) for item in layout_2023.ENGAGEMENT + layout_2023.DESISTANCE),
    *(BiasItem("need", f"need_{need}", ("no", "yes")) for need in _NEEDS),
)


@dataclass(frozen=True)
class _Compared:
    """What one test says of an item's rows."""

    difference: float
    test: NamedTest
    effect: Effect


def match_bias(cases: pd.DataFrame, significance_level: float = 0.05) -> pd.DataFrame:
    """Matched and unmatched eligible cases of each source by every item of `ITEMS`.

    `cases` is marts.cases. Categories are percentages of the cases whose item is known, as in results.match_rates;
    a row `missing` follows (percentages of all cases, tested against known). Interval items have a row `mean`
    (Welch's t, Cohen's d) and a row `median` (Mann-Whitney, rank-biserial); their missing cases are those of their
    bands. `p_holm` adjusts over all tests of a source (Holm 1979).
    """
    tables = [_of_source(cases, source, column, significance_level) for source, column in MATCHED_COLUMNS.items()]
    return declared(MATCH_BIAS, pd.concat(tables, ignore_index=True))


def _of_source(cases: pd.DataFrame, source: str, column: str, significance_level: float) -> pd.DataFrame:
    eligible = cases[cases[column].notna()]
    matched = eligible[column].astype(bool).to_numpy()
    rows = [_all_cases(matched)]
    for item in ITEMS:
        compared = _categories if item.codes else _interval
        rows += compared(item, eligible[item.item], matched, significance_level)
    table = pd.DataFrame(rows).assign(source=source)
    return table.assign(p_holm=_holm_by_test(table))


def _holm_by_test(table: pd.DataFrame) -> pd.Series:
    """Adjusted p-values: rows that share a test (the categories of an item) count once."""
    is_repeat = table.duplicated(["item", "test_group"])
    once = table["p_value"].mask(is_repeat).to_numpy(dtype=float)
    adjusted = pd.Series(holm(once), index=table.index)
    return adjusted.groupby([table["item"], table["test_group"]]).transform("first")


def _all_cases(matched: np.ndarray) -> dict[str, object]:
    nothing = _Compared(np.nan, NamedTest(), Effect())
    everyone = np.ones(len(matched), dtype=bool)
    return _share_row(BiasItem("all_cases", "all_cases"), "all", everyone, everyone, matched, nothing)


def _categories(
    item: BiasItem, values: pd.Series, matched: np.ndarray, significance_level: float
) -> Iterator[dict[str, object]]:
    chosen = {code: (values == code).fillna(False).to_numpy(dtype=bool) for code in item.codes}
    known = np.logical_or.reduce(list(chosen.values()))
    compared = _compared(list(chosen.values()), matched, significance_level)
    for code, has_code in chosen.items():
        yield _share_row(item, code, has_code, known, matched, compared)
    yield _missing_row(item, known, matched, significance_level)


def _missing_row(
    item: BiasItem, known: np.ndarray, matched: np.ndarray, significance_level: float
) -> dict[str, object]:
    everyone = np.ones(len(known), dtype=bool)
    return _share_row(item, MISSING, ~known, everyone, matched, _compared([~known, known], matched, significance_level))


def _compared(chosen: list[np.ndarray], matched: np.ndarray, significance_level: float) -> _Compared:
    first = np.array([(has & matched).sum() for has in chosen])
    second = np.array([(has & ~matched).sum() for has in chosen])
    is_told = first.sum() > 0 and second.sum() > 0
    difference = multinomial_difference(first / first.sum(), second / second.sum()) if is_told else np.nan
    test, effect = compare_counts(first, second), cramers_v(first, second, significance_level)
    return _Compared(difference, test, effect)


def _share_row(
    item: BiasItem, category: str, has: np.ndarray, base: np.ndarray, matched: np.ndarray, compared: _Compared
) -> dict[str, object]:
    counts = [int((has & group).sum()) for group in (matched, ~matched)]
    bases = [int((base & group).sum()) for group in (matched, ~matched)]
    shares = [count / of if of else np.nan for count, of in zip(counts, bases, strict=True)]
    return _row(item, category, "percent", counts, [100 * share for share in shares], compared) | {
        "standardised_difference": share_difference(*shares)
    }


def _interval(
    item: BiasItem, values: pd.Series, matched: np.ndarray, significance_level: float
) -> Iterator[dict[str, object]]:
    known = values.notna().to_numpy()
    measured = numbers(values).to_numpy()
    first, second = measured[known & matched], measured[known & ~matched]
    counts = [len(first), len(second)]
    means = [group.mean() if len(group) else np.nan for group in (first, second)]
    spreads = [group.var(ddof=1) if len(group) > 1 else np.nan for group in (first, second)]
    difference = mean_difference(*means, *spreads)
    by_mean = _Compared(abs(difference), welch(first, second), cohens_d(first, second, significance_level))
    yield _row(item, "mean", "mean", counts, means, by_mean) | {"standardised_difference": difference}
    medians = [float(np.median(group)) if len(group) else np.nan for group in (first, second)]
    by_rank = _Compared(np.nan, mann_whitney(first, second), rank_biserial(first, second, significance_level))
    yield _row(item, "median", "median", counts, medians, by_rank)


def _row(
    item: BiasItem, category: str, unit: str, counts: list[int], values: list[float], compared: _Compared
) -> dict[str, object]:
    return {
        "kind": item.kind,
        "item": item.item,
        "category": category,
        "unit": unit,
        "test_group": category if category in (MISSING, "mean", "median") else "categories",
        "n_matched": counts[0],
        "n_unmatched": counts[1],
        "percent_matched_group": values[0],
        "percent_unmatched_group": values[1],
        "standardised_difference": np.nan,
        "item_standardised_difference": compared.difference,
        "test": compared.test.name or None,
        "statistic": compared.test.statistic,
        "df": compared.test.df,
        "p_value": compared.test.p,
        "effect_measure": compared.effect.measure or None,
        "effect_size": compared.effect.size,
        "effect_ci_low": compared.effect.ci_low,
        "effect_ci_high": compared.effect.ci_high,
    }
