"""The six regression models as tables for readers.

Belongs here: coefficients with their ratios and intervals, term tests, fit, over-dispersion, cases lost and the
sensitivity of the count models, laid out from the results tables (2023/04, Annex A, Analysis). Not here: any
estimate or test (`methods/`).
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from orchestration.methods import layout
from orchestration.methods.specification import BULLETIN_MODELS, BulletinModel, Term
from orchestration.publications import formatting
from orchestration.publications.published_table import MISSING_TEXT, ROW_GROUP, Column, PublishedTable

Tables = Mapping[str, pd.DataFrame]
SOURCE = "Linked inspection, terminations and reoffending data"
_OUTCOMES = {
    "termination_positive": "positive termination",
    "reoffended": "binary reoffending",
    "reoffences": "number of reoffences",
}
_SUBJECTS = {"key_questions": "key questions", "prompts": "prompts"}
_REFERENCE = "reference"
_VARIANTS = {"": "NB2 (published)", "__negbin1": "Dispersion fixed at 1", "__ztnb": "Zero-truncated"}
_TESTS = {
    "likelihood_ratio": "Likelihood ratio",
    "lr": "Likelihood ratio",
    "cameron_trivedi": "Cameron-Trivedi",
    "dean": "Dean",
}
_FIT_LABELS = {
    "log_likelihood": "Log-likelihood",
    "minus_2_log_likelihood": "-2 log-likelihood",
    "minus_two_log_likelihood": "-2 log-likelihood",
    "block_chi2": "Block chi-square",
    "block_df": "Block df",
    "block_p": "Block p",
    "cox_snell": "Cox-Snell R²",
    "nagelkerke": "Nagelkerke R²",
    "aic": "AIC",
    "bic": "BIC",
    "alpha": "Dispersion (alpha)",
}


def is_count(model: BulletinModel) -> bool:
    return model.outcome == "reoffences"


def model_title(model: BulletinModel) -> str:
    """A model in words: "positive termination by key questions"."""
    return f"{_OUTCOMES[model.outcome]} by {_SUBJECTS[model.model_id.split('__')[1]]}"


def coefficient_table(tables: Tables, model: BulletinModel, table_id: str, level: float) -> PublishedTable:
    """One model's coefficients with odds or incidence rate ratios, and n and events of each level."""
    ratio = "IRR" if is_count(model) else "OR"
    frame = pd.DataFrame(_coefficient_rows(tables, model, level))
    columns = (
        Column("label", "Variable"),
        Column("n", "n", decimals=0),
        Column("events", "Reoffences" if is_count(model) else "Events", decimals=0),
        Column("estimate", "B", decimals=3),
        Column("std_error", "Std. error", decimals=3),
        Column("exp_estimate", ratio, decimals=2, significant="significant"),
        Column("ci_low", f"{ratio} {100 * (1 - level):g}% low", decimals=2),
        Column("ci_high", f"{ratio} {100 * (1 - level):g}% high", decimals=2),
        Column("p", "p (Wald)", decimals=3, is_p_value=True),
    )
    kind = "Negative binomial (NB2, log link)" if is_count(model) else "Logistic"
    title = f"{kind} regression: {model_title(model)}"
    return PublishedTable(table_id, title, SOURCE, columns, frame, _coefficient_notes(tables, model, ratio, level))


def _coefficient_notes(tables: Tables, model: BulletinModel, ratio: str, level: float) -> tuple[str, ...]:
    meaning = "incidence rate ratio" if is_count(model) else "odds ratio"
    notes = [
        f"{ratio}: {meaning}, with its interval. Complete cases: n={formatting.number(model_n(tables, model))}. "
        f"Ratios in bold, shaded and marked with an asterisk: p<{level:g}.",
        "Reference levels carry no coefficient. Age, previous sanctions and the likelihood score are per year, "
        "sanction and point.",
    ]
    found = tables["model_notes"]
    own = found.loc[found["model_id"] == model.model_id]
    notes += [f"{_term_label(model, str(term))}: {note}" for term, note in zip(own["term"], own["note"], strict=True)]
    return tuple(notes)


