"""Tests and sensitivity of the six regression models as tables for readers.

Belongs here: term tests, over-dispersion, cases left out and the sensitivity of the count models, laid
out from the results tables (2023/04, Annex A, Analysis). Not here: any test (`orchestration/methods`), the coefficients
(`coefficient_tables.py`).
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from orchestration.methods.layouts.specification import BULLETIN_MODELS, BulletinModel
from orchestration.publications.bulletin_2023_04.coefficient_tables import (
    SOURCE,
    level_label,
    term_label,
)
from orchestration.publications.shared import formatting
from orchestration.publications.shared.estimates import estimates_or_words, is_estimable, kept_back, of_model
from orchestration.publications.shared.published_table import MISSING_TEXT, ROW_GROUP, Column, PublishedTable, Tables
from orchestration.publications.shared.words import is_count, model_title
from orchestration.tables.release import SUPPRESSED

_VARIANTS = {"": "Published", "__negbin1": "Dispersion fixed at 1", "__ztnb": "Zero-truncated"}
_TESTS = {
    "one_sample_kolmogorov_smirnov": "One-sample Kolmogorov-Smirnov, outcome against Poisson",
    "index_of_dispersion": "Index of dispersion, outcome against Poisson",
    "likelihood_ratio": "Likelihood ratio, negative binomial against Poisson regression",
    "cameron_trivedi": "Cameron-Trivedi, Poisson regression",
    "dean": "Dean, Poisson regression",
}


def term_tests(tables: Tables, table_id: str, level: float) -> PublishedTable:
    """Likelihood ratio and Wald test of each term of the six models."""
    rows = []
    for model in BULLETIN_MODELS:
        tests = of_model(tables["model_terms"], model.model_id, ["term"])
        for term in model.terms:
            test = tests.get((term.name,), {})
            estimable = is_estimable(test or None)
            p = test.get("wald_p") if estimable else None
            numbers = {key: test.get(key) for key in ("lr_chi2", "lr_p", "wald_chi2", "wald_p")}
            flag = {"significant": None if formatting.is_missing(p) else float(p) < level}  # type: ignore[arg-type]
            words = {ROW_GROUP: formatting.upper_first(model_title(model)), "term": term.label, "df": test.get("df")}
            missing = {MISSING_TEXT: formatting.NOT_APPLICABLE if estimable else formatting.NOT_ESTIMABLE}
            rows.append(words | numbers | flag | missing | {SUPPRESSED.name: kept_back(test)})
    columns = (
        Column("term", "Term"),
        Column("df", "df", decimals=0),
        Column("lr_chi2", "LR chi-square", decimals=2),
        Column("lr_p", "LR p", decimals=3, is_p_value=True),
        Column("wald_chi2", "Wald chi-square", decimals=2),
        Column("wald_p", "Wald p", decimals=3, significant="significant", is_p_value=True),
    )
    notes = (f"The Wald test decides significance in Annex B (shaded, bold and marked with an asterisk: p<{level:g}).",)
    return PublishedTable(table_id, "Tests of each term", SOURCE, columns, pd.DataFrame(rows), notes)


def bulletin_titles() -> dict[str, str]:
    """The six models of Bulletin 2023/04 in words, by id."""
    return {model.model_id: formatting.upper_first(model_title(model)) for model in BULLETIN_MODELS}


def overdispersion(tables: Tables, table_id: str) -> PublishedTable:
    """Tests of the number of reoffences against a Poisson distribution."""
    tests = tables["overdispersion_tests"]
    titles = bulletin_titles()
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
        "A small p shows counts that vary more than a Poisson distribution allows, hence the negative binomial model.",
    )
    return PublishedTable(table_id, "Tests of over-dispersion", SOURCE, columns, frame, notes)


def cases_lost(tables: Tables, table_id: str) -> PublishedTable:
    """Cases without a value, and how many of them no variable above had left out already, by model."""
    lost = tables["model_exclusions"]
    models = {model.model_id: model for model in BULLETIN_MODELS}
    frame = lost.loc[lost["model_id"].isin(models.keys())].reset_index(drop=True)
    frame[ROW_GROUP] = [formatting.upper_first(model_title(models[str(model)])) for model in frame["model_id"]]
    pairs = zip(frame["model_id"], frame["variable"], strict=True)
    frame["label"] = [term_label(models[str(model)], str(variable)) for model, variable in pairs]
    columns = (
        Column("label", "Variable"),
        Column("n_missing", "Cases without a value", decimals=0),
        Column("n_lost", "Left out, not for a variable above", decimals=0),
    )
    return PublishedTable(table_id, "Cases left out of the models", SOURCE, columns, frame)


def sensitivity(tables: Tables, table_id: str, level: float) -> PublishedTable:
    """Incidence rate ratios of the judgements under the published count model and its variants."""
    models = [model for model in BULLETIN_MODELS if is_count(model)]
    rows = [row for model in models for row in _sensitivity_rows(tables, model, level)]
    columns = [Column("label", "Judgement")]
    for suffix, heading in _VARIANTS.items():
        columns.append(Column(f"irr{suffix}", "IRR", heading, 2, significant=f"significant{suffix}"))
        columns.append(Column(f"p{suffix}", "p", heading, 3, is_p_value=True))
    notes = (
        "A person who reoffended has at least one reoffence, so the count cannot be zero; the published "
        "model does not know that. The zero-truncated model does. Where the columns disagree, treat the "
        "finding with care.",
    )
    title = "Number of reoffences: sensitivity to the model"
    return PublishedTable(table_id, title, SOURCE, tuple(columns), pd.DataFrame(rows), notes)


def _sensitivity_rows(tables: Tables, model: BulletinModel, level: float) -> Iterator[dict[str, Any]]:
    coefficients = tables["model_coefficients"]
    ids = {suffix: model.model_id + suffix for suffix in _VARIANTS}
    variants = {suffix: of_model(coefficients, model_id, ["coefficient"]) for suffix, model_id in ids.items()}
    for term in model.judgements:
        for code, name in zip(term.contrasts, term.coefficients, strict=True):
            row: dict[str, Any] = {ROW_GROUP: formatting.upper_first(model_title(model)), MISSING_TEXT: "not fitted"}
            row["label"] = f"{term.label} {level_label(term, code)}"
            for suffix, found in variants.items():
                estimates = estimates_or_words(found.get((name,)), level)
                row |= {f"irr{suffix}": estimates["exp_estimate"], f"p{suffix}": estimates["p"]}
                row |= {f"significant{suffix}": estimates["significant"]}
            kept = [suffix for suffix, found in variants.items() if kept_back(found.get((name,)))]
            row[SUPPRESSED.name] = ", ".join(f"{number}{suffix}" for suffix in kept for number in ("irr", "p"))
            yield row
