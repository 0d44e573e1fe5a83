"""The tables of the linkage page: how many, by which rule, how surely.

Belongs here: counts, accuracy and losses laid out for readers. Not here: who is missing and whether it matters
(`linkage_effect_tables.py`), the counting (`methods/linkage`).
"""

from collections.abc import Mapping

import pandas as pd

from orchestration.methods.layout import ITEM_BY_CODE
from orchestration.methods.linkage.losses import FALSE_REASONS, MISSED_REASONS, REJECTED
from orchestration.publications.published_table import ROW_GROUP, Column, PublishedTable
from orchestration.publications.sensitivity_figure_text import rule_label

Tables = Mapping[str, pd.DataFrame]
SOURCE = "Linkage of inspections with terminations and reoffending data"
SOURCE_LABELS = {
    "terminations": "Terminations (community sentences)",
    "reoffending": "Proven reoffending (all cases)",
}
STATUS_LABELS = {
    "matched": "Matched",
    "ambiguous": "Ambiguous: a rule reached two people",
    "no_record_in_window": "Person found, no record inside the window",
    "no_person": "No record satisfies any rule",
}
MEASURE_LABELS = {
    "precision": "Matched cases whose record is of their person (precision)",
    "recall": "Linkable cases matched to a record of their person (recall)",
    "f1": "Harmonic mean of the two (F1)",
    "closest_true_record": "True links that are to the closest true record",
    "specificity": "Cases that cannot be linked and stayed unmatched",
    "linkable": "Cases that can be linked at all",
    "cases_kept_by_blocks": "Linkable cases with a true record compared",
    "pairs_kept_by_blocks": "True pairs inside the window that were compared",
    "linked_although_pair_lost": "Cases linked although one of their true pairs was never compared",
    "precision_of_records": "Records combined that are true",
    "recall_of_records": "True records inside the window that were combined",
    "termination_reason_differs": "Matched cases with another termination reason than their true records say",
    "reoffended_differs": "Matched cases whose reoffending differs from their true records",
    "reoffences_differs": "Matched cases whose number of reoffences differs from their true records",
    "lost_before_linkage": "Cases whose only true record was rejected before linkage",
}
KIND_LABELS = {
    "false_link": "false links",
    "missed_link": "missed links",
    "lost_before_linkage": "lost before linkage",
}
REASON_LABELS = {**FALSE_REASONS, **MISSED_REASONS, REJECTED: "the only true record was rejected before linkage"}
INTERVAL_NOTE = "Intervals: Wilson's, 95%."
NO_TRUTH = "Without a truth file there is nothing to show here; see the estimates from clerical review."


def item_label(item: str) -> str:
    """A characteristic in words."""
    known = {"provider_type": "Provider type", "all_cases": "All cases"}
    return known.get(item) or (ITEM_BY_CODE[item].label if item in ITEM_BY_CODE else words(item))


def category_label(item: str, category: str) -> str:
    """A category in words; `missing` is one too."""
    labels = {c.code: c.label for c in ITEM_BY_CODE[item].categories} if item in ITEM_BY_CODE else {}
    combined = {"low_medium": "Low and medium together", "high_very_high": "High and very high together"}
    return labels.get(category) or combined.get(category) or words(category)


def words(code: str) -> str:
    """A code as words: `no_person` is "No person"."""
    text = code.replace("_", " ").strip()
    return {"crc": "CRC", "nps": "NPS"}.get(text, text[:1].upper() + text[1:])


def table_statuses(tables: Tables, _level: float) -> PublishedTable:
    """How the eligible cases ended; a source's rows add up to its eligible cases."""
    counts = tables["linkage_statuses"]
    frame = counts.assign(label=counts["status"].map(STATUS_LABELS))
    frame[ROW_GROUP] = _by_source(counts)
    columns = (
        Column("label", "Status"),
        Column("n", "Cases", decimals=0),
        Column("eligible", "Eligible", decimals=0),
        Column("share", "Share", decimals=1, suffix="%"),
    )
    return PublishedTable("L1", "How the eligible cases ended", SOURCE, columns, frame)