def model_n(tables: Tables, model: BulletinModel) -> Any:
    """The complete cases a model rests on."""
    models = tables["models"]
    found = models.loc[models["model_id"] == model.model_id, "n"]
    return found.iloc[-1] if len(found) else None


def _coefficient_rows(tables: Tables, model: BulletinModel, level: float) -> list[dict[str, Any]]:
    coefficients = _of_model(tables["model_coefficients"], model.model_id, ["coefficient"])
    counts = _of_model(tables["model_levels"], model.model_id, ["term", "level"])
    rows = []
    for term in model.terms:
        if term.is_interval:
            row = {ROW_GROUP: "Interval variables", "label": term.label}
            rows.append(row | _numbers(coefficients.get((term.name,)), level) | {"n": None, "events": None})
        for code in term.levels:
            is_reference = code == term.reference
            estimates = None if is_reference else coefficients.get((f"{term.name}={code}",))
            row = {ROW_GROUP: term.label, "label": _level_label(term, code)}
            rows.append(row | _numbers(estimates, level, is_reference) | _counts(counts.get((term.name, code))))
    for name, label in (("intercept", "Intercept"), ("alpha", "Dispersion (alpha)")):
        if (name,) in coefficients:
            row = {ROW_GROUP: "Model", "label": label}
            # Their exponential is no ratio of anything, so only B, its error and p are shown.
            shown = _numbers(coefficients[(name,)], level) | dict.fromkeys(("exp_estimate", "ci_low", "ci_high"))
            rows.append(row | shown | {"significant": None, "n": None, "events": None})
    return rows


def _numbers(found: dict[str, Any] | None, level: float, is_reference: bool = False) -> dict[str, Any]:
    keys = ("estimate", "std_error", "exp_estimate", "ci_low", "ci_high", "p")
    if found is None or not found["estimable"]:
        text = _REFERENCE if is_reference else formatting.NOT_ESTIMABLE
        return dict.fromkeys(keys) | {"significant": None, MISSING_TEXT: text}
    p = found["p"]
    significant = None if formatting.is_missing(p) else float(p) < level
    return {key: found[key] for key in keys} | {"significant": significant, MISSING_TEXT: formatting.NOT_APPLICABLE}


def _counts(found: dict[str, Any] | None) -> dict[str, Any]:
    return {"n": found["n"], "events": found["events"]} if found else {"n": None, "events": None}


def term_tests(tables: Tables, table_id: str, level: float) -> PublishedTable:
    """Likelihood ratio and Wald test of each term of the six models."""
    rows = []
    for model in BULLETIN_MODELS:
        tests = _of_model(tables["model_terms"], model.model_id, ["term"])
        for term in model.terms:
            test = tests.get((term.name,), {})
            estimable = bool(test.get("estimable", False))
            p = test.get("wald_p") if estimable else None
            numbers = {key: test.get(key) if estimable else None for key in ("lr_chi2", "lr_p", "wald_chi2", "wald_p")}
            flag = {"significant": None if formatting.is_missing(p) else float(p) < level}  # type: ignore[arg-type]
            words = {ROW_GROUP: _sentence(model_title(model)), "term": term.label, "df": test.get("df")}
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
    notes = (f"The Wald test decides significance in Annex B (shaded, bold and marked with an asterisk: p<{level:g}).",)
    return PublishedTable(table_id, "Tests of each term", SOURCE, columns, pd.DataFrame(rows), notes)


def model_fit(tables: Tables, table_id: str) -> PublishedTable:
    """Fit statistics of each model and block, one row a statistic so that the table stays narrow."""
    titles = {model.model_id: _sentence(model_title(model)) for model in BULLETIN_MODELS}
    blocks = {"controls": "block 1, controls", "judgements": "block 2, judgements", "all": "all terms in one step"}
    rows = []
    for record in tables["models"].to_dict("records"):
        if record["model_id"] not in titles:
            continue
        group = f"{titles[record['model_id']]} ({blocks[record['block']]})"
        for key, value in record.items():
            if key in ("model_id", "outcome", "block") or formatting.is_missing(value):
                continue
            rows.append({ROW_GROUP: group, "statistic": _fit_label(str(key)), "value": _fit_text(str(key), value)})
    columns = (Column("statistic", "Statistic"), Column("value", "Value"))
    return PublishedTable(table_id, "Fit of the models", SOURCE, columns, pd.DataFrame(rows))


