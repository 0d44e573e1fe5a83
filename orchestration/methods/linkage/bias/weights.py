"""Inverse-probability-of-linkage weights: what they are, how uneven, and what they balance.

Belongs here: results.linkage_weights and results.linkage_balance. Not here: the model behind the weights
(`match_models`), and what they do to the published numbers (`weighted_refits`).

A matched case stands for the eligible cases like it: its weight is one over its probability of being matched,
times the share matched (stabilised, so that weights are about 1 and a weighted count reads as matched cases).
The share is one number a source, so no percentage, mean, ratio or error depends on it. Weights beyond two
percentiles are set to them (Cole and Hernan 2008): a little bias for much less variance; both are reported.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.layouts.outcomes import numbers
from orchestration.methods.layouts.typed_rows import table_of
from orchestration.methods.linkage.bias.match_bias import ITEMS, MISSING, BiasItem
from orchestration.methods.linkage.bias.match_models import MatchModel
from orchestration.methods.statistics.group_differences import mean_difference, multinomial_difference, share_difference
from orchestration.methods.statistics.maximum_likelihood import Vector

LINKAGE_WEIGHTS = {
    "source": "str",
    "version": "str",
    "is_used": "bool",
    "low_percentile": "float64",
    "high_percentile": "float64",
    "n_eligible": "Int64",
    "n": "Int64",
    "min": "float64",
    "median": "float64",
    "mean": "float64",
    "max": "float64",
    "cv": "float64",
    "effective_n": "float64",
    "effective_percent": "float64",
    "n_raised": "Int64",
    "n_lowered": "Int64",
    "truncated": "float64",
    "smallest_probability": "float64",
    "n_never_matched": "Int64",
}
LINKAGE_BALANCE = {
    "source": "str",
    "kind": "str",
    "item": "str",
    "category": "str",
    "unit": "str",
    "value_eligible": "float64",
    "value_matched": "float64",
    "value_weighted": "float64",
    "difference_matched": "float64",
    "difference_weighted": "float64",
    "item_difference_matched": "float64",
    "item_difference_weighted": "float64",
}


@dataclass(frozen=True)
class Truncation:
    """The percentiles of a source's weights beyond which a weight is set to them; 0 and 100 leave all."""

    low: float = 1.0
    high: float = 99.0


@dataclass(frozen=True)
class LinkageWeights:
    """A source's matched cases (index labels) with their weights. 1 throughout where there is no model.

    `n_never_matched` eligible cases are of a kind that is never matched: no weight can stand for them.
    """

    source: str
    truncation: Truncation
    untruncated: pd.Series
    truncated: pd.Series
    n_eligible: int
    n_never_matched: int
    smallest_probability: float


def linkage_weights(model: MatchModel, truncation: Truncation | None = None) -> LinkageWeights:
    """The weights of a source's matched cases from its model of being matched.

    A case the model predicts perfectly has probability 1 and so the smallest weight: separation cannot make a
    weight large. Percentiles interpolate linearly. Raises ValueError where they are not 0 <= low < high <= 100.
    """
    truncation = truncation or Truncation()
    if not 0 <= truncation.low < truncation.high <= 100:
        raise ValueError(f"weights cannot be truncated at percentiles {truncation.low} and {truncation.high}")
    matched, probabilities = model.matched, model.fit.fitted
    share = float(matched.sum()) / max(len(matched), 1)
    chosen = probabilities[matched] if model.fit.converged else np.full(int(matched.sum()), share)
    weights = share / chosen
    limits = np.percentile(weights, [truncation.low, truncation.high]) if len(weights) else [0.0, 0.0]
    labels = model.design.cases[matched]
    is_told = model.fit.converged
    return LinkageWeights(
        source=model.source,
        truncation=truncation,
        untruncated=pd.Series(weights, index=labels),
        truncated=pd.Series(np.clip(weights, *limits), index=labels),
        n_eligible=model.design.n,
        n_never_matched=int((~model.fit.estimability.rows & ~matched).sum()) if is_told else 0,
        smallest_probability=float(chosen.min()) if is_told and len(chosen) else np.nan,
    )