def table_rules(tables: Tables, _level: float) -> PublishedTable:
    """What each rule did and, where the truth is known, how many of its links are right."""
    counts, quality = tables["linkage_rules"], tables["linkage_quality"]
    judged = quality[(quality["item"] == "rule") & (quality["measure"] == "precision")]
    judged = judged.rename(columns={"category": "rule", "value": "precision"})
    frame = counts.merge(
        judged[["source", "rule", "precision", "ci_low", "ci_high"]], on=["source", "rule"], how="left"
    )
    frame = frame.assign(label=frame["rule"].map(rule_label))
    frame[ROW_GROUP] = _by_source(frame)
    columns = (
        Column("label", "Rule, in the order tried"),
        Column("tried", "Cases tried on", decimals=0),
        Column("left_ambiguous", "Left ambiguous", decimals=0),
        Column("decided", "Decided", decimals=0),
        Column("share_of_matched", "Share of matched", decimals=1, suffix="%"),
        Column("precision", "Right", "Against the truth", decimals=1, suffix="%"),
        Column("ci_low", "95% low", "Against the truth", decimals=1, suffix="%"),
        Column("ci_high", "95% high", "Against the truth", decimals=1, suffix="%"),
    )
    notes = (
        "A rule is tried on the cases that no rule before it decided. Right: links to a record of the case's person, "
        f"where a truth file says whose each record is. {INTERVAL_NOTE}",
    )
    return PublishedTable("L2", "What each rule decided", SOURCE, columns, frame, notes)


def table_overrides(tables: Tables, _level: float) -> PublishedTable:
    """Reviewers' overrides and what became of them."""
    counts = tables["linkage_overrides"]
    frame = counts.assign(
        label=[f"{words(decision)}: {words(outcome).lower()}" for decision, outcome in _pairs(counts)],
        latest_review_date=counts["latest_review_date"].astype("str"),
    )
    frame[ROW_GROUP] = _by_source(counts)
    columns = (
        Column("label", "Decision and what became of it"),
        Column("n", "Overrides", decimals=0),
        Column("latest_review_date", "Latest review"),
    )
    return PublishedTable("L3", "Reviewers' overrides", SOURCE, columns, frame)


def _pairs(counts: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(counts["decision"].astype(str), counts["outcome"].astype(str), strict=True))


def table_accuracy(tables: Tables, _level: float) -> PublishedTable:
    """The links against the truth, all cases together."""
    quality = tables["linkage_quality"]
    frame = quality[(quality["item"] == "all_cases") & quality["measure"].isin(list(MEASURE_LABELS))]
    frame = frame.assign(label=frame["measure"].map(MEASURE_LABELS)).reset_index(drop=True)
    frame[ROW_GROUP] = _by_source(frame)
    columns = (Column("label", "Measure"), *_share_columns())
    notes = (
        "A case can be linked when the truth has a record of its person inside the window. "
        f"Pairs that were never compared count as missed. {INTERVAL_NOTE} {NO_TRUTH if frame.empty else ''}".strip(),
    )
    return PublishedTable("L4", "Accuracy against the truth", SOURCE, columns, frame, notes)


def table_losses(tables: Tables, _level: float) -> PublishedTable:
    """False and missed links by their one main reason; reasons that never occurred are left out."""
    losses = tables["linkage_losses"]
    frame = losses[losses["n"] > 0].reset_index(drop=True)
    frame = frame.assign(label=[_sentence(REASON_LABELS[reason]) for reason in frame["reason"]])
    frame[ROW_GROUP] = [
        f"{group}: {KIND_LABELS[kind]}" for group, kind in zip(_by_source(frame), frame["kind"], strict=True)
    ]
    columns = (
        Column("label", "Reason"),
        Column("n", "Cases", decimals=0),
        Column("share", "Share", decimals=1, suffix="%"),
    )
    notes = ("Each link has one reason, the first that holds in the order of the documentation. " + NO_TRUTH,)
    return PublishedTable("L5", "Where links are lost, and why", SOURCE, columns, frame, notes)


