"""Pairs of needs, and of strengths, as tables for readers.

Belongs here: results.needs_cooccurrence laid out. Not here: the measures (`orchestration/methods/bulletin_2020_03`),
the heat map (`figures.py`), sentences about pairs (`findings.py`)."""

from orchestration.methods.layouts.layout_2020 import MEASURE_BY_CODE
from orchestration.publications.shared.published_table import Column, PublishedTable, Tables

SOURCE = "Inspection data"
_TITLES = {"needs": "needs that occur together", "strengths": "strengths that occur together"}


def pair_label(first: str, second: str) -> str:
    """A pair in words: "Lifestyle and drug misuse"."""
    one, other = MEASURE_BY_CODE[first].label, MEASURE_BY_CODE[second].label
    joint = ", and " if " and " in one or " and " in other else " and "
    return f"{one}{joint}{other if other.split(' ')[0].isupper() else other[:1].lower() + other[1:]}"


def pairs_table(kind: str, table_id: str, tables: Tables, significance_level: float) -> PublishedTable:
    """Every pair of one kind, the strongest by phi first (2020/03, 2.2.1)."""
    found = tables["needs_cooccurrence"]
    own = found[found["kind"] == kind].sort_values("phi", ascending=False, na_position="last", kind="stable")
    frame = own.reset_index(drop=True)
    frame["pair"] = [pair_label(first, second) for first, second in zip(frame["first"], frame["second"], strict=True)]
    interval = f"{100 * (1 - significance_level):g}%"
    columns = (
        Column("pair", "Pair"),
        Column("n_both", "Cases with both", decimals=0),
        Column("percent_both", "Both, % of all cases", decimals=1, suffix="%"),
        Column("percent_of_first", "% of first", "The other, among cases with the first or second", 1, "%"),
        Column("percent_of_second", "% of second", "The other, among cases with the first or second", 1, "%"),
        Column("phi", "Phi", decimals=3),
        Column("odds_ratio", "Odds ratio", decimals=2),
        Column("ci_low", f"{interval} low", decimals=2),
        Column("ci_high", f"{interval} high", decimals=2),
        Column("lift", "Lift", decimals=2),
        Column("jaccard", "Jaccard", decimals=3),
        Column("rank_phi", "Phi", "Rank by", 0),
        Column("rank_odds_ratio", "Odds ratio", "Rank by", 0),
        Column("rank_lift", "Lift", "Rank by", 0),
        Column("rank_jaccard", "Jaccard", "Rank by", 0),
        Column("rank_percent_both", "% with both", "Rank by", 0),
    )
    notes = (
        "Phi, the correlation of two yes or no answers, is the measure of strength used here; the bulletin does not "
        "name its own. 0: no relationship; 1: always together.",
        "Lift: cases with both against those expected were the two unrelated. Jaccard: cases with both among cases "
        "with either.",
    )
    return PublishedTable(table_id, f"Pairs of {_TITLES[kind]}", SOURCE, columns, frame, notes)