def effective_n(weights: Vector) -> float:
    """Kish's (1965) effective sample size: how many unweighted cases would be as precise; NaN without a case."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else np.nan


def weight_summary(weights: Iterable[LinkageWeights]) -> pd.DataFrame:
    """results.linkage_weights: a row untruncated and a row truncated (the one used) for each source."""
    rows = [row for source in weights for row in _summary_rows(source)]
    return table_of(LINKAGE_WEIGHTS, rows)


def _summary_rows(weights: LinkageWeights) -> Iterator[dict[str, object]]:
    whole = weights.untruncated.to_numpy()
    for version, series in (("untruncated", weights.untruncated), ("truncated", weights.truncated)):
        values, is_used = series.to_numpy(), version == "truncated"
        n, mean = len(values), values.mean() if len(values) else np.nan
        yield {
            "source": weights.source,
            "version": version,
            "is_used": is_used,
            "low_percentile": weights.truncation.low if is_used else np.nan,
            "high_percentile": weights.truncation.high if is_used else np.nan,
            "n_eligible": weights.n_eligible,
            "n": n,
            "min": values.min(initial=np.inf) if n else np.nan,
            "median": np.median(values) if n else np.nan,
            "mean": mean,
            "max": values.max(initial=0.0) if n else np.nan,
            "cv": values.std() / mean if n else np.nan,
            "effective_n": effective_n(values),
            "effective_percent": 100 * effective_n(values) / n if n else np.nan,
            "n_raised": int((values > whole).sum()),
            "n_lowered": int((values < whole).sum()),
            "truncated": 100 * float((values != whole).mean()) if n else np.nan,
            "smallest_probability": weights.smallest_probability,
            "n_never_matched": weights.n_never_matched,
        }


def balance(cases: pd.DataFrame, weights: Iterable[LinkageWeights], columns: dict[str, str]) -> pd.DataFrame:
    """results.linkage_balance: all eligible cases beside the matched, unweighted and weighted (truncated).

    `columns`: source -> the column of `cases` (marts.cases) that says whether a case is matched. Percentages
    are of all cases, missing being a category; differences are standardised (Austin 2009; Yang and Dalton 2012
    for the item), matched minus eligible.
    """
    rows = [
        {"source": source.source, **row}
        for source in weights
        for item in ITEMS
        for row in _balance_rows(item, cases[cases[columns[source.source]].notna()][item.item], source.truncated)
    ]
    return table_of(LINKAGE_BALANCE, rows)


def _balance_rows(item: BiasItem, eligible: pd.Series, weights: pd.Series) -> Iterator[dict[str, object]]:
    matched, used = eligible.loc[weights.index], weights.to_numpy()
    ones = np.ones(len(used))
    groups = ((eligible, np.ones(len(eligible))), (matched, ones), (matched, used))
    if not item.codes:
        yield _mean_row(item, [_moments(values, group) for values, group in groups])
        return
    everyone, unweighted, weighted = (_shares(values, item.codes, group) for values, group in groups)
    by_item = [multinomial_difference(shares, everyone) for shares in (unweighted, weighted)]
    for place, code in enumerate((*item.codes, MISSING)):
        values = [shares[place] for shares in (everyone, unweighted, weighted)]
        differences = [share_difference(value, values[0]) for value in values[1:]]
        yield _balance_row(item, code, "percent", [100 * value for value in values], differences, by_item)


def _mean_row(item: BiasItem, moments: list[tuple[float, float]]) -> dict[str, object]:
    (mean, variance), *others = moments
    differences = [mean_difference(other, mean, spread, variance) for other, spread in others]
    return _balance_row(item, "mean", "mean", [m for m, _ in moments], differences, [abs(d) for d in differences])


def _shares(values: pd.Series, codes: tuple[str, ...], weights: Vector) -> Vector:
    known = [float(weights[(values == code).fillna(False).to_numpy(dtype=bool)].sum()) for code in codes]
    total = float(weights.sum())
    return np.array([*known, max(total - sum(known), 0.0)]) / (total or np.nan)


def _moments(values: pd.Series, weights: Vector) -> tuple[float, float]:
    """Weighted mean and variance of the known values (population formula)."""
    known = values.notna().to_numpy()
    measured, used = numbers(values).to_numpy()[known], weights[known]
    if not used.sum():
        return np.nan, np.nan
    mean = float(np.average(measured, weights=used))
    return mean, float(np.average((measured - mean) ** 2, weights=used))


def _balance_row(
    item: BiasItem, category: str, unit: str, values: list[float], differences: list[float], by_item: list[float]
) -> dict[str, object]:
    return {
        "kind": item.kind,
        "item": item.item,
        "category": category,
        "unit": unit,
        "value_eligible": values[0],
        "value_matched": values[1],
        "value_weighted": values[2],
        # differences of nearly equal shares: beyond nine decimals they are the rounding of the machine
        "difference_matched": np.round(differences[0], 9),
        "difference_weighted": np.round(differences[1], 9),
        "item_difference_matched": np.round(by_item[0], 9),
        "item_difference_weighted": np.round(by_item[1], 9),
    }
