"""Annex B with linkage weights, beside the published cells.

Belongs here: results.annex_b_weighted. Not here: the published cells (`bulletin_2023_04/annex_b`), models
(`weighted_refits`)."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from orchestration.methods.layouts import layout_2023
from orchestration.methods.layouts.frames import declared
from orchestration.methods.layouts.outcomes import OUTCOME, cases_with_outcome
from orchestration.methods.layouts.specification import model_id
from orchestration.methods.linkage.bias.weighted_refits import SOURCE_OF_OUTCOME, significance
from orchestration.methods.linkage.bias.weights import LinkageWeights, effective_n
from orchestration.tables.linkage_bias import ANNEX_B_WEIGHTED


def annex_b_weighted(
    cases: pd.DataFrame,
    weights: Iterable[LinkageWeights],
    annex: pd.DataFrame,
    terms: pd.DataFrame,
    significance_level: float = 0.05,
) -> pd.DataFrame:
    """results.annex_b_weighted: every cell of `annex` (results.annex_b) with its weighted percentage or mean.

    A cell's base is that of the published one; `terms` (results.model_terms_weighted) gives the weighted
    p-value, from the model that the tables' notes name.
    """
    cells = {key: cell for source in weights for key, cell in _cells(cases, source)}
    p_values = dict(zip(zip(terms["model_id"], terms["term"], strict=True), terms["wald_p"], strict=True))
    found = [
        cells.get(key, (np.nan, np.nan)) for key in zip(annex["item"], annex["category"], annex["outcome"], strict=True)
    ]
    tested = [
        np.nan if pd.isna(published) else p_values.get(_tested_in(item, outcome), np.nan)
        for item, outcome, published in zip(annex["item"], annex["outcome"], annex["p_value"], strict=True)
    ]
    value = np.array([weighted for _, weighted in found])
    table = annex.assign(
        effective_n=[effective for effective, _ in found],
        value_weighted=value,
        difference=value - annex["value"].to_numpy(dtype=float),
        p_value_weighted=tested,
        significant_weighted=pd.array([significance(p, significance_level) for p in tested], dtype="boolean"),
    )
    return declared(ANNEX_B_WEIGHTED, table)


def _tested_in(item: str, outcome: str) -> tuple[str, str]:
    """The model and the term an item's significance comes from."""
    described = layout_2023.ITEM_BY_CODE[item]
    return model_id(outcome, described.judgements), described.term


def _cells(cases: pd.DataFrame, weights: LinkageWeights) -> Iterator[tuple[tuple[str, str, str], tuple[float, float]]]:
    """((item, category, outcome), (effective n, weighted value)) of a source's outcomes."""
    for outcome in layout_2023.OUTCOMES:
        if SOURCE_OF_OUTCOME[outcome.code] != weights.source:
            continue
        base = cases_with_outcome(cases, outcome.code)
        values, used = base[OUTCOME].to_numpy(dtype=float), weights.truncated.loc[base.index].to_numpy()
        scale = 100 if outcome.unit == "percent" else 1
        for item in layout_2023.ANNEX_B:
            for code in item.codes:
                is_all = item is layout_2023.ALL_CASES
                has = np.ones(len(base), bool) if is_all else (base[item.item] == code).fillna(False).to_numpy(bool)
                total = used[has].sum()
                value = scale * (used[has] @ values[has]) / total if total else np.nan
                yield (item.item, code, outcome.code), (effective_n(used[has]), float(value))
