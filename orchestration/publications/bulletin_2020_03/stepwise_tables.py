"""The stepwise models of Bulletin 2020/03 as tables for readers.

Belongs here: verdicts, step histories, coefficients and the stability of the selections, laid out from the results
tables (2020/03, Annex A, Analysis). Not here: any test (`orchestration/methods`), Annex C (`annex_tables.py`).
"""

from typing import Any

import pandas as pd

from orchestration.methods.bulletin_2020_03.models import FORCED, model_id_of
from orchestration.methods.layouts.layout_2020 import (
    GROUP_BY_ITEM,
    GROUPS,
    MEASURE_BY_CODE,
    MODELLED,
    PUBLISHED_REMOVAL,
    TABLE_TITLES,
    Measure,
)
from orchestration.methods.statistics.firth_models import SUFFIX
from orchestration.methods.statistics.stepwise import ENTRY_LEVEL, REMOVAL_LEVEL
from orchestration.publications.bulletin_2020_03.associations import measures_in
from orchestration.publications.shared import formatting
from orchestration.publications.shared.estimates import estimates_or_words, kept_back, of_model
from orchestration.publications.shared.published_table import (
    MISSING_TEXT,
    ROW_GROUP,
    Column,
    PublishedTable,
    Tables,
    is_below,
    is_kept_back,
)
from orchestration.publications.shared.records import keyed, records
from orchestration.tables.release import SUPPRESSED

SOURCE = "Inspection data"
_KINDS = {"entry": "Entry (score)", "removal": "Removal (likelihood ratio)"}
_ACTIONS = {"entered": "entered", "removed": "removed", "kept_at_repeat": "kept: its removal would repeat a model"}
_NOT_MOVED = {"entry": "not entered", "removal": "kept"}
_PUBLISHED, _CONDITIONAL, _WALD, _FORCED = "Published", "Conditional", "Wald", "All seven in the model"


def measure_title(measure: Measure) -> str:
    """A model in words: the table and the measure it belongs to."""
    return f"{measure.table_id}: {measure.label}"


def model_titles() -> dict[str, str]:
    """The published models in words, by id."""
    return {model_id_of(measure): measure_title(measure) for measure in MODELLED}


def differences_table(tables: Tables) -> PublishedTable:
    """Every measure's p value for every characteristic, those retained marked: all shaded cells at one glance."""
    found = keyed(tables["subgroup_differences"], ["outcome", "item"])
    rows = []
    for measure in MODELLED:
        row: dict[str, Any] = {ROW_GROUP: TABLE_TITLES[measure.table_id], "label": measure.label}
        for group in GROUPS:
            verdict = found[measure.code, group.item]
            row |= {group.item: verdict["p_value"], f"{group.item}_retained": verdict["is_retained"]}
        row[SUPPRESSED.name] = ", ".join(
            group.item for group in GROUPS if is_kept_back(found[measure.code, group.item], "p_value")
        )
        rows.append(row)
    columns = [Column("label", "Measure")]
    columns += [
        Column(group.item, group.label, decimals=3, significant=f"{group.item}_retained", is_p_value=True)
        for group in GROUPS
    ]
    notes = (
        "p: of the last removal test of a retained characteristic, else of its last entry test. Retained ones are "
        f"shaded, bold and marked with an asterisk (entry below {ENTRY_LEVEL:g}, removal above {REMOVAL_LEVEL:g}).",
    )
    title = "Which characteristics the stepwise models retain"
    return PublishedTable("S1", title, SOURCE, tuple(columns), pd.DataFrame(rows), notes)


def comparison_table(tables: Tables, significance_level: float) -> PublishedTable:
    """The published verdicts beside those of the other removal tests and of the full model."""
    found = tables["subgroup_differences"].reset_index(drop=True)
    frame = found.assign(
        label=[GROUP_BY_ITEM[item].label for item in found["item"]],
        is_forced=is_below(found["forced_lr_p"], significance_level),
    )
    frame[ROW_GROUP] = [measure_title(MEASURE_BY_CODE[code]) for code in found["outcome"]]
    for name in ("is_retained", "is_retained_conditional", "is_retained_wald"):
        frame[f"{name}_text"] = [_yes_no(flag) for flag in found[name]]
    columns = (
        Column("label", "Characteristic"),
        Column("p_value", "p", _PUBLISHED, 3, is_p_value=True),
        Column("is_retained_text", "Retained", _PUBLISHED, significant="is_retained"),
        Column("is_retained_conditional_text", "Retained", _CONDITIONAL, significant="is_retained_conditional"),
        Column("is_retained_wald_text", "Retained", _WALD, significant="is_retained_wald"),
        Column("forced_lr_p", "p (likelihood ratio)", _FORCED, 3, significant="is_forced", is_p_value=True),
        Column("forced_wald_p", "p (Wald)", _FORCED, 3, is_p_value=True),
    )
    notes = (
        "The published selection removes by the likelihood ratio, the other two by SPSS's conditional statistic and by "
        "Wald's; the full model holds all seven characteristics and selects none.",
        f"Of the full model, p below {significance_level:g} is shaded, bold and marked with an asterisk.",
        *_firth_remarks(tables),
    )
    title = "The published verdicts beside other removal tests and the full model"
    return PublishedTable("S2", title, SOURCE, columns, frame, notes)


