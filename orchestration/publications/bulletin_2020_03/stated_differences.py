"""Differences that the bulletin's text states and no table of it holds, in words and as a table.

Belongs here: results.stated_differences laid out for readers. Not here: the differences (`methods/bulletin_2020_03`),
the figures stated in the text (`shared/stated_figures.py`).
"""

from orchestration.methods.layouts.layout_2020 import GROUP_BY_ITEM, MEASURE_BY_CODE
from orchestration.publications.bulletin_2020_03.annex_tables import SOURCE
from orchestration.publications.bulletin_2020_03.associations import measure_name
from orchestration.publications.bulletin_2020_03.results_reader import NeedsResults
from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import (
    MISSING_TEXT,
    ROW_GROUP,
    Column,
    PublishedTable,
    Tables,
    is_below,
)
from orchestration.publications.shared.records import Record, records

_CASES = {"all": "All cases", "crc": "CRC cases", "nps": "NPS cases"}


def stated_table(tables: Tables, level: float) -> PublishedTable:
    """Each stated difference with its size, and its odds ratio with the other characteristics in the model."""
    frame = tables["stated_differences"].reset_index(drop=True)
    shown = frame.assign(
        label=[MEASURE_BY_CODE[code].label for code in frame["outcome"]], significant=is_below(frame["p_value"], level)
    )
    shown[ROW_GROUP] = [_heading(row) for row in records(frame)]
    shown[MISSING_TEXT] = formatting.NOT_ESTIMABLE
    columns = (
        Column("label", "Measure"),
        Column("n_first", "n", "The first", decimals=0),
        Column("percent_first", "% yes", "The first", decimals=1),
        Column("n_second", "n", "The second", decimals=0),
        Column("percent_second", "% yes", "The second", decimals=1),
        Column("gap", "Gap (points)", decimals=1),
        Column("odds_ratio", "Odds ratio", decimals=2, significant="significant", says_why=True),
        *(Column(f"ci_{end}", f"{100 * (1 - level):g}% {end}", decimals=2) for end in ("low", "high")),
        Column("p_value", "p", decimals=3, is_p_value=True),
    )
    notes = (
        "Odds ratio: the second group of the heading against the first, the other characteristics accounted for "
        "(forced entry, complete cases).",
        *(f"Not estimable: {why}." for why in frame["not_estimable_because"].dropna().unique()),
    )
    return PublishedTable("V1", "Differences stated in the text", SOURCE, columns, shown, notes)


def _heading(row: Record) -> str:
    group = GROUP_BY_ITEM[str(row["item"])]
    labels = {category.code: category.label for category in group.categories}
    ends = " and ".join(labels[str(row[side])] for side in ("first_category", "second_category"))
    return f"{_CASES[str(row['provider_type'])]}: {formatting.lower_first(group.label)}, {ends}"


def by_provider(results: NeedsResults) -> list[str]:
    """Whether delivery differs by likelihood of reoffending in CRC and in NPS cases alike (2020/03, 2.3.1)."""
    frame = results.tables["stated_differences"]
    return [
        f"{_CASES[provider_type]}, a high or very high likelihood against a low one: {'; '.join(parts)}."
        for provider_type in ("crc", "nps")
        for own in [frame[frame["provider_type"] == provider_type]]
        if (parts := [_part(results, row) for row in records(own)])
    ]


def asian_strengths(results: NeedsResults) -> list[str]:
    """How many strengths are commoner among Asian than among White people (2020/03, 2.2.2)."""
    frame = results.tables["stated_differences"]
    own = frame[(frame["item"] == "ethnicity") & frame["gap"].notna()]
    if own.empty:
        return []
    more = formatting.of_all(int((own["gap"] > 0).sum()), len(own), "strengths")
    return [
        f"Asian people had {more} more often than White people: "
        f"{'; '.join(_part(results, row) for row in records(own))}."
    ]


def _part(results: NeedsResults, row: Record) -> str:
    first, second = (formatting.number(row[f"percent_{side}"], 1, "%") for side in ("first", "second"))
    ratio = formatting.number(row["odds_ratio"], 2, missing=formatting.NOT_ESTIMABLE)
    p = "" if formatting.is_missing(row["p_value"]) else f", {formatting.p_phrase(row['p_value'])}"
    is_beyond = not formatting.is_missing(row["p_value"]) and row["p_value"] >= results.significance_level
    verdict = "; not significant" if is_beyond else ""
    name = measure_name(MEASURE_BY_CODE[str(row["outcome"])])
    sizes = "" if formatting.is_missing(row["percent_first"]) else f" {second} against {first}"
    return f"{name}{sizes} (odds ratio {ratio}{p}{verdict})"
