"""Tests, fit and sensitivity of the six regression models as tables for readers.

Belongs here: term tests, fit, over-dispersion, cases left out and the sensitivity of the count models, laid
out from the results tables (2023/04, Annex A, Analysis). Not here: any test (`methods/`), the coefficients
(`coefficient_tables.py`).
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from orchestration.methods.specification import BULLETIN_MODELS
from orchestration.publications import formatting
from orchestration.publications.coefficient_tables import (
    SOURCE,
    estimates_or_words,
    is_count,
    level_label,
    model_title,
    of_model,
    sentence,
    term_label,
)
from orchestration.publications.published_table import MISSING_TEXT, ROW_GROUP, Column, PublishedTable
from orchestration.publications.records import records

Tables = Mapping[str, pd.DataFrame]
_VARIANTS = {"": "Published", "__negbin1": "Dispersion fixed at 1", "__ztnb": "Zero-truncated"}
_TESTS = {
    "one_sample_kolmogorov_smirnov": "One-sample Kolmogorov-Smirnov, outcome against Poisson",
    "index_of_dispersion": "Index of dispersion, outcome against Poisson",
    "likelihood_ratio": "Likelihood ratio, negative binomial against Poisson regression",
    "cameron_trivedi": "Cameron-Trivedi, Poisson regression",
    "dean": "Dean, Poisson regression",
}
_FIT_LABELS = {
    "n": "Complete cases",
    "n_with_outcome": "Cases with the outcome",
    "n_separated": "Cases predicted perfectly",
    "minus_two_log_likelihood": "-2 log-likelihood",
    "block_chi2": "Block chi-square",
    "block_df": "Block df",
    "block_p": "Block p",
    "model_chi2": "Model chi-square",
    "model_df": "Model df",
    "model_p": "Model p",
    "cox_snell_r2": "Cox-Snell R²",
    "nagelkerke_r2": "Nagelkerke R²",
    "hosmer_lemeshow_chi2": "Hosmer-Lemeshow chi-square",
    "hosmer_lemeshow_df": "Hosmer-Lemeshow df",
    "hosmer_lemeshow_p": "Hosmer-Lemeshow p",
    "hosmer_lemeshow_groups": "Hosmer-Lemeshow groups",
    "alpha": "Dispersion (alpha)",
    "pearson_chi2": "Pearson chi-square",
    "aic": "AIC",
    "bic": "BIC",
    "converged": "Converged",
}


def term_tests(tables: Tables, table_id: str, level: float) -> PublishedTable:
    """Likelihood ratio and Wald test of each term of the six models."""
    rows = []
    for model in BULLETIN_MODELS:
        tests = of_model(tables["model_terms"], model.model_id, ["term"])
        for term in model.terms:
            test = tests.get((term.name,), {})
            estimable = bool(test.get("estimable", False))
            p = test.get("wald_p") if estimable else None
            numbers = {
                key: test.get(key) if estimable else None
                for key in ("lr_chi2", "lr_p", "wald_chi2", "wald_p")
            }
            flag = {"significant": None if formatting.is_missing(p) else float(p) < level}  # type: ignore[arg-type]
            words = {ROW_GROUP: sentence(model_title(model)), "term": term.label, "df": test.get("df")}
            missing = {MISSING_TEXT: formatting.NOT_APPLICABLE if estimable else formatting.NOT_ESTIMABLE}
            rows.append(words | numbers | flag | missing)
    columns = (
        Column("term", "Term"),
        Column("df", "df", decimals=0),
        Column("lr_chi2", "LR chi-square", decimals=2),
        Column("lr_p", "LR p", decimals=3, is_p_value=True),
        Column("wald_chi2", "Wald chi-square", decimals=2),
        Column("wald_p", "Wald p", decimals=3, significant="significant", is_p_value=True),
    )
    notes = (
        "The Wald test decides significance in Annex B (shaded, bold and marked with an asterisk: "
        f"p<{level:g}).",
    )
    return PublishedTable(table_id, "Tests of each term", SOURCE, columns, pd.DataFrame(rows), notes)


def model_fit(tables: Tables, table_id: str) -> PublishedTable:
    """Fit statistics of each model and block, one row a statistic so that the table stays narrow."""
    titles = {model.model_id: sentence(model_title(model)) for model in BULLETIN_MODELS}
    blocks = {
        "controls": "block 1, controls",
        "judgements": "block 2, judgements",
        "all": "all terms in one step",
    }
    rows = []
    for record in records(tables["models"]):
        if record["model_id"] not in titles:
            continue
        group = f"{titles[record['model_id']]} ({blocks[record['block']]})"
        for key, value in record.items():
            if key in _FIT_LABELS and not formatting.is_missing(value):
                rows.append(
                    {
                        ROW_GROUP: group,
                        "statistic": _FIT_LABELS[str(key)],
                        "value": _fit_text(str(key), value),
                    }
                )
    columns = (Column("statistic", "Statistic"), Column("value", "Value"))
    return PublishedTable(table_id, "Fit of the models", SOURCE, columns, pd.DataFrame(rows))


def _fit_text(key: str, value: Any) -> str:
    if key == "converged":
        return "Yes" if value else "No"
    if key.endswith("_p"):
        return formatting.p_value(value)
    return formatting.number(value, 0 if float(value).is_integer() else 3)


def overdispersion(tables: Tables, table_id: str) -> PublishedTable:
    """Tests of the number of reoffences against a Poisson distribution."""
    tests = tables["overdispersion_tests"]
    titles = {model.model_id: sentence(model_title(model)) for model in BULLETIN_MODELS}
    frame = tests.assign(
        test=[_TESTS.get(str(test), str(test).replace("_", " ").capitalize()) for test in tests["test"]],
        **{ROW_GROUP: [titles.get(str(model), str(model)) for model in tests["model_id"]]},
    ).reset_index(drop=True)
    columns = (
        Column("test", "Test"),
        Column("statistic", "Statistic", decimals=2),
        Column("df", "df", decimals=0),
        Column("p_value", "p", decimals=3, is_p_value=True),
    )
    notes = (
        "A small p shows counts that vary more than a Poisson distribution allows, hence the negative "
        "binomial model.",
    )
    return PublishedTable(table_id, "Tests of over-dispersion", SOURCE, columns, frame, notes)


def cases_lost(tables: Tables, table_id: str) -> PublishedTable:
    """Cases without a value, and cases left out because of that variable alone, by model."""
    lost = tables["model_exclusions"]
    models = {model.model_id: model for model in BULLETIN_MODELS}
    frame = lost.loc[lost["model_id"].isin(models.keys())].reset_index(drop=True)
    frame[ROW_GROUP] = [sentence(model_title(models[str(model)])) for model in frame["model_id"]]
    pairs = zip(frame["model_id"], frame["variable"], strict=True)
    frame["label"] = [term_label(models[str(model)], str(variable)) for model, variable in pairs]
    columns = (
        Column("label", "Variable"),
        Column("n_missing", "Cases without a value", decimals=0),
        Column("n_lost", "Cases left out for this variable alone", decimals=0),
    )
    return PublishedTable(table_id, "Cases left out of the models", SOURCE, columns, frame)


def sensitivity(tables: Tables, table_id: str, level: float) -> PublishedTable:
    """Incidence rate ratios of the judgements under the published count model and its variants."""
    rows = []
    for model in BULLETIN_MODELS:
        if not is_count(model):
            continue
        variants = {
            suffix: of_model(tables["model_coefficients"], model.model_id + suffix, ["coefficient"])
            for suffix in _VARIANTS
        }
        for term in model.judgements:
            for code in term.contrasts:
                label = f"{term.label} {level_label(term, code)}"
                row: dict[str, Any] = {
                    ROW_GROUP: sentence(model_title(model)),
                    "label": label,
                    MISSING_TEXT: "not fitted",
                }
                for suffix, found in variants.items():
                    estimates = estimates_or_words(found.get((f"{term.name}={code}",)), level)
                    row |= {f"irr{suffix}": estimates["exp_estimate"], f"p{suffix}": estimates["p"]}
                    row |= {f"significant{suffix}": estimates["significant"]}
                rows.append(row)
    columns = [Column("label", "Judgement")]
    for suffix, heading in _VARIANTS.items():
        columns.append(Column(f"irr{suffix}", "IRR", heading, 2, significant=f"significant{suffix}"))
        columns.append(Column(f"p{suffix}", "p", heading, 3, is_p_value=True))
    notes = (
        "A person who reoffended has at least one reoffence, so the count cannot be zero; the published "
        "model does not know that. The zero-truncated model does. Where the columns disagree, treat the "
        "finding with care.",
    )
    return PublishedTable(
        table_id,
        "Number of reoffences: sensitivity to the model",
        SOURCE,
        tuple(columns),
        pd.DataFrame(rows),
        notes,
    )