def table_subgroups(tables: Tables, _level: float) -> PublishedTable:
    """Recall and precision by sub-group."""
    quality = tables["linkage_quality"]
    grouped = quality[~quality["item"].isin(["all_cases", "rule", "link"])]
    found: dict[tuple[str, str, str], dict[str, object]] = {}
    for row in grouped[grouped["measure"].isin(["recall", "precision"])].to_dict("records"):
        cell = found.setdefault((row["source"], row["item"], row["category"]), {})
        cell |= {f"{row['measure']}_{key}": row[key] for key in ("n", "value", "ci_low", "ci_high")}
    names = [f"{measure}_{key}" for measure in ("recall", "precision") for key in ("n", "value", "ci_low", "ci_high")]
    frame = pd.DataFrame(
        [
            {
                "label": category_label(item, category),
                ROW_GROUP: f"{SOURCE_LABELS[source].partition(' (')[0]}: {item_label(item).lower()}",
                **cell,
            }
            for (source, item, category), cell in found.items()
        ],
        columns=["label", ROW_GROUP, *names],
    )
    columns = (
        Column("label", "Category"),
        *_measure_columns("recall", "Linkable", "Recall"),
        *_measure_columns("precision", "Matched", "Precision"),
    )
    return PublishedTable("L6", "Accuracy by sub-group", SOURCE, columns, frame, (f"{INTERVAL_NOTE} {NO_TRUTH}",))


def _measure_columns(measure: str, base: str, heading: str) -> tuple[Column, ...]:
    return (
        Column(f"{measure}_n", base, heading, decimals=0),
        Column(f"{measure}_value", "Share", heading, decimals=1, suffix="%"),
        Column(f"{measure}_ci_low", "95% low", heading, decimals=1, suffix="%"),
        Column(f"{measure}_ci_high", "95% high", heading, decimals=1, suffix="%"),
    )


def table_review(tables: Tables, _level: float) -> PublishedTable:
    """Precision and recall estimated from clerical review, weighted back to the population."""
    review = tables["linkage_review"]
    frame = review[review["stratum"] == "all"].reset_index(drop=True)
    frame = frame.assign(
        label=[_sentence(words(measure)) for measure in frame["measure"]],
        reviewed=frame["last_reviewed_on"].astype("str"),
    )
    frame[ROW_GROUP] = [
        f"{group}, sample {sample}, {words(status).lower()}"
        for group, sample, status in zip(_by_source(frame), frame["sample"], frame["status"], strict=True)
    ]
    columns = (
        Column("label", "Measure"),
        Column("n_reviewed", "Pairs reviewed", decimals=0),
        Column("n_unsure", "Unsure", decimals=0),
        Column("value", "Estimate", decimals=1, suffix="%"),
        Column("ci_low", "95% low", decimals=1, suffix="%"),
        Column("ci_high", "95% high", decimals=1, suffix="%"),
        Column("reviewed", "Last reviewed"),
    )
    notes = ("Empty where no clerical review has been imported.",)
    return PublishedTable("L7", "Accuracy estimated from clerical review", SOURCE, columns, frame, notes)


def _share_columns() -> tuple[Column, ...]:
    return (
        Column("numerator", "Cases", decimals=0),
        Column("n", "Of", decimals=0),
        Column("value", "Share", decimals=1, suffix="%"),
        Column("ci_low", "95% low", decimals=1, suffix="%"),
        Column("ci_high", "95% high", decimals=1, suffix="%"),
    )


def _by_source(frame: pd.DataFrame) -> list[str]:
    return [SOURCE_LABELS[source] for source in frame["source"]]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
