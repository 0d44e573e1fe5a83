"""The tables of the linkage page: what other linkage choices would change.

Belongs here: the sensitivity study laid out for readers. Not here: its figures (`figures.py`), the study
(`orchestration/methods/linkage/choices`), weights (`effect_tables.py`).
"""

import pandas as pd

from orchestration.publications.linkage_page.figure_text import SHORT_SOURCES
from orchestration.publications.linkage_page.rule_tables import in_order
from orchestration.publications.linkage_page.words import KIND_LABELS, SOURCE, coefficient_place, scenario_label
from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import ROW_GROUP, Column, PublishedTable, Tables

ALL = "all"  # the scenario that sums up a kind
_COLUMNS = (
    Column("largest_change_percent", "Largest change of a ratio", decimals=1, suffix="%"),
    Column("n_direction_changed", "Ratios crossing 1", decimals=0),
    Column("n_not_estimable", "Ratios not estimable", decimals=0),
    Column("n_tests", "Tests", decimals=0),
    Column("n_significance_lost", "Significance lost", decimals=0),
    Column("n_significance_gained", "Significance gained", decimals=0),
    Column("where", "Where the change is largest"),
)
_CHANGE_NOTE = (
    "Change: how far the ratio and the published one are apart, in percent of the smaller of the two. Tests: of each "
    "judgement in each of the six models. False links: medians over the replicates."
)


def table_choices(tables: Tables, _level: float) -> PublishedTable:
    """One row a kind of choice: the most that any of its scenarios changes."""
    frame = _with_places(tables["sensitivity_summary"], is_total=True)
    frame = frame.assign(label=[KIND_LABELS[kind] for kind in frame["kind"]])
    notes = (f"A judgement's ratio or test counts once, however many scenarios change it. {_CHANGE_NOTE}",)
    columns = (Column("label", "Choice"), *_COLUMNS)
    return PublishedTable("L16", "What other linkage choices would change at most", SOURCE, columns, frame, notes)


def table_scenarios(tables: Tables, _level: float) -> PublishedTable:
    """One row a scenario: the largest change of any judgement's ratio, and the tests that change."""
    frame = _with_places(tables["sensitivity_summary"], is_total=False)
    frame = frame.assign(label=_labels(frame, _published_window(tables)))
    frame[ROW_GROUP] = [KIND_LABELS[kind] for kind in frame["kind"]]
    columns = (Column("label", "Scenario"), *_COLUMNS)
    return PublishedTable("L17", "What each other linkage choice would change", SOURCE, columns, frame, (_CHANGE_NOTE,))


def table_rates(tables: Tables, _level: float) -> PublishedTable:
    """Match rates and links by scenario; false links leave them as they are and are not among them."""
    rates = tables["sensitivity_match_rates"]
    frame = rates[rates["kind"].isin(["window", "left_out_rule", "rule_alone", "up_to_tier"])]
    frame = in_order(frame, {"kind": KIND_LABELS, "source": SHORT_SOURCES}, then=["scenario_order"])
    frame = frame.assign(label=_labels(frame, _published_window(tables)))
    frame[ROW_GROUP] = [
        f"{KIND_LABELS[kind]}: {SHORT_SOURCES[source].lower()}"
        for kind, source in zip(frame["kind"], frame["source"], strict=True)
    ]
    columns = (
        Column("label", "Scenario"),
        Column("matched", "Matched", decimals=0),
        Column("rate", "Match rate", decimals=1, suffix="%"),
        Column("ambiguous", "Ambiguous", decimals=0),
        Column("links_lost", "Links lost", decimals=0),
        Column("links_gained", "Links gained", decimals=0),
        Column("links_changed", "Other record", decimals=0),
    )
    notes = ("Lost, gained, to another record: against the published links.",)
    return PublishedTable("L18", "Match rates under other choices", SOURCE, columns, frame, notes)


def _with_places(summary: pd.DataFrame, is_total: bool) -> pd.DataFrame:
    frame = summary[(summary["scenario"] == ALL) == is_total]
    frame = in_order(frame, {"kind": KIND_LABELS}, then=["scenario_order"])
    places = zip(frame["largest_change_coefficient"], frame["largest_change_model"], strict=True)
    found = [
        None if pd.isna(name) or pd.isna(model) else formatting.upper_first(coefficient_place(name, model))
        for name, model in places
    ]
    return frame.assign(where=pd.Series(found, dtype="object"))


def _published_window(tables: Tables) -> set[str]:
    rates = tables["sensitivity_match_rates"]
    return set(rates.loc[(rates["kind"] == "window") & rates["is_default"].astype(bool), "scenario"].astype(str))


def _labels(frame: pd.DataFrame, published: set[str]) -> list[str]:
    labels = []
    for kind, scenario in zip(frame["kind"], frame["scenario"], strict=True):
        ending = " (as published)" if kind == "window" and scenario in published else ""
        labels.append(scenario_label(kind, str(scenario)) + ending)
    return labels
