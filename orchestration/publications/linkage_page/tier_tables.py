"""The tables of the linkage page: how certain the links are, and what the surer ones alone would say.

Belongs here: links and ratios by tier laid out for readers. Not here: single rules (`rule_tables.py`), other choices
(`choice_tables.py`), the estimates (`orchestration/methods/linkage`).
"""

import pandas as pd

from orchestration.publications.linkage_page.figure_text import is_key_question
from orchestration.publications.linkage_page.rule_tables import by_source, in_order, share_columns
from orchestration.publications.linkage_page.words import (
    MODEL_TITLES,
    SOURCE,
    coefficient_name,
    scenario_label,
    tier_label,
)
from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import ROW_GROUP, Column, PublishedTable, Tables

UP_TO_TIER = "up_to_tier"
BASES = {"truth": "Truth file", "review": "Clerical review"}


def table_tiers(tables: Tables, _level: float) -> PublishedTable:
    """Links by tier of certainty, and the probability that one is right."""
    frame = tables["linkage_tiers"]
    frame = frame.assign(label=frame["tier"].map(tier_label), estimated_from=frame["basis"].map(BASES))
    frame[ROW_GROUP] = by_source(frame)
    columns = (
        Column("label", "What agrees"),
        Column("links", "Links", decimals=0),
        Column("share_of_matched", "Share of matched", decimals=1, suffix="%"),
        Column("n_judged", "Judged", "Probability of being right", decimals=0),
        *share_columns("Estimate", "Probability of being right", value="probability"),
        Column("estimated_from", "Estimated from", "Probability of being right"),
    )
    notes = (
        "A link has the tier of the rule that decided it. The probability is estimated from the truth file where the "
        "source has one, else from the clerical review that stands: the share right of the links judged, in a review "
        "weighted to the tier's links. Intervals: 95%; Wilson's for the truth file.",
        "No link judged wrong does not make the probability 100%: read the lower end.",
    )
    return PublishedTable("L19", "How certain the links are", SOURCE, columns, frame, notes)


def table_ratios_by_tier(tables: Tables, _level: float) -> PublishedTable:
    """The key questions' ratios with the surest rules alone, and with each tier added."""
    ratios = tables["sensitivity_ratios"]
    chosen = ratios[(ratios["kind"] == UP_TO_TIER) & is_key_question(ratios)]
    places = {name: list(dict.fromkeys(chosen[name])) for name in ("model_id", "coefficient")}
    frame = in_order(chosen, places, then=["scenario_order"])
    frame = frame.assign(label=[scenario_label(UP_TO_TIER, tier) for tier in frame["scenario"]])
    frame[ROW_GROUP] = pd.Series(
        [
            f"{formatting.upper_first(MODEL_TITLES[model])}: {coefficient_name(name)}"
            for model, name in zip(frame["model_id"], frame["coefficient"], strict=True)
        ],
        dtype="object",
    )
    columns = (
        Column("label", "Linked by"),
        Column("n", "Cases", decimals=0),
        Column("value", "Ratio", decimals=2),
        Column("ci_low", "95% low", decimals=2),
        Column("ci_high", "95% high", decimals=2),
        Column("change_percent", "Change of the ratio", decimals=1, suffix="%"),
        Column("term_p_value", "p", decimals=3, is_p_value=True),
    )
    notes = (
        "Odds ratios; for the number of reoffences rate ratios. Every case was linked again by the rules of the tier "
        "and of surer ones alone, and the published models fitted to what was found; the last line of each is as "
        "published. Change: how far the ratio and the published one are apart, in percent of the smaller of the two.",
    )
    return PublishedTable("L20", "The key questions by how certain the links are", SOURCE, columns, frame, notes)
