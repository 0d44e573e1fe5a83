"""The linkage page in words: an auditor's question does it matter.

Belongs here: sentences on what weights and other linkage choices change. Not here: the other questions
(`findings.py`), tables (`effect_tables.py`, `choice_tables.py`).
"""

import pandas as pd

from orchestration.publications.linkage_page.choice_tables import ALL
from orchestration.publications.linkage_page.figure_text import SHORT_SOURCES
from orchestration.publications.linkage_page.findings import Answer, rows_of
from orchestration.publications.linkage_page.words import (
    KIND_LABELS,
    MODEL_TITLES,
    coefficient_place,
    judgement_name,
    scenario_label,
)
from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import Tables
from orchestration.publications.shared.records import Record

_OUTCOME_NAMES = {
    "termination_positive": "Positive terminations",
    "reoffended": "Reoffended within one year",
    "reoffences": "Reoffences of those who reoffended",
}


def does_it_matter(tables: Tables) -> Answer:
    """The largest change that weights and other linkage choices make to any judgement's ratio."""
    summary = tables["match_bias_summary"]
    return Answer(
        [_weight_sentence(summary), *_choice_sentence(tables)],
        [*_significance_sentences(summary), *_outcome_sentences(summary), *_balance_sentences(summary),
         *_kind_sentences(tables)],
    )  # fmt: skip


def _weight_sentence(summary: pd.DataFrame) -> str:
    changes = [
        row for row in rows_of(summary, measure="largest_ratio_change") if not formatting.is_missing(row["value"])
    ]
    if not changes:
        return "If nobody were missing: no weights could be estimated, so this cannot be told."
    largest = max(changes, key=lambda row: abs(row["value"]))
    return (
        "If nobody were missing: with weights that let the matched stand for all eligible cases, no ratio of a "
        f"judgement changes by more than {formatting.number(abs(largest['value']), 1, '%')} "
        f"({coefficient_place(str(largest['item']), largest['subject'])}: {formatting.number(largest['before'], 2)} "
        f"to {formatting.number(largest['after'], 2)})."
    )


def _choice_sentence(tables: Tables) -> list[str]:
    totals = [row for row in rows_of(tables["sensitivity_summary"], scenario=ALL) if _has_change(row)]
    if not totals:
        return ["If cases had been linked otherwise: no other choice could be tried."]
    worst = max(totals, key=lambda row: row["largest_change_percent"])
    return [
        "If cases had been linked otherwise: of all choices tried, the one that changes a judgement's ratio most moves "
        f"it by {formatting.number(worst['largest_change_percent'], 1, '%')}"
        f"{_worst_scenario(tables, worst['kind'], KIND_LABELS[worst['kind']].lower() + ', ')}."
    ]


def _significance_sentences(summary: pd.DataFrame) -> list[str]:
    counts = rows_of(summary, measure="terms_changing_significance")
    if not counts:
        return []
    turned = [
        f"{judgement_name(str(row['item']))} ({MODEL_TITLES[row['subject']]}; p {formatting.p_value(row['before'])} to "
        f"{formatting.p_value(row['after'])})"
        for row in rows_of(summary, measure="significance_changed")
    ]
    total = formatting.number(sum(row["value"] for row in counts))
    listed = f": {'; '.join(turned)}" if turned else ""
    return [f"Terms of the six models that gain or lose significance with weights: {total}{listed}."]


def _outcome_sentences(summary: pd.DataFrame) -> list[str]:
    sentences = []
    for row in rows_of(summary, measure="all_cases_change"):
        unit = "mean_count" if row["subject"] == "reoffences" else "percent"
        sentences.append(
            f"{_OUTCOME_NAMES[row['subject']]}: {formatting.measure(row['before'], unit)} published, "
            f"{formatting.measure(row['after'], unit)} weighted."
        )
    return sentences


def _balance_sentences(summary: pd.DataFrame) -> list[str]:
    sentences = []
    for source, name in SHORT_SOURCES.items():
        sides = [
            row
            for subject in ("matched", "weighted")
            for row in rows_of(summary, source=source, subject=subject, measure="largest_imbalance")
        ]
        if len(sides) == 2:
            before, after = sides
            sentences.append(
                f"{name}: between the matched and all eligible cases the largest standardised difference is "
                f"{formatting.number(before['value'], 2)} ({judgement_name(str(before['item']))}), with weights "
                f"{formatting.number(after['value'], 2)} ({judgement_name(str(after['item']))})."
            )
    return sentences


def _kind_sentences(tables: Tables) -> list[str]:
    totals = {row["kind"]: row for row in rows_of(tables["sensitivity_summary"], scenario=ALL) if _has_change(row)}
    return [
        f"{KIND_LABELS[kind]}: a judgement's ratio changes by at most "
        f"{formatting.number(totals[kind]['largest_change_percent'], 1, '%')}{_worst_scenario(tables, kind, '')}; of "
        f"{formatting.number(totals[kind]['n_tests'])} tests, {formatting.number(totals[kind]['n_significance_lost'])} "
        f"lose and {formatting.number(totals[kind]['n_significance_gained'])} gain significance in some scenario."
        for kind in KIND_LABELS
        if kind in totals
    ]


def _worst_scenario(tables: Tables, kind: str, opening: str) -> str:
    """In which scenario the change is largest, and which ratio changes; nothing where none does."""
    rows = [row for row in rows_of(tables["sensitivity_summary"], kind=kind) if row["scenario"] != ALL]
    worst = max(filter(_has_change, rows), key=lambda row: row["largest_change_percent"], default=None)
    if worst is None or formatting.is_missing(worst["largest_change_coefficient"]):
        return ""
    place = coefficient_place(worst["largest_change_coefficient"], worst["largest_change_model"])
    scenario = scenario_label(kind, str(worst["scenario"]))
    return f" ({opening}{scenario[:1].lower()}{scenario[1:]}: {place})"


def _has_change(row: Record) -> bool:
    return not formatting.is_missing(row["largest_change_percent"])