def _firth_remarks(tables: Tables) -> list[str]:
    """Of each category whose odds ratio in a full model is infinite, Firth's estimate."""
    estimates = tables["model_coefficients"]
    told = estimates[estimates["estimable"].astype("boolean").fillna(False)]
    remarks = []
    for measure in MODELLED:
        full = f"{model_id_of(measure)}{FORCED}"
        known = of_model(told, full, ["coefficient"])
        for (name,), found in of_model(told, full + SUFFIX, ["coefficient"]).items():
            if (name,) in known:
                continue
            group = GROUP_BY_ITEM[found["term"]]
            label = {category.code: category.label for category in group.categories}[found["level"]]
            remarks.append(
                f"{measure_title(measure)}: in the full model {group.label} {label} predicts the outcome perfectly, so "
                "that its odds ratio is infinite and Wald's test cannot be had; the likelihood ratio's limit is given. "
                f"Firth's bias-reduced odds ratio: {formatting.number(found['exp_estimate'], 2)} "
                f"({formatting.number(found['ci_low'], 2)} to {formatting.number(found['ci_high'], 2)}), "
                f"{formatting.p_phrase(found['p'])}."
            )
    return remarks


def _yes_no(flag: object) -> str:
    return "not testable" if pd.isna(flag) else "yes" if flag else "no"  # type: ignore[call-overload]


def history_table(annex_table: str, table_id: str, tables: Tables) -> PublishedTable:
    """Every test made in the selections of one table's models, step by step."""
    codes = [measure.code for measure in measures_in(annex_table)]
    steps = tables["stepwise_steps"]
    own = steps[(steps["removal_test"] == PUBLISHED_REMOVAL) & steps["outcome"].isin(codes)]
    rows = []
    for step in records(own):
        row = {ROW_GROUP: MEASURE_BY_CODE[step["outcome"]].label, "label": f"Step {step['step']}"}
        row |= {"kind": _KINDS[step["kind"]], "term": GROUP_BY_ITEM[step["term"]].label}
        is_unmoved = pd.isna(step["action"])
        row |= {"action": _NOT_MOVED[step["kind"]] if is_unmoved else _ACTIONS[step["action"]]}
        row[SUPPRESSED.name] = kept_back(step)
        rows.append(row | {name: step[name] for name in ("chi2", "df", "p_value")})
    keys = (ROW_GROUP, "label", "kind", "term", "chi2", "df", "p_value", "action", SUPPRESSED.name)
    columns = (
        Column("label", "Step"),
        Column("kind", "Test"),
        Column("term", "Characteristic"),
        Column("chi2", "Chi-square", decimals=2),
        Column("df", "df", decimals=0),
        Column("p_value", "p", decimals=3, is_p_value=True),
        Column("action", "Outcome"),
    )
    notes = (
        "A characteristic enters with all its categories. Removal by the conditional and Wald tests: see the CSV.",
    )
    title = f"Step histories of Table {annex_table}: {TABLE_TITLES[annex_table]}"
    return PublishedTable(table_id, title, SOURCE, columns, pd.DataFrame(rows, columns=list(keys)), notes)


