"""The tables of the linkage page: how surely.

Belongs here: accuracy against the truth and from clerical review, and losses, laid out for readers. Not here: the
measuring (`methods/linkage`), Splink's second opinion (`opinion_tables.py`).
"""

from typing import Any

import pandas as pd

from orchestration.methods.linkage.accuracy.losses import FALSE_REASONS, MISSED_REASONS, REJECTED
from orchestration.publications.linkage_page.rule_tables import by_source, in_order, share_columns
from orchestration.publications.linkage_page.words import FIELD_LABELS, SOURCE, category_label, item_label, words
from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import ROW_GROUP, Column, PublishedTable, Tables
from orchestration.publications.shared.records import records
from orchestration.publications.shared.words import SOURCE_LABELS

MEASURE_LABELS = {
    "precision": "Links that are to a record of the case's person (precision)",
    "recall": "Cases that can be linked, and are, to a record of their person (recall)",
    "f1": "Harmonic mean of precision and recall (F1)",
    "specificity": "Cases that cannot be linked, and are not",
    "linkable": "Cases that can be linked at all",
    "cases_kept_by_blocks": "Cases that can be linked, and were compared with a record of their person",
    "pairs_kept_by_blocks": "True pairs inside the window that were compared",
    "linked_although_pair_lost": "Cases linked although one of their true pairs was never compared",
    "closest_true_record": "True links that are to the person's closest record",
    "precision_of_records": "Records combined that are true",
    "recall_of_records": "True records inside the window that were combined",
    "termination_reason_differs": "Links with another termination reason than the true records say",
    "reoffended_differs": "Links whose reoffending differs from the true records",
    "reoffences_differs": "Links whose number of reoffences differs from the true records",
    "lost_before_linkage": "Cases whose only true record was rejected before linkage",
}
KIND_LABELS = {
    "false_link": "false links",
    "missed_link": "missed links",
    "lost_before_linkage": "lost before linkage",
}
REASON_LABELS = {
    **{("false_link", code): text for code, text in FALSE_REASONS.items()},
    **{("missed_link", code): text for code, text in MISSED_REASONS.items()},
    ("lost_before_linkage", REJECTED): "the only true record was rejected before linkage",
}
STATES = {"agrees": "Agrees", "disagrees": "Disagrees", "missing": "Missing", "invalid": "Invalid"}
REVIEW_MEASURES = {"precision": "Precision", "recall": "Recall", "f1": "Harmonic mean of the two (F1)"}
SHARE_COLUMNS = (
    Column("numerator", "Count", decimals=0),
    Column("n", "Of", decimals=0),
    *share_columns(),
)
INTERVAL_NOTE = "Intervals: Wilson's, 95%."
NO_TRUTH = "No truth file says whose each record is, so there is nothing to show here."


def table_accuracy(tables: Tables, _level: float) -> PublishedTable:
    """The links against the truth, all cases together, in the order of `MEASURE_LABELS`."""
    quality = tables["linkage_quality"]
    frame = quality[(quality["item"] == "all_cases") & quality["measure"].isin(list(MEASURE_LABELS))]
    frame = in_order(frame, {"source": SOURCE_LABELS, "measure": MEASURE_LABELS})
    is_mean = frame["measure"] == "f1"  # of two shares: a count of cases it is not
    frame = frame.assign(
        label=frame["measure"].map(MEASURE_LABELS),
        numerator=frame["numerator"].astype("Int64").mask(is_mean),
        n=frame["n"].astype("Int64").mask(is_mean),
    )
    frame[ROW_GROUP] = by_source(frame)
    notes = _notes(
        tables,
        "A case can be linked when the truth has a record of its person inside the window. Pairs that were never "
        f"compared count as missed. {INTERVAL_NOTE}",
    )
    columns = (Column("label", "Measure"), *SHARE_COLUMNS)
    return PublishedTable("L4", "Accuracy against the truth", SOURCE, columns, frame, notes)


def table_losses(tables: Tables, _level: float) -> PublishedTable:
    """False and missed links by their one main reason; reasons that never occurred are left out."""
    losses = tables["linkage_losses"]
    frame = losses[losses["n"] > 0].reset_index(drop=True)
    reasons = zip(frame["kind"], frame["reason"], strict=True)
    frame = frame.assign(label=[formatting.upper_first(REASON_LABELS[reason]) for reason in reasons])
    frame[ROW_GROUP] = _by_source_and_kind(frame)
    columns = (
        Column("label", "Reason"),
        Column("n", "Cases", decimals=0),
        Column("share", "Share of the kind", decimals=1, suffix="%"),
    )
    notes = _notes(
        tables,
        "Each link has one reason: the first that holds, in a fixed order. Reasons that never occurred are not shown.",
    )
    return PublishedTable("L5", "Where links are lost, and why", SOURCE, columns, frame, notes)


