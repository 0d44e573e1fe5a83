"""Does it matter? The few numbers that answer it, from the tables of match bias, weights and weighted refits.

Belongs here: results.match_bias_summary and the call that makes all tables of the study. Not here: any estimate.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.layouts.outcomes import MATCHED_COLUMNS
from orchestration.methods.layouts.specification import BULLETIN_MODELS
from orchestration.methods.linkage.bias.match_bias import MISSING, match_bias
from orchestration.methods.linkage.bias.match_models import fit_match_models, match_model_tables
from orchestration.methods.linkage.bias.weighted_annex import annex_b_weighted
from orchestration.methods.linkage.bias.weighted_refits import (
    SOURCE_OF_OUTCOME,
    fit_weighted_models,
    weighted_coefficients,
    weighted_terms,
)
from orchestration.methods.linkage.bias.weights import Truncation, balance, linkage_weights, weight_summary
from orchestration.tables.linkage_bias import MATCH_BIAS_SUMMARY


def bias_tables(
    cases: pd.DataFrame,
    annex: pd.DataFrame,
    coefficients: pd.DataFrame,
    terms: pd.DataFrame,
    significance_level: float = 0.05,
    truncation: Truncation | None = None,
) -> dict[str, pd.DataFrame]:
    """Every table of the study of match bias, by name.

    `cases` is marts.cases; `annex`, `coefficients` and `terms` are results.annex_b, results.model_coefficients
    and results.model_terms as published. Every eligible case must have its own index label.
    """
    models = fit_match_models(cases)
    weights = [linkage_weights(model, truncation) for model in models]
    refits = fit_weighted_models(cases, weights)
    terms_weighted = weighted_terms(refits, terms, significance_level)
    tables = {
        "match_bias": match_bias(cases, significance_level),
        **match_model_tables(models, significance_level),
        "linkage_weights": weight_summary(weights),
        "linkage_balance": balance(cases, weights, MATCHED_COLUMNS),
        "annex_b_weighted": annex_b_weighted(cases, weights, annex, terms_weighted, significance_level),
        "model_coefficients_weighted": weighted_coefficients(refits, coefficients, significance_level),
        "model_terms_weighted": terms_weighted,
    }
    return tables | {"match_bias_summary": summary(tables, significance_level)}


def summary(tables: dict[str, pd.DataFrame], significance_level: float) -> pd.DataFrame:
    """results.match_bias_summary from the other tables (by name).

    `value` is a standardised difference, a count, percentage points or reoffences (cells), or percent of the
    published ratio; `before` and `after` are what it is the difference of, where there are two.
    """
    rows = [
        *_bias_rows(tables["match_bias"], significance_level),
        *_balance_rows(tables["linkage_balance"]),
        *_cell_rows(tables["annex_b_weighted"]),
        *_model_rows(tables["model_coefficients_weighted"], tables["model_terms_weighted"]),
    ]
    return frame_of(MATCH_BIAS_SUMMARY, rows)


def _row(
    source: str,
    subject: str,
    measure: str,
    value: float,
    of: pd.Series | None = None,
    before: str = "",
    after: str = "",
) -> Row:
    """One number; `of` is the row it stands in, `before` and `after` columns of that row."""
    found = {} if of is None else of.to_dict()
    is_of_the_item = measure in ("largest_standardised_difference", "largest_imbalance")
    return {
        "source": source,
        "subject": subject,
        "measure": measure,
        "item": found.get("item", found.get("coefficient", found.get("term"))),
        "category": None if is_of_the_item and found.get("category") != MISSING else found.get("category"),
        "value": value,
        "before": found.get(before, np.nan),
        "after": found.get(after, np.nan),
    }


def _largest(table: pd.DataFrame, column: str) -> pd.Series | None:
    """The row with the largest absolute value, the first of equals; None where there is none."""
    sizes = table[column].abs().to_numpy(dtype=float)
    return table.iloc[int(np.nanargmax(sizes))] if np.isfinite(sizes).any() else None


def _bias_rows(bias: pd.DataFrame, significance_level: float) -> Iterator[Row]:
    for source, table in bias.groupby("source", sort=False):
        for kind, part in table[table["kind"] != "all_cases"].groupby("kind", sort=False):
            top = _largest(part, "item_standardised_difference")
            value = np.nan if top is None else float(top["item_standardised_difference"])
            yield _row(str(source), str(kind), "largest_standardised_difference", value, top)
            of_its_own = part["category"].where(part["category"].isin([MISSING, "mean", "median"]), "")
            tests = part[~part.assign(category=of_its_own).duplicated(["item", "category"])]
            yield _row(str(source), str(kind), "tests", float(tests["p_value"].notna().sum()))
            n_significant = float((tests["p_holm"] < significance_level).sum())
            yield _row(str(source), str(kind), "tests_significant_after_holm", n_significant)


def _balance_rows(balanced: pd.DataFrame) -> Iterator[Row]:
    for source, table in balanced.groupby("source", sort=False):
        for side in ("matched", "weighted"):
            column = f"item_difference_{side}"
            top = _largest(table, column)
            value = np.nan if top is None else float(top[column])
            yield _row(str(source), side, "largest_imbalance", value, top)


def _cell_rows(annex: pd.DataFrame) -> Iterator[Row]:
    for outcome, source in SOURCE_OF_OUTCOME.items():
        cells = annex[annex["outcome"] == outcome]
        for measure, part in (
            ("all_cases_change", cells[cells["item"] == "all_cases"]),
            ("largest_cell_change", cells),
        ):
            top = _largest(part, "difference")
            value = np.nan if top is None else float(top["difference"])
            yield _row(source, outcome, measure, value, top, "value", "value_weighted")


def _model_rows(coefficients: pd.DataFrame, terms: pd.DataFrame) -> Iterator[Row]:
    for model in BULLETIN_MODELS:
        source, subject = SOURCE_OF_OUTCOME[model.outcome], model.model_id
        judged = coefficients[(coefficients["model_id"] == subject) & (coefficients["block"] == "judgements")]
        top = _largest(judged, "change_percent")
        value = np.nan if top is None else float(top["change_percent"])
        yield _row(source, subject, "largest_ratio_change", value, top, "published_exp_estimate", "exp_estimate")
        changed = terms[(terms["model_id"] == subject) & terms["changes"].fillna(False).astype(bool)]
        yield _row(source, subject, "terms_changing_significance", float(len(changed)))
        for _, term in changed.iterrows():
            gap = float(term["wald_p"] - term["published_wald_p"])
            yield _row(source, subject, "significance_changed", gap, term, "published_wald_p", "wald_p")
