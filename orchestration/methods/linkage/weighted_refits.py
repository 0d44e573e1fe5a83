"""Annex B and the six published models with linkage weights, beside the published ones.

Belongs here: results.annex_b_weighted, results.model_coefficients_weighted and results.model_terms_weighted.
Not here: weights (`linkage_weights`), weighted likelihoods (`pseudo_likelihood`).

The published errors are model-based, the weighted ones robust. So that the two causes of a change can be told
apart, each row also has the unweighted model's robust error or p-value.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods import layout
from orchestration.methods.design_matrix import Design, build_design
from orchestration.methods.estimability import Estimability, assess
from orchestration.methods.fitting import Fit
from orchestration.methods.linkage.linkage_weights import LinkageWeights, effective_n
from orchestration.methods.negative_binomial import NO_OVERDISPERSION
from orchestration.methods.outcomes import OUTCOME, cases_with_outcome
from orchestration.methods.pseudo_likelihood import WEIGHTED, fit_weighted
from orchestration.methods.significance import normal_p, normal_quantile, wald
from orchestration.methods.specification import BULLETIN_MODELS, BulletinModel, model_id

Row = dict[str, object]

SOURCE_OF_OUTCOME = {
    "termination_positive": "terminations",
    "reoffended": "reoffending",
    "reoffences": "reoffending",
}
ANNEX_B_WEIGHTED = {
    "table_id": "str",
    "item": "str",
    "category": "str",
    "outcome": "str",
    "n": "Int64",
    "effective_n": "float64",
    "value": "float64",
    "value_weighted": "float64",
    "difference": "float64",
    "p_value": "float64",
    "p_value_weighted": "float64",
    "significant": "boolean",
    "significant_weighted": "boolean",
}
MODEL_COEFFICIENTS_WEIGHTED = {
    "model_id": "str",
    "coefficient": "str",
    "term": "str",
    "level": "str",
    "block": "str",
    "family": "str",
    "n": "Int64",
    "estimate": "float64",
    "std_error": "float64",
    "z": "float64",
    "p": "float64",
    "exp_estimate": "float64",
    "ci_low": "float64",
    "ci_high": "float64",
    "published_exp_estimate": "float64",
    "published_ci_low": "float64",
    "published_ci_high": "float64",
    "change_percent": "float64",
    "published_std_error": "float64",
    "unweighted_robust_std_error": "float64",
    "exp_estimate_untruncated": "float64",
    "estimable": "bool",
}
MODEL_TERMS_WEIGHTED = {
    "model_id": "str",
    "term": "str",
    "block": "str",
    "df": "Int64",
    "wald_chi2": "float64",
    "wald_p": "float64",
    "published_wald_p": "float64",
    "unweighted_robust_wald_p": "float64",
    "significant": "boolean",
    "published_significant": "boolean",
    "unweighted_robust_significant": "boolean",
    "changes": "boolean",
    "estimable": "bool",
}


@dataclass(frozen=True)
class WeightedModel:
    """A published model fitted with truncated weights, with untruncated ones, and with none but robust errors."""

    specification: BulletinModel
    design: Design
    fit: Fit
    untruncated: Fit
    unweighted: Fit


def fit_weighted_models(cases: pd.DataFrame, weights: Iterable[LinkageWeights]) -> tuple[WeightedModel, ...]:
    """Fit the six models with weights, on the complete cases of the published ones.

    `cases` is marts.cases with the index the weights were made from. A count model without over-dispersion is
    Poisson, as published.
    """
    by_source = {source.source: source for source in weights}
    return tuple(_fit_model(cases, model, by_source[SOURCE_OF_OUTCOME[model.outcome]]) for model in BULLETIN_MODELS)


def _fit_model(cases: pd.DataFrame, specification: BulletinModel, weights: LinkageWeights) -> WeightedModel:
    design = build_design(cases, specification.outcome, specification.terms)
    family = "negative_binomial" if specification.outcome == "reoffences" else "logistic"
    found = assess(design.matrix, design.outcome, WEIGHTED[family].floor)
    versions = [series.loc[design.cases].to_numpy() for series in (weights.truncated, weights.untruncated)]
    fits = [_fit_version(family, design, version, found) for version in (*versions, np.ones(design.n))]
    return WeightedModel(specification, design, *fits)


def _fit_version(family: str, design: Design, weights: np.ndarray, found: Estimability) -> Fit:
    fit = fit_weighted(family, design.matrix, design.outcome, weights, found)
    if fit.failure != NO_OVERDISPERSION:
        return fit
    return fit_weighted("poisson", design.matrix, design.outcome, weights, found)


def weighted_coefficients(
    models: Iterable[WeightedModel], published: pd.DataFrame, significance_level: float = 0.05
) -> pd.DataFrame:
    """results.model_coefficients_weighted; `published` is results.model_coefficients."""
    known = published.set_index(["model_id", "coefficient"])
    rows = [row for model in models for row in _coefficient_rows(model, known, normal_quantile(significance_level))]
    columns = MODEL_COEFFICIENTS_WEIGHTED
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _coefficient_rows(model: WeightedModel, published: pd.DataFrame, reach: float) -> Iterator[Row]:
    fit, specification = model.fit, model.specification
    blocks = {term.name: specification.block_of(term) for term in specification.terms}
    errors = np.sqrt(np.diag(fit.covariance))
    robust = np.sqrt(np.diag(model.unweighted.covariance))
    for place, name in enumerate(model.design.coefficients):
        term, _, level = name.partition("=")
        estimate, error = fit.estimates[place], errors[place]
        before = published.loc[(specification.model_id, name)]
        yield {
            "model_id": specification.model_id,
            "coefficient": name,
            "term": term,
            "level": level or None,
            "block": blocks.get(term),
            "family": fit.family,
            "n": model.design.n,
            "estimate": estimate,
            "std_error": error,
            "z": estimate / error,
            "p": float(normal_p(estimate / error)),
            "exp_estimate": np.exp(estimate),
            "ci_low": np.exp(estimate - reach * error),
            "ci_high": np.exp(estimate + reach * error),
            "published_exp_estimate": before["exp_estimate"],
            "published_ci_low": before["ci_low"],
            "published_ci_high": before["ci_high"],
            "change_percent": 100 * (np.exp(estimate) / before["exp_estimate"] - 1),
            "published_std_error": before["std_error"],
            "unweighted_robust_std_error": robust[place],
            "exp_estimate_untruncated": np.exp(model.untruncated.estimates[place]),
            "estimable": bool(np.isfinite(estimate)),
        }


def weighted_terms(
    models: Iterable[WeightedModel], published: pd.DataFrame, significance_level: float = 0.05
) -> pd.DataFrame:
    """results.model_terms_weighted; `published` is results.model_terms. `changes`: significance is not as published."""
    known = published.set_index(["model_id", "term"])["wald_p"]
    rows = [row for model in models for row in _term_rows(model, known, significance_level)]
    return pd.DataFrame(rows, columns=list(MODEL_TERMS_WEIGHTED)).astype(MODEL_TERMS_WEIGHTED)


def _term_rows(model: WeightedModel, published: pd.Series, significance_level: float) -> Iterator[Row]:
    for term in model.specification.terms:
        columns = model.design.columns(term)
        test, robust = wald(model.fit, columns), wald(model.unweighted, columns)
        before = float(published.loc[(model.specification.model_id, term.name)])
        verdicts = [_significant(p, significance_level) for p in (test.p, before, robust.p)]
        is_told = None not in verdicts[:2]
        yield {
            "model_id": model.specification.model_id,
            "term": term.name,
            "block": model.specification.block_of(term),
            "df": test.df,
            "wald_chi2": test.chi2,
            "wald_p": test.p,
            "published_wald_p": before,
            "unweighted_robust_wald_p": robust.p,
            "significant": verdicts[0],
            "published_significant": verdicts[1],
            "unweighted_robust_significant": verdicts[2],
            "changes": verdicts[0] != verdicts[1] if is_told else None,
            "estimable": bool(np.isfinite(test.p)),
        }


def _significant(p: float, significance_level: float) -> bool | None:
    return bool(p < significance_level) if np.isfinite(p) else None


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
    p_values = terms.set_index(["model_id", "term"])["wald_p"].to_dict()
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
        significant_weighted=pd.array([_significant(p, significance_level) for p in tested], dtype="boolean"),
    )
    return table[list(ANNEX_B_WEIGHTED)].astype(ANNEX_B_WEIGHTED)


def _tested_in(item: str, outcome: str) -> tuple[str, str]:
    """The model and the term an item's significance comes from."""
    described = layout.ITEM_BY_CODE[item]
    return model_id(outcome, described.judgements), described.term


def _cells(cases: pd.DataFrame, weights: LinkageWeights) -> Iterator[tuple[tuple[str, str, str], tuple[float, float]]]:
    """((item, category, outcome), (effective n, weighted value)) of a source's outcomes."""
    for outcome in layout.OUTCOMES:
        if SOURCE_OF_OUTCOME[outcome.code] != weights.source:
            continue
        base = cases_with_outcome(cases, outcome.code)
        values, used = base[OUTCOME].to_numpy(dtype=float), weights.truncated.loc[base.index].to_numpy()
        scale = 100 if outcome.unit == "percent" else 1
        for item in layout.ANNEX_B:
            for code in item.codes:
                is_all = item is layout.ALL_CASES
                has = np.ones(len(base), bool) if is_all else (base[item.item] == code).fillna(False).to_numpy(bool)
                total = used[has].sum()
                value = scale * (used[has] @ values[has]) / total if total else np.nan
                yield (item.item, code, outcome.code), (effective_n(used[has]), float(value))
