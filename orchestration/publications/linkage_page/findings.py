"""The linkage page in words: an auditor's questions how many, by which rule and who is missing.

Belongs here: sentences whose every figure is looked up. Not here: how surely (`accuracy_findings.py`), does it matter
(`effect_findings.py`), tables (`rule_tables.py` and its siblings), the studies (`orchestration/methods/linkage`)."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from orchestration.publications.linkage_page.figure_text import SHORT_SOURCES, rule_label
from orchestration.publications.linkage_page.words import SUBJECTS, category_label, judgement_name
from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import Tables
from orchestration.publications.shared.records import Record, records

SUBJECT_KINDS = {"characteristic": "characteristics", "judgement": "judgements", "need": "needs"}
FEW_PER_COEFFICIENT = 10  # unmatched cases for each coefficient of the model of being matched
_STATUS_PHRASES = {
    "ambiguous": "ambiguous (a rule reached two people)",
    "no_record_in_window": "with a person found but no record inside the window",
    "no_person": "without a record that satisfies any rule",
}


@dataclass(frozen=True)
class Answer:
    """The answer to one question: first in a sentence or two, then in more detail."""

    first: list[str]
    more: list[str]


def how_many(tables: Tables) -> Answer:
    """Matched cases of each source, and how the others ended."""
    first, more = [], []
    for source, subject in SUBJECTS.items():
        rows = {row["status"]: row for row in rows_of(tables["linkage_statuses"], source=source)}
        matched = rows.get("matched")
        if matched is None or not matched["eligible"]:
            first.append(f"No case was eligible for matching to {subject}.")
            continue
        first.append(
            f"{formatting.number(matched['n'])} of {formatting.number(matched['eligible'])} eligible cases "
            f"({formatting.number(matched['share'], 1, '%')}) were matched to {subject}."
        )
        others = [
            f"{formatting.number(rows[status]['n'])} {phrase}"
            for status, phrase in _STATUS_PHRASES.items()
            if status in rows and rows[status]["n"]
        ]
        if others:
            left = formatting.number(matched["eligible"] - matched["n"])
            more.append(f"{SHORT_SOURCES[source]}: not matched {left}, of them {'; '.join(others)}.")
    return Answer(first, more)


def which_rule(tables: Tables) -> Answer:
    """The rule that decided most, how many links rest on others, and reviewers' overrides."""
    first, more = [], []
    for source, subject in SUBJECTS.items():
        found = rows_of(tables["linkage_rules"], source=source)
        links = sum(row["decided"] for row in found)
        rules = [row for row in found if row["rule_rank"]]  # rank 0 is a reviewer's override
        most = max(rules, key=lambda row: row["decided"], default=None)
        if most is None or not most["decided"]:
            first.append(f"No rule decided any link to {subject}.")
            continue
        decisive = sum(1 for row in rules if row["decided"])
        first.append(
            f'The rule "{rule_label(most["rule"])}" decided {formatting.number(most["decided"])} of '
            f"{formatting.number(links)} links to {subject} ({_share(most['decided'], links)})."
        )
        more.append(
            f"{SHORT_SOURCES[source]}: {decisive} of {len(rules)} rules decided at least one link; "
            f"{formatting.number(links - most['decided'])} links ({_share(links - most['decided'], links)}) do not "
            "rest on the commonest."
        )
    return Answer(first, [*more, *_override_sentences(tables)])


def _override_sentences(tables: Tables) -> list[str]:
    counts = tables["linkage_overrides"]
    if counts.empty:
        return ["No reviewer's override was given."]
    applied = int(counts.loc[counts["outcome"] == "applied", "n"].sum())
    total, last = int(counts["n"].sum()), pd.Timestamp(counts["latest_review_date"].max())
    return [
        f"Reviewers' overrides: {formatting.number(total)} given, the latest on {last.day} {last:%B %Y}; "
        f"{formatting.number(applied)} in force, {formatting.number(total - applied)} refused."
    ]


def who_is_missing(tables: Tables) -> Answer:
    """Where the unmatched differ most from the matched, and how much of it survives many tests."""
    first, more = [], []
    for source, subject in SUBJECTS.items():
        summary = rows_of(tables["match_bias_summary"], source=source)
        largest = [row for row in summary if row["measure"] == "largest_standardised_difference"]
        if not largest:
            first.append(f"{SHORT_SOURCES[source]}: nothing to compare, for no case is unmatched or none is matched.")
            continue
        tests, significant = (_total(summary, name) for name in ("tests", "tests_significant_after_holm"))
        first.append(
            f"Cases not matched to {subject} differ most from the matched in "
            f"{_place(max(largest, key=lambda row: row['value']))}. Allowing for the number of tests, "
            f"{formatting.number(significant)} of {formatting.number(tests)} comparisons "
            f"{'is' if significant == 1 else 'are'} significant."
        )
        more += [_kind_sentence(source, kind, summary) for kind in SUBJECT_KINDS if _about(summary, kind, "tests")]
        more += [_model_sentence(row, subject) for row in rows_of(tables["match_models"], source=source)]
    return Answer(first, more)


def _kind_sentence(source: str, kind: str, summary: list[Record]) -> str:
    tests, significant = (_about(summary, kind, name) for name in ("tests", "tests_significant_after_holm"))
    largest = _about(summary, kind, "largest_standardised_difference")
    most = f"most in {_place(largest[0])}; " if largest else ""
    return (
        f"{SHORT_SOURCES[source]}, by {SUBJECT_KINDS[kind]}: {most}{formatting.number(significant[0]['value'])} of "
        f"{formatting.number(tests[0]['value'])} tests significant."
    )


def _model_sentence(row: Record, subject: str) -> str:
    if formatting.is_missing(row["c_statistic"]):
        return f"No model of being matched to {subject} could be fitted."
    few = row["unmatched_per_coefficient"]
    caution = (
        f" With {formatting.number(few, 1)} unmatched cases for each coefficient, that flatters."
        if few < FEW_PER_COEFFICIENT
        else ""
    )
    return (
        f"Whether a case was matched to {subject} can be told from its characteristics and judgements with a "
        f"c-statistic of {formatting.number(row['c_statistic'], 2)} (0.5: not at all; 1: surely).{caution}"
    )


def rows_of(frame: pd.DataFrame, **wanted: Any) -> list[Record]:
    """The rows whose columns hold the wanted values."""
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    return records(frame)


def _about(summary: list[Record], kind: str, measure: str) -> list[Record]:
    return [row for row in summary if row["subject"] == kind and row["measure"] == measure]


def _total(summary: list[Record], measure: str) -> float:
    return sum(row["value"] for row in summary if row["measure"] == measure)


def _share(part: float, whole: float) -> str:
    return formatting.number(100 * part / whole, 1, "%")


def _place(row: Record) -> str:
    name, size = judgement_name(str(row["item"])), formatting.number(row["value"], 2)
    if formatting.is_missing(row["category"]):
        return f"{name} (standardised difference {size})"
    return f'{name}, answer "{category_label(row["item"], row["category"]).lower()}" (standardised difference {size})'
