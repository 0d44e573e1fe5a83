"""The six published models with linkage weights, beside the published ones.

Belongs here: results.model_coefficients_weighted and results.model_terms_weighted. Not here: Annex B
(`weighted_annex`), weights (`weights`), weighted likelihoods (`pseudo_likelihood`).

The published errors are model-based, the weighted ones robust. So that the two causes of a change can be told
apart, each row also has the unweighted model's robust error or p-value.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.layouts.specification import BULLETIN_MODELS, BulletinModel
from orchestration.methods.linkage.bias.weights import LinkageWeights
from orchestration.methods.statistics.design_matrix import Design, build_design
from orchestration.methods.statistics.estimability import Estimability, assess
from orchestration.methods.statistics.fitting import Fit
from orchestration.methods.statistics.model_rows import coefficient_row, wald_estimates
from orchestration.methods.statistics.negative_binomial import NO_OVERDISPERSION
from orchestration.methods.statistics.pseudo_likelihood import WEIGHTED, fit_weighted
from orchestration.methods.statistics.significance import wald
from orchestration.tables.linkage_bias import MODEL_COEFFICIENTS_WEIGHTED, MODEL_TERMS_WEIGHTED

SOURCE_OF_OUTCOME = {
    "termination_positive": "terminations",
    "reoffended": "reoffending",
    "reoffences": "reoffending",
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
    kept = published[["exp_estimate", "ci_low", "ci_high", "std_error"]].astype(float)
    keys = zip(published["model_id"], published["coefficient"], strict=True)
    known = dict(zip(keys, kept.to_numpy(), strict=True))
    rows = [row for model in models for row in _coefficient_rows(model, known, significance_level)]
    return frame_of(MODEL_COEFFICIENTS_WEIGHTED, rows)


def _coefficient_rows(
    model: WeightedModel, published: dict[tuple[str, str], np.ndarray], significance_level: float
) -> Iterator[Row]:
    fit, specification = model.fit, model.specification
    blocks = {term.name: specification.block_of(term) for term in specification.terms}
    estimates = wald_estimates(fit, significance_level)
    robust = np.sqrt(np.diag(model.unweighted.covariance))
    for place, name in enumerate(model.design.coefficients):
        ratio, low, high, published_error = published[specification.model_id, name]
        yield {
            "model_id": specification.model_id,
            **coefficient_row(name, place, estimates),
            "block": blocks.get(name.partition("=")[0]),
            "family": fit.family,
            "n": model.design.n,
            "published_exp_estimate": ratio,
            "published_ci_low": low,
            "published_ci_high": high,
            "change_percent": np.round(100 * (estimates["exp_estimate"][place] / ratio - 1), 9),
            "published_std_error": published_error,
            "unweighted_robust_std_error": robust[place],
            "exp_estimate_untruncated": np.exp(model.untruncated.estimates[place]),
        }


def weighted_terms(
    models: Iterable[WeightedModel], published: pd.DataFrame, significance_level: float = 0.05
) -> pd.DataFrame:
    """results.model_terms_weighted; `published` is results.model_terms. `changes`: significance is not as published."""
    known = dict(zip(zip(published["model_id"], published["term"], strict=True), published["wald_p"], strict=True))
    rows = [row for model in models for row in _term_rows(model, known, significance_level)]
    return frame_of(MODEL_TERMS_WEIGHTED, rows)


def _term_rows(
    model: WeightedModel, published: dict[tuple[str, str], float], significance_level: float
) -> Iterator[Row]:
    for term in model.specification.terms:
        columns = model.design.columns(term)
        test, robust = wald(model.fit, columns), wald(model.unweighted, columns)
        before = float(published[model.specification.model_id, term.name])
        verdicts = [significance(p, significance_level) for p in (test.p, before, robust.p)]
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


def significance(p: float, significance_level: float) -> bool | None:
    """Whether a p-value is below the level; None where there is none."""
    return bool(p < significance_level) if np.isfinite(p) else None