def table_loss_fields(tables: Tables, _level: float) -> PublishedTable:
    """Which fields agreed and disagreed in the pairs behind false and missed links, all reasons together."""
    seen: dict[tuple[str, str, str], dict[str, int]] = {}
    for row in records(tables["linkage_loss_fields"]):
        if row["field"] in FIELD_LABELS:
            counts = seen.setdefault((row["source"], row["kind"], row["field"]), dict.fromkeys(STATES, 0))
            counts[row["state"]] += int(row["n"])
    keys = sorted(seen, key=_place_of_field)
    frame = pd.DataFrame(
        [{"source": s, "kind": k, "label": FIELD_LABELS[f], **seen[s, k, f]} for s, k, f in keys],
        columns=["source", "kind", "label", *STATES],
    )
    frame[ROW_GROUP] = _by_source_and_kind(frame)
    columns = (
        Column("label", "Field"),
        *(Column(state, heading, "Pairs in which the field", decimals=0) for state, heading in STATES.items()),
    )
    notes = _notes(
        tables,
        "Of a missed link the case and its true record, of a false link the case and the record chosen. Missing: one "
        "side never had the field; invalid: one side had it, and cleaning set it aside (a placeholder, a wrong check "
        "letter). The reasons one by one are in linkage_loss_fields.csv.",
    )
    return PublishedTable("L6", "Which fields agreed where links are lost", SOURCE, columns, frame, notes)


def _place_of_field(keys: tuple[str, str, str]) -> tuple[int, int, int]:
    orders = (list(SOURCE_LABELS), list(KIND_LABELS), list(FIELD_LABELS))
    source, kind, field = (order.index(key) for order, key in zip(orders, keys, strict=True))
    return source, kind, field


def table_subgroups(tables: Tables, _level: float) -> PublishedTable:
    """Recall and precision by sub-group."""
    quality = tables["linkage_quality"]
    grouped = quality[~quality["item"].isin(["all_cases", "rule", "tier", "link"])]
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in records(grouped[grouped["measure"].isin(["recall", "precision"])]):
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
        Column("recall_n", "Can be linked", "Recall", decimals=0),
        *share_columns(group="Recall", prefix="recall_"),
        Column("precision_n", "Linked", "Precision", decimals=0),
        *share_columns(group="Precision", prefix="precision_"),
    )
    notes = _notes(tables, INTERVAL_NOTE)
    return PublishedTable("L7", "Accuracy by sub-group", SOURCE, columns, frame, notes)


def table_review(tables: Tables, _level: float) -> PublishedTable:
    """Accuracy estimated from the clerical review that stands, weighted back to the eligible cases."""
    review = tables["linkage_review"]
    chosen = (review["status"] == "current") & (review["stratum"] == "all") & review["measure"].isin([*REVIEW_MEASURES])
    frame = review[chosen].reset_index(drop=True)
    frame = frame.assign(
        label=frame["measure"].map(REVIEW_MEASURES),
        reviewed=frame["last_reviewed_on"].astype("str"),
    )
    frame[ROW_GROUP] = by_source(frame)
    columns = (
        Column("label", "Measure"),
        Column("n_reviewed", "Cases reviewed", decimals=0),
        Column("n_unsure", "Unsure", decimals=0),
        Column("n_open", "Not yet judged", decimals=0),
        *share_columns("Estimate"),
        Column("reviewed", "Last reviewed"),
    )
    notes = (
        "A random sample of cases was judged by people who did not see the link. The low limit counts every unsure "
        "verdict against the linkage, the high limit for it. Reviews of links that have changed since are left out.",
    )
    return PublishedTable("L8", "Accuracy estimated from clerical review", SOURCE, columns, frame, notes)


def _notes(tables: Tables, note: str) -> tuple[str, ...]:
    return (NO_TRUTH,) if tables["linkage_quality"].empty else (note,)


def _by_source_and_kind(frame: pd.DataFrame) -> list[str]:
    kinds = zip(by_source(frame), frame["kind"], strict=True)
    return [f"{group}: {KIND_LABELS[kind]}" for group, kind in kinds]


def reason_of(kind: str, code: str) -> str:
    """Why a link is false or missed, for the middle of a sentence; an unknown reason in its code's words."""
    return REASON_LABELS.get((kind, code)) or words(code).lower()
