"""The coefficients of the six regression models as tables for readers.

Belongs here: coefficients with their ratios and intervals, n and events by level (2023/04, Annex A,
Analysis), and the words for terms and levels. Not here: any estimate (`orchestration/methods`), tests and fit
(`model_tables.py`).
"""

from typing import Any

import pandas as pd

from orchestration.methods.layouts import layout_2023
from orchestration.methods.layouts.specification import BulletinModel, Term
from orchestration.methods.statistics.firth_models import SUFFIX
from orchestration.publications.shared import formatting
from orchestration.publications.shared.estimates import estimates_or_words, is_estimable, kept_back, of_model
from orchestration.publications.shared.published_table import ROW_GROUP, Column, PublishedTable, Tables
from orchestration.publications.shared.records import records
from orchestration.publications.shared.words import is_count, model_title
from orchestration.tables.release import SUPPRESSED

SOURCE = "Linked inspection, terminations and reoffending data"
_FAMILIES = {"logistic": "Logistic", "negative_binomial": "Negative binomial", "poisson": "Poisson"}


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
        Column("exp_estimate", ratio, decimals=3, significant="significant", says_why=True),
        Column("ci_low", f"{ratio} {100 * (1 - level):g}% low", decimals=3),
        Column("ci_high", f"{ratio} {100 * (1 - level):g}% high", decimals=3),
        Column("p", "p (Wald)", decimals=3, is_p_value=True),
    )
    title = f"{_family(tables, model)} regression: {model_title(model)}"
    return PublishedTable(table_id, title, SOURCE, columns, frame, _coefficient_notes(tables, model, ratio, level))


def _coefficient_notes(tables: Tables, model: BulletinModel, ratio: str, level: float) -> tuple[str, ...]:
    meaning = "incidence rate ratio" if is_count(model) else "odds ratio"
    notes = [
        f"{ratio}: {meaning}, with its interval. Complete cases: "
        f"n={formatting.number(model_n(tables, model))}. Ratios in bold, shaded and marked with an "
        f"asterisk: p<{level:g}.",
        "Reference levels carry no coefficient. Age, previous sanctions and the likelihood score are per "
        "year, sanction and point.",
    ]
    found = tables["model_notes"]
    own = found.loc[found["model_id"] == model.model_id]
    for term, note in zip(own["term"], own["note"], strict=True):
        notes.append(str(note) if formatting.is_missing(term) else f"{term_label(model, str(term))}: {note}")
    return (*notes, *_firth_notes(tables, model, ratio))


def _firth_notes(tables: Tables, model: BulletinModel, ratio: str) -> list[str]:
    """Firth's estimates of what the published model cannot estimate, where they were made."""
    published = of_model(tables["model_coefficients"], model.model_id, ["coefficient"])
    firth = of_model(tables["model_coefficients"], model.model_id + SUFFIX, ["coefficient"])
    notes = []
    for term in model.terms:
        for level, name in zip(term.contrasts or (term.name,), term.coefficients, strict=True):
            found = firth.get((name,))
            if found is None or not is_estimable(found) or published[(name,)]["estimable"]:
                continue
            label = term.label if term.is_interval else f"{term.label} {level_label(term, level)}"
            notes.append(
                f"Firth's bias-reduced estimate for {label}: {ratio} "
                f"{formatting.number(found['exp_estimate'], 2)} ({formatting.number(found['ci_low'], 2)} to "
                f"{formatting.number(found['ci_high'], 2)}), {formatting.p_phrase(found['p'])}."
            )
    return notes


def model_n(tables: Tables, model: BulletinModel) -> Any:
    """The complete cases a model rests on."""
    return _last_block(tables, model).get("n")


def _family(tables: Tables, model: BulletinModel) -> str:
    """The kind of regression, as fitted: where counts show no over-dispersion it is Poisson."""
    return _FAMILIES[_last_block(tables, model)["family"]]


def _last_block(tables: Tables, model: BulletinModel) -> dict[str, Any]:
    models = tables["models"]
    found = records(models.loc[models["model_id"] == model.model_id])
    return found[-1] if found else {}


def _coefficient_rows(tables: Tables, model: BulletinModel, level: float) -> list[dict[str, Any]]:
    coefficients = of_model(tables["model_coefficients"], model.model_id, ["coefficient"])
    counts = of_model(tables["model_levels"], model.model_id, ["term", "level"])
    rows = []
    for term in model.terms:
        if term.is_interval:
            row = {ROW_GROUP: "Interval variables", "label": term.label}
            rows.append(row | estimates_or_words(coefficients.get((term.name,)), level) | {"n": None, "events": None})
        for code in term.levels:
            is_reference = code == term.reference
            estimates = None if is_reference else coefficients.get((f"{term.name}={code}",))
            own = counts.get((term.name, code))
            row = {ROW_GROUP: term.label, "label": level_label(term, code)}
            row |= estimates_or_words(estimates, level, is_reference) | _counts(own)
            rows.append(row | {SUPPRESSED.name: kept_back(estimates, own)})
    for name, label in (("intercept", "Intercept"), ("alpha", "Dispersion (alpha)")):
        if (name,) in coefficients:
            row = {ROW_GROUP: "Model", "label": label}
            # Their exponential is no ratio of anything, so only B, its error and p are shown.
            shown = estimates_or_words(coefficients[(name,)], level)
            shown |= dict.fromkeys(("exp_estimate", "ci_low", "ci_high"))
            rows.append(row | shown | {"significant": None, "n": None, "events": None})
    return rows


def _counts(found: dict[str, Any] | None) -> dict[str, Any]:
    return {"n": found["n"], "events": found["events"]} if found else {"n": None, "events": None}


def term_label(model: BulletinModel, name: str) -> str:
    """A term in the bulletin's words."""
    return next((term.label for term in model.terms if term.name == name), name.replace("_", " ").capitalize())


def level_label(term: Term, code: str) -> str:
    """A category in the bulletin's words."""
    categories = layout_2023.ITEM_BY_CODE[term.name].categories
    return next(category.label for category in categories if category.code == code)