def _fit_label(key: str) -> str:
    return _FIT_LABELS.get(key, key.replace("_", " ").capitalize())


def _fit_text(key: str, value: Any) -> str:
    if isinstance(value, str | bool) or type(value).__name__ == "bool":
        return {True: "Yes", False: "No"}.get(value, str(value))
    if key.endswith("_p") or key == "p":
        return formatting.p_value(value)
    return formatting.number(value, 0 if float(value).is_integer() else 3)


def overdispersion(tables: Tables, table_id: str) -> PublishedTable:
    """Tests of the number of reoffences against a Poisson distribution."""
    tests = tables["overdispersion_tests"]
    titles = {model.model_id: _sentence(model_title(model)) for model in BULLETIN_MODELS}
    tests = tests.loc[tests["model_id"].isin(titles.keys())] if tests["model_id"].isin(titles.keys()).any() else tests
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
    notes = ("A small p shows counts that vary more than a Poisson distribution allows, hence the negative binomial model.",)
    return PublishedTable(table_id, "Tests of over-dispersion", SOURCE, columns, frame, notes)


def cases_lost(tables: Tables, table_id: str) -> PublishedTable:
    """Cases without a value, and cases left out because of that variable alone, by model."""
    lost = tables["model_exclusions"]
    models = {model.model_id: model for model in BULLETIN_MODELS}
    frame = lost.loc[lost["model_id"].isin(models.keys())].reset_index(drop=True)
    frame[ROW_GROUP] = [_sentence(model_title(models[str(model)])) for model in frame["model_id"]]
    pairs = zip(frame["model_id"], frame["variable"], strict=True)
    frame["label"] = [_term_label(models[str(model)], str(variable)) for model, variable in pairs]
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
        variants = {suffix: _of_model(tables["model_coefficients"], model.model_id + suffix, ["coefficient"]) for suffix in _VARIANTS}
        for term in model.judgements:
            for code in term.contrasts:
                label = f"{term.label} {_level_label(term, code)}"
                row: dict[str, Any] = {ROW_GROUP: _sentence(model_title(model)), "label": label, MISSING_TEXT: "not fitted"}
                for suffix, found in variants.items():
                    estimates = _numbers(found.get((f"{term.name}={code}",)), level)
                    row |= {f"irr{suffix}": estimates["exp_estimate"], f"p{suffix}": estimates["p"]}
                    row |= {f"significant{suffix}": estimates["significant"]}
                rows.append(row)
    columns = [Column("label", "Judgement")]
    for suffix, heading in _VARIANTS.items():
        columns.append(Column(f"irr{suffix}", "IRR", heading, 2, significant=f"significant{suffix}"))
        columns.append(Column(f"p{suffix}", "p", heading, 3, is_p_value=True))
    notes = (
        "A person who reoffended has at least one reoffence, so the count cannot be zero; the published model does not "
        "know that. The zero-truncated model does. Where the columns disagree, treat the finding with care.",
    )
    return PublishedTable(table_id, "Number of reoffences: sensitivity to the model", SOURCE, tuple(columns), pd.DataFrame(rows), notes)


def _of_model(frame: pd.DataFrame, model_id: str, keys: list[str]) -> dict[tuple[str, ...], dict[str, Any]]:
    rows = frame.loc[frame["model_id"] == model_id]
    return {tuple(str(row[key]) for key in keys): row for row in rows.to_dict("records")}


def _term_label(model: BulletinModel, name: str) -> str:
    return next((term.label for term in model.terms if term.name == name), name.replace("_", " ").capitalize())


def _level_label(term: Term, code: str) -> str:
    categories = layout.ITEM_BY_CODE[term.name].categories
    return next(category.label for category in categories if category.code == code)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
