"""The linkage page in words: an auditor's five questions, answered from the results tables.

Belongs here: sentences whose every figure is looked up. Not here: tables (`linkage_tables.py`,
`linkage_effect_tables.py`), the studies (`methods/linkage`).
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from orchestration.publications import formatting
from orchestration.publications.headlines import PROMPT_NAMES
from orchestration.publications.linkage_effect_tables import KIND_LABELS, MODEL_TITLES, scenario_label
from orchestration.publications.linkage_tables import category_label, item_label, words
from orchestration.publications.records import Record, records
from orchestration.publications.sensitivity_figure_text import rule_label

Tables = Mapping[str, pd.DataFrame]
SUBJECTS = {"terminations": "the terminations data", "reoffending": "the reoffending data"}
SHORT = {"terminations": "Terminations", "reoffending": "Reoffending"}


_STATUS_PHRASES = {
    "ambiguous": "could not be told apart from another person",
    "no_record_in_window": "had a person but no record inside the window",
    "no_person": "had no record that satisfies any rule",
}


def judgement_name(item: str) -> str:
    """A judgement in a few words: "the working relationship"; other items by their label."""
    names = {**PROMPT_NAMES, "engagement": "engagement", "desistance": "desistance"}
    return names.get(item) or item_label(item).lower()


def coefficient_name(coefficient: str) -> str:
    """A coefficient in a few words: the judgement, with its answer where that is not yes."""
    item, _, level = coefficient.partition("=")
    return judgement_name(item) if level in ("yes", "") else f"{judgement_name(item)}: {words(level).lower()}"


def how_many(tables: Tables) -> list[str]:
    """Matched cases of each source, and how the others ended."""
    sentences = []
    for source, subject in SUBJECTS.items():
        rows = {row["status"]: row for row in _of(tables["linkage_statuses"], source=source)}
        if not rows or not rows["matched"]["eligible"]:
            continue
        matched = rows["matched"]
        others = [
            f"{formatting.number(row['n'])} {_STATUS_PHRASES[status]}"
            for status, row in rows.items()
            if status != "matched" and row["n"]
        ]
        ending = f" Of the others, {', '.join(others)}." if others else ""
        sentences.append(
            f"{formatting.number(matched['n'])} of {formatting.number(matched['eligible'])} eligible cases "
            f"({formatting.number(matched['share'], 1, '%')}) were matched to {subject}.{ending}"
        )
    return sentences


def which_rule(tables: Tables) -> list[str]:
    """The rules that decided most, and how many links rest on the later ones."""
    sentences = []
    for source, subject in SUBJECTS.items():
        rows = [row for row in _of(tables["linkage_rules"], source=source) if row["decided"]]
        if not rows:
            continue
        first = max(rows, key=lambda row: row["decided"])
        decided = sum(row["decided"] for row in rows)
        sentences.append(
            f"Of the links to {subject}, {_share(first['decided'], decided)} were decided by the rule "
            f'"{rule_label(first["rule"])}" ({formatting.number(first["decided"])} of {formatting.number(decided)}); '
            f"{len(rows)} of {_n_rules(tables, source)} rules decided any."
        )
    return [*sentences, *_override_sentences(tables)]


def _n_rules(tables: Tables, source: str) -> int:
    return len(_of(tables["linkage_rules"], source=source))


def _override_sentences(tables: Tables) -> list[str]:
    counts = tables["linkage_overrides"]
    if counts.empty:
        return ["No reviewer's override was in force."]
    applied = int(counts.loc[counts["outcome"] == "applied", "n"].sum())
    total, last = int(counts["n"].sum()), pd.Timestamp(counts["latest_review_date"].max())
    refused = f"; {formatting.number(total - applied)} were refused" if total > applied else ""
    given = "override was" if total == 1 else "overrides were"
    return [
        f"{formatting.number(total)} reviewers' {given} given, the latest on {last.day} {last:%B %Y}: "
        f"{formatting.number(applied)} in force{refused}."
    ]


def how_surely(tables: Tables) -> list[str]:
    """Precision and recall against the truth and from review, and the commonest reason of a loss."""
    sentences = []
    for source in SUBJECTS:
        sentences += _accuracy_sentences(tables, source)
    if not sentences:
        sentences.append("No truth file says whose each record is, so the links could not be judged against a truth.")
    return sentences + _review_sentences(tables)


def _accuracy_sentences(tables: Tables, source: str) -> list[str]:
    found = {row["measure"]: row for row in _of(tables["linkage_quality"], source=source, item="all_cases")}
    if "precision" not in found or formatting.is_missing(found["precision"]["value"]):
        return []
    precision, recall = found["precision"], found["recall"]
    sentences = [
        f"{SHORT[source]}: {_of_total(precision)} links are to a record of the case's person (precision "
        f"{_with_interval(precision)}); {_of_total(recall)} cases that could be linked were linked to one (recall "
        f"{_with_interval(recall)})."
    ]
    kept = found.get("cases_kept_by_blocks")
    if kept is not None and kept["n"] and kept["numerator"] < kept["n"]:
        sentences.append(
            f"{SHORT[source]}: {formatting.number(kept['n'] - kept['numerator'])} cases that could be linked were "
            "never compared with a record of their person, because no block holds both."
        )
    return sentences


def _review_sentences(tables: Tables) -> list[str]:
    sentences = []
    for row in _of(tables["linkage_review"], stratum="all"):
        if row["measure"] in ("precision", "recall") and not formatting.is_missing(row["value"]):
            stale = "" if row["status"] == "current" else " The links have changed since the sample was drawn."
            sentences.append(
                f"{SHORT[row['source']]}: {row['measure']} estimated from {formatting.number(row['n_reviewed'])} pairs "
                f"reviewed by hand: {_with_interval(row)}.{stale}"
            )
    return sentences or ["No clerical review has been imported."]


def who_is_missing(tables: Tables) -> list[str]:
    """Where the unmatched differ most from the matched, and how much of it survives many tests."""
    sentences = []
    for source, subject in SUBJECTS.items():
        for kind, noun in (("characteristic", "characteristics"), ("judgement", "judgements")):
            summary = {row["measure"]: row for row in _of(tables["match_bias_summary"], source=source, subject=kind)}
            largest, tests = summary.get("largest_standardised_difference"), summary.get("tests")
            if largest is None or tests is None:
                continue
            significant = summary["tests_significant_after_holm"]
            sentences.append(
                f"{SHORT[source]}: among {noun}, matched and unmatched cases differ most in {_place(largest)} "
                f"(standardised difference {formatting.number(largest['value'], 2)}). Allowing for the many tests, "
                f"{formatting.number(significant['value'])} of {formatting.number(tests['value'])} are significant."
            )
        for row in _of(tables["match_models"], source=source):
            if not formatting.is_missing(row["c_statistic"]):
                sentences.append(
                    f"Whether a case was matched to {subject} can be told from its characteristics and judgements with "
                    f"a c-statistic of {formatting.number(row['c_statistic'], 2)} (0.5 would be not at all)."
                )
    return sentences


def does_it_matter(tables: Tables) -> list[str]:
    """The largest change that weights and other linkage choices make to any judgement's ratio."""
    return [*_weight_sentences(tables), *_sensitivity_sentences(tables)]


