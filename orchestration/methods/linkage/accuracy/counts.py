"""How many cases ended how, and by which rule: the first two questions an auditor asks.

Belongs here: counts from marts.cases and marts.linkage_steps, which hold no identifier. Not here: whether the links
are right (`quality`), and sub-groups (`methods/match_rates.py`).
"""

import pandas as pd

from orchestration.methods.layouts.typed_rows import table_of

STATUSES = ("matched", "ambiguous", "no_record_in_window", "no_person")
STATUS_COLUMN = {"terminations": "termination_status", "reoffending": "reoffending_status"}
LINKAGE_STATUSES = {"source": "str", "status": "str", "n": "Int64", "eligible": "Int64", "share": "float64"}
LINKAGE_RULES = {
    "source": "str",
    "rule_rank": "Int64",
    "rule": "str",
    "tried": "Int64",
    "decided": "Int64",
    "left_ambiguous": "Int64",
    "share_of_matched": "float64",
}


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
    return table_of(LINKAGE_STATUSES, rows)


def linkage_rules(steps: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """What each rule did: cases it was tried on, decided, and left ambiguous (2023/04, Annex A (ii) and (iii)).

    `steps` is marts.linkage_steps, `rules` the reference table (rule_rank, rule). A rule that was never tried has a
    row of noughts; so has a reviewer's override, which is no row of the reference table, only where it was used.
    """
    known = rules[["rule_rank", "rule"]].astype({"rule_rank": "int64", "rule": "str"})
    used = steps[["rule_rank", "rule"]].drop_duplicates().astype({"rule_rank": "int64", "rule": "str"})
    every = pd.concat([known, used], ignore_index=True).drop_duplicates().sort_values("rule_rank")
    rows = []
    for source in STATUS_COLUMN:
        own = steps[steps["source"] == source]
        matched = int(own["step_outcome"].eq("decides").sum())
        for rank, rule in zip(every["rule_rank"], every["rule"], strict=True):
            outcomes = own.loc[own["rule_rank"] == rank, "step_outcome"]
            decided = int(outcomes.eq("decides").sum())
            share = 100 * decided / matched if matched else None
            rows.append((source, rank, rule, len(outcomes), decided, int(outcomes.eq("ambiguous").sum()), share))
    return table_of(LINKAGE_RULES, rows)
