"""The tables of the linkage page: how many, and by which rule.

Belongs here: counts of statuses, rules and overrides laid out for readers. Not here: how sure the links are
(`accuracy_tables.py`), who is missing and whether it matters (`effect_tables.py`), the counting
(`orchestration/methods/linkage`).
"""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from orchestration.publications.linkage_page.figure_text import rule_label
from orchestration.publications.linkage_page.words import SOURCE, words
from orchestration.publications.shared.published_table import ROW_GROUP, Column, PublishedTable, Tables
from orchestration.publications.shared.words import SOURCE_LABELS

STATUS_LABELS = {
    "matched": "Matched",
    "ambiguous": "Ambiguous: a rule reached two people",
    "no_record_in_window": "Person found, no record inside the window",
    "no_person": "No record satisfies any rule",
}
OUTCOME_LABELS = {
    "applied": "in force",
    "refused_outside_window": "refused, the record lies outside the window",
    "refused_two_records": "refused, the case had two records to link",
}


def table_statuses(tables: Tables, _level: float) -> PublishedTable:
    """How the eligible cases ended; a source's rows add up to its eligible cases."""
    counts = tables["linkage_statuses"]
    frame = counts.assign(label=counts["status"].map(STATUS_LABELS))
    frame[ROW_GROUP] = by_source(counts)
    columns = (
        Column("label", "Status"),
        Column("n", "Cases", decimals=0),
        Column("eligible", "Eligible", decimals=0),
        Column("share", "Share", decimals=1, suffix="%"),
    )
    notes = ("Eligible: for terminations the inspected cases with a community sentence, for reoffending all cases.",)
    return PublishedTable("L1", "How the eligible cases ended", SOURCE, columns, frame, notes)


def table_rules(tables: Tables, _level: float) -> PublishedTable:
    """What each rule did and, where the truth is known, how many of its links are right."""
    counts, quality = tables["linkage_rules"], tables["linkage_quality"]
    judged = quality[(quality["item"] == "rule") & (quality["measure"] == "precision")]
    judged = judged.rename(columns={"category": "rule", "value": "precision"})
    frame = counts.merge(
        judged[["source", "rule", "precision", "ci_low", "ci_high"]], on=["source", "rule"], how="left"
    )
    frame = frame.assign(label=frame["rule"].map(rule_label))
    frame[ROW_GROUP] = by_source(frame)
    columns = (
        Column("label", "Rule, in the order tried"),
        Column("tried", "Cases tried on", decimals=0),
        Column("left_ambiguous", "Left ambiguous", decimals=0),
        Column("decided", "Decided", decimals=0),
        Column("share_of_matched", "Share of matched", decimals=1, suffix="%"),
        *share_columns("Right", "Against the truth", value="precision"),
    )
    notes = (
        "All identifiers that a rule names have to agree. PNC: identifier on the Police National Computer; CRN: case "
        "reference number; birthday: date of birth.",
        "A rule is tried on the cases that no rule before it decided or left ambiguous. Right: links to a record of "
        "the case's person, where a truth file says whose each record is. Intervals: Wilson's, 95%.",
    )
    return PublishedTable("L2", "What each rule decided", SOURCE, columns, frame, notes)


def table_overrides(tables: Tables, _level: float) -> PublishedTable:
    """Reviewers' overrides and what became of them."""
    counts = tables["linkage_overrides"]
    frame = counts.assign(
        label=[
            f"{words(decision)}: {OUTCOME_LABELS.get(outcome) or words(outcome).lower()}"
            for decision, outcome in zip(counts["decision"].astype(str), counts["outcome"].astype(str), strict=True)
        ],
        latest_review_date=counts["latest_review_date"].astype("str"),
    )
    frame[ROW_GROUP] = by_source(counts)
    columns = (
        Column("label", "Decision and what became of it"),
        Column("n", "Overrides", decimals=0),
        Column("latest_review_date", "Latest review"),
    )
    notes = ("An override is a reviewer's decision on one case and one record. It never breaks the window.",)
    return PublishedTable("L3", "Reviewers' overrides", SOURCE, columns, frame, notes)


def by_source(frame: pd.DataFrame) -> list[str]:
    """The heading of each row's source."""
    return [SOURCE_LABELS[source] for source in frame["source"]]


def in_order(frame: pd.DataFrame, orders: Mapping[str, Iterable[str]], then: Sequence[str] = ()) -> pd.DataFrame:
    """The rows sorted by columns of codes, each in the order given for it, and `then` by other columns."""
    places = {name: {code: place for place, code in enumerate(codes)} for name, codes in orders.items()}
    keys = pd.DataFrame({name: frame[name].map(places[name]) for name in places} | {name: frame[name] for name in then})
    return frame.loc[keys.sort_values(list(keys.columns), kind="stable").index].reset_index(drop=True)


def share_columns(
    heading: str = "Share", group: str = "", prefix: str = "", value: str = "value"
) -> tuple[Column, ...]:
    """A percentage with the ends of its interval; `prefix`: what the names of the frame's columns begin with."""
    names = {value: heading, "ci_low": "95% low", "ci_high": "95% high"}
    return tuple(Column(f"{prefix}{name}", words, group, 1, "%") for name, words in names.items())