def retained_coefficients(annex_table: str, table_id: str, tables: Tables, significance_level: float) -> PublishedTable:
    """Odds ratios of the last models of one table, with n and events of each category."""
    rows = [row for measure in measures_in(annex_table) for row in _coefficients(tables, measure, significance_level)]
    keys = (ROW_GROUP, "label", "n", "events", "estimate", "std_error", "exp_estimate", "ci_low", "ci_high", "p",
            "significant", MISSING_TEXT, SUPPRESSED.name)  # fmt: skip
    interval = f"OR {100 * (1 - significance_level):g}%"
    columns = (
        Column("label", "Characteristic and category"),
        Column("n", "n", decimals=0),
        Column("events", "Yes", decimals=0),
        Column("estimate", "B", decimals=3),
        Column("std_error", "Std. error", decimals=3),
        Column("exp_estimate", "OR", decimals=3, significant="significant", says_why=True),
        Column("ci_low", f"{interval} low", decimals=3),
        Column("ci_high", f"{interval} high", decimals=3),
        Column("p", "p (Wald)", decimals=3, is_p_value=True),
    )
    notes = (
        "The terms were selected on the same data, so these p values and intervals are too good; the full model in "
        "Table S2 has no such fault.",
        f"Ratios in bold, shaded and marked with an asterisk: p<{significance_level:g}.",
        *_remarks(tables, annex_table),
    )
    title = f"Odds ratios of the retained terms, Table {annex_table}"
    frame = pd.DataFrame(rows, columns=list(keys))
    return PublishedTable(table_id, title, SOURCE, columns, frame, notes)


def _coefficients(tables: Tables, measure: Measure, level: float) -> list[dict[str, Any]]:
    model_id = model_id_of(measure)
    coefficients = of_model(tables["model_coefficients"], model_id, ["coefficient"])
    rows = []
    for (item, code), counts in of_model(tables["model_levels"], model_id, ["term", "level"]).items():
        labels = {category.code: category.label for category in GROUP_BY_ITEM[item].categories}
        is_reference = bool(counts["is_reference"])
        estimates = None if is_reference else coefficients.get((f"{item}={code}",))
        row = {ROW_GROUP: measure.label, "label": f"{GROUP_BY_ITEM[item].label}: {labels[code]}"}
        row |= {"n": counts["n"], "events": counts["events"]}
        row |= estimates_or_words(estimates, level, is_reference)
        rows.append(row | {SUPPRESSED.name: kept_back(estimates, counts)})
    return rows


def _remarks(tables: Tables, annex_table: str) -> list[str]:
    titles = {model_id_of(measure): measure.label for measure in measures_in(annex_table)}
    found = tables["model_notes"]
    own = found[found["model_id"].isin(titles)]
    return [f"{titles[str(model)]}: {note}" for model, note in zip(own["model_id"], own["note"], strict=True)]


def inclusion_table(tables: Tables) -> PublishedTable:
    """How often each characteristic was retained in resamples of the cases."""
    found = tables["stepwise_inclusion"].reset_index(drop=True)
    frame = found.assign(
        label=[GROUP_BY_ITEM[item].label for item in found["term"]],
        retained=[_yes_no(flag) for flag in found["is_retained"]],
    )
    frame[ROW_GROUP] = [measure_title(MEASURE_BY_CODE[code]) for code in found["outcome"]]
    columns = (
        Column("label", "Characteristic"),
        Column("retained", "Retained in the published model", significant="is_retained"),
        Column("n_resamples", "Resamples", decimals=0),
        Column("n_included", "Retained in", decimals=0),
        Column("frequency", "Frequency", decimals=0, suffix="%"),
        Column("ci_low", "95% low", decimals=0, suffix="%"),
        Column("ci_high", "95% high", decimals=0, suffix="%"),
    )
    notes = ("The interval is of the number of resamples, not of the cases.",)
    return PublishedTable("S9", "Bootstrap inclusion frequencies", SOURCE, columns, frame, notes)


def stability_table(tables: Tables) -> PublishedTable:
    """How often each model was selected again as published."""
    found = tables["stepwise_stability_models"].reset_index(drop=True)
    frame = found.assign(
        label=[MEASURE_BY_CODE[code].label for code in found["outcome"]],
        commonest=[_terms_in_words(terms) for terms in found["commonest_selection"]],
    )
    frame[ROW_GROUP] = [TABLE_TITLES[MEASURE_BY_CODE[code].table_id] for code in found["outcome"]]
    columns = (
        Column("label", "Measure"),
        Column("n", "Complete cases", decimals=0),
        Column("n_resamples", "Resamples", decimals=0),
        Column("n_different_selections", "Different selections", decimals=0),
        Column("share_same_selection", "Same as published", decimals=0, suffix="%"),
        Column("mean_terms", "Mean number of terms", decimals=1),
        Column("commonest", "Commonest selection"),
    )
    return PublishedTable("S10", "How often a model was selected again as published", SOURCE, columns, frame)


def _terms_in_words(terms: object) -> str:
    words = [GROUP_BY_ITEM[term.strip()].label for term in str(terms).split(",") if term.strip() in GROUP_BY_ITEM]
    return ", ".join(words) or "none"
