"""How many cases ended how, and by which rule: the first two questions an auditor asks.

Belongs here: counts from marts.cases and marts.linkage_steps, which hold no identifier. Not here: whether the links
are right (`quality`), and sub-groups (`bulletin_2023_04/match_rates`).
"""

import pandas as pd

from orchestration.methods.layouts.frames import frame_of
from orchestration.tables.annexes import LINKAGE_RULES, LINKAGE_STATUSES

STATUSES = ("matched", "ambiguous", "no_record_in_window", "no_person")
STATUS_COLUMN = {"terminations": "termination_status", "reoffending": "reoffending_status"}


def linkage_statuses(cases: pd.DataFrame) -> pd.DataFrame:
    """Eligible cases by source and final status; every status has a row, and a source's rows add up to its cases.

    `cases` is marts.cases; `share` in percent of the eligible, null where nobody is.
    """
    rows = []
    for source, column in STATUS_COLUMN.items():
        counts = cases[column].dropna().value_counts()
        eligible = int(counts.sum())
        for status in STATUSES:
            n = int(counts.get(status, 0))
            rows.append((source, status, n, eligible, 100 * n / eligible if eligible else None))
    return frame_of(LINKAGE_STATUSES, rows)


def linkage_rules(steps: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """What each rule did: cases it was tried on, decided, and left ambiguous (2023/04, Annex A (ii) and (iii)).

    `steps` is marts.linkage_steps, `rules` the reference table (rule_rank, rule, tier). A rule that was never tried has
    a row of noughts; so has a reviewer's override, which is no row of the reference table, only where it was used.
    """
    of_a_rule = {"rule_rank": "int64", "rule": "str", "tier": "str"}
    known, used = (frame[list(of_a_rule)].drop_duplicates().astype(of_a_rule) for frame in (rules, steps))
    every = pd.concat([known, used], ignore_index=True).drop_duplicates().sort_values("rule_rank")
    rows = []
    for source in STATUS_COLUMN:
        own = steps[steps["source"] == source]
        matched = int(own["step_outcome"].eq("decides").sum())
        for rank, rule, tier in every.itertuples(index=False):
            outcomes = own.loc[own["rule_rank"] == rank, "step_outcome"]
            decided = int(outcomes.eq("decides").sum())
            share = 100 * decided / matched if matched else None
            rows.append((source, rank, rule, tier, len(outcomes), decided, int(outcomes.eq("ambiguous").sum()), share))
    return frame_of(LINKAGE_RULES, rows)