def _weight_sentences(tables: Tables) -> list[str]:
    summary = tables["match_bias_summary"]
    changes = _of(summary, measure="largest_ratio_change")
    if not changes:
        return []
    largest = max(changes, key=lambda row: abs(row["value"]))
    turned = sum(int(row["value"]) for row in _of(summary, measure="terms_changing_significance"))
    turned_text = (
        "no term changes"
        if not turned
        else f"{turned} term{'s' if turned > 1 else ''} change{'' if turned > 1 else 's'}"
    )
    sentences = [
        "With weights that let the matched stand for all eligible cases, no ratio of a judgement changes by more than "
        f"{formatting.number(abs(largest['value']), 1, '%')} ({coefficient_name(str(largest['item']))}; "
        f"{MODEL_TITLES[largest['subject']]}: {formatting.number(largest['before'], 2)} to "
        f"{formatting.number(largest['after'], 2)}), and {turned_text} its significance."
    ]
    for row in _of(summary, measure="all_cases_change"):
        unit = "mean_count" if row["subject"] == "reoffences" else "percent"
        sentences.append(
            f"{_OUTCOME_NAMES[row['subject']]}: {formatting.measure(row['before'], unit)} published, "
            f"{formatting.measure(row['after'], unit)} weighted."
        )
    return sentences


_OUTCOME_NAMES = {
    "termination_positive": "Positive terminations",
    "reoffended": "Reoffended within one year",
    "reoffences": "Reoffences of those who reoffended",
}


def _sensitivity_sentences(tables: Tables) -> list[str]:
    sentences = []
    for row in _of(tables["sensitivity_summary"]):
        if row["scenario"] != "all" or formatting.is_missing(row["largest_change_percent"]):
            continue
        worst = _largest_of(tables, row["kind"])
        sentences.append(
            f"{KIND_LABELS[row['kind']]}: the largest change of a judgement's ratio is "
            f"{formatting.number(row['largest_change_percent'], 1, '%')}{worst}. Of "
            f"{formatting.number(row['n_tests'])} tests, {formatting.number(row['n_significance_lost'])} lose and "
            f"{formatting.number(row['n_significance_gained'])} gain significance in some scenario."
        )
    return sentences


def _largest_of(tables: Tables, kind: str) -> str:
    """In which scenario the change is largest, for those that have several."""
    rows = [row for row in _of(tables["sensitivity_summary"], kind=kind) if row["scenario"] != "all"]
    rows = [row for row in rows if not formatting.is_missing(row["largest_change_percent"])]
    if not rows:
        return ""
    worst = max(rows, key=lambda row: row["largest_change_percent"])
    return f" ({_lower_first(scenario_label(kind, str(worst['scenario'])))})"


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _of(frame: pd.DataFrame, **wanted: Any) -> list[Record]:
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    return records(frame)


def _share(part: float, whole: float) -> str:
    return formatting.number(100 * part / whole, 1, "%") if whole else formatting.NOT_APPLICABLE


def _with_interval(row: Record) -> str:
    interval = f"{formatting.number(row['ci_low'], 1)} to {formatting.number(row['ci_high'], 1, '%')}"
    return f"{formatting.number(row['value'], 1, '%')}, 95% interval {interval}"


def _of_total(row: Record) -> str:
    return f"{formatting.number(row['numerator'])} of {formatting.number(row['n'])}"


def _place(row: Record) -> str:
    name = judgement_name(str(row["item"]))
    if formatting.is_missing(row["category"]):
        return name
    category = "no answer" if row["category"] == "missing" else category_label(row["item"], row["category"]).lower()
    return f'{name} ("{category}")'
