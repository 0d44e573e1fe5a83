"""The linkage page in words: an auditor's question how surely.

Belongs here: sentences on accuracy against the truth, from clerical review and beside Splink's links. Not here: the
other questions (`findings.py`), tables (`accuracy_tables.py`, `opinion_tables.py`).
"""

from orchestration.publications.linkage_page.accuracy_tables import MEASURE_LABELS, reason_of
from orchestration.publications.linkage_page.figure_text import SHORT_SOURCES
from orchestration.publications.linkage_page.findings import Answer, rows_of
from orchestration.publications.linkage_page.opinion_tables import AGREEMENT
from orchestration.publications.linkage_page.words import SUBJECTS
from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import Tables
from orchestration.publications.shared.records import Record

_OUTCOME_MEASURES = ("termination_reason_differs", "reoffended_differs", "reoffences_differs")


def how_surely(tables: Tables) -> Answer:
    """Precision and recall against the truth, or else from review; then losses, review and second opinion."""
    truth = [text for source in SUBJECTS for text in _accuracy_sentences(tables, source)]
    review = _review_sentences(tables)
    first = truth or review or ["Neither a truth file nor a clerical review tells how sure the links are."]
    return Answer(
        first,
        [
            *([] if truth else ["No truth file says whose each record is, so no link is judged against a truth."]),
            *(text for source in SUBJECTS for text in _loss_sentences(tables, source)),
            *(review if truth else []),
            *_review_state(tables, review),
            *_opinion_sentences(tables),
        ],
    )


def _accuracy_sentences(tables: Tables, source: str) -> list[str]:
    found = _whole(tables, source)
    texts = []
    for measure, opening in (
        ("precision", f"Of the links to {SUBJECTS[source]}, {{}} are to a record of the case's person"),
        ("recall", f"Of the cases that can be linked to {SUBJECTS[source]}, {{}} are linked to one"),
    ):
        row = found.get(measure)
        if row is not None and not formatting.is_missing(row["value"]):
            share = opening.format(formatting.number(row["value"], 1, "%"))
            texts.append(f"{share} ({measure}; {_of_total(row)}, 95% interval {_interval(row)}).")
    return [" ".join(texts)] if texts else []


def _loss_sentences(tables: Tables, source: str) -> list[str]:
    found, sentences = _whole(tables, source), []
    for kind, noun in (("missed_link", "missed links"), ("false_link", "false links")):
        losses = [row for row in rows_of(tables["linkage_losses"], source=source, kind=kind) if row["n"]]
        if losses:
            most = max(losses, key=lambda row: row["n"])
            sentences.append(
                f"{SHORT_SOURCES[source]}, {noun}: {formatting.number(sum(row['n'] for row in losses))}; "
                f"the commonest reason, {formatting.number(most['n'])}: {reason_of(kind, most['reason'])}."
            )
    kept = found.get("cases_kept_by_blocks")
    if kept is not None and kept["n"]:
        sentences.append(
            f"{SHORT_SOURCES[source]}, cases that can be linked and were never compared with a record of their person: "
            f"{formatting.number(kept['n'] - kept['numerator'])} of {formatting.number(kept['n'])}."
        )
    for measure in _OUTCOME_MEASURES:
        if measure in found and found[measure]["n"]:
            label = MEASURE_LABELS[measure]
            sentences.append(f"{SHORT_SOURCES[source]}, {label[:1].lower()}{label[1:]}: {_of_total(found[measure])}.")
    return sentences


def _review_sentences(tables: Tables) -> list[str]:
    """Estimates of the review that stands; one that is superseded, or of other links, is none."""
    return [
        f"{SHORT_SOURCES[row['source']]}: {row['measure']} of {formatting.number(row['value'], 1, '%')}, 95% interval "
        f"{_interval(row)}, estimated from {formatting.number(row['n_reviewed'])} cases reviewed by hand."
        for row in rows_of(tables["linkage_review"], status="current", stratum="all")
        if row["measure"] in ("precision", "recall") and not formatting.is_missing(row["value"])
    ]


def _review_state(tables: Tables, current: list[str]) -> list[str]:
    review = tables["linkage_review"]
    if review.empty:
        return ["No clerical review has been imported."]
    stale = review.loc[review["status"] == "stale", "sample"].nunique()
    changed = [f"Clerical reviews left out, because links have changed since their sample was drawn: {stale}."]
    nothing = [] if current else ["No clerical review of the links as they stand gives an estimate."]
    return [*nothing, *(changed if stale else [])]


def _opinion_sentences(tables: Tables) -> list[str]:
    agreement = tables.get(AGREEMENT)
    if agreement is None or agreement.empty:
        return ["No second opinion was asked for on these extracts."]
    lowest = agreement["threshold"].min()
    return [
        f"{SHORT_SOURCES[row['source']]}: Splink, trained on the same extracts, gives the same answer for "
        f"{_of_total(row)} cases ({formatting.number(row['value'], 1, '%')}; pairs of match probability "
        f"{row['threshold']:g} and above)."
        for row in rows_of(agreement, measure="same_answer", threshold=lowest)
    ]


def _whole(tables: Tables, source: str) -> dict[str, Record]:
    return {row["measure"]: row for row in rows_of(tables["linkage_quality"], source=source, item="all_cases")}


def _interval(row: Record) -> str:
    return f"{formatting.number(row['ci_low'], 1)} to {formatting.number(row['ci_high'], 1, '%')}"


def _of_total(row: Record) -> str:
    return f"{formatting.number(row['numerator'])} of {formatting.number(row['n'])}"
