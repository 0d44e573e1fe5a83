"""Puts what the SQL decided beside what the oracle decides.

Belongs here: reading the linkage tables as oracle outcomes. Not here: drawing worlds or deciding.
"""

from collections import defaultdict
from collections.abc import Sequence

import duckdb

from tests.integration.linkage_oracle.oracle import RULES, Outcome, Override, Reviewed, Rule, link_all
from tests.integration.linkage_oracle.worlds import World

Outcomes = dict[tuple[str, str], Outcome]

TERMINATIONS = """
    select
        o.case_id, o.status, m.record_id, o.rule, o.tier, m.date_difference_days, m.is_tied, m.rules_satisfied,
        null, null, null, null
    from linkage.termination_outcomes as o left join linkage.termination_matches as m on o.case_id = m.case_id
"""
REOFFENDING = """
    select
        o.case_id, o.status, m.record_id, o.rule, o.tier, m.date_difference_days, m.is_tied, m.rules_satisfied,
        m.records_combined, m.reoffended, m.reoffences, m.days_to_first_reoffence
    from linkage.reoffending_outcomes as o left join linkage.reoffending_matches as m on o.case_id = m.case_id
"""


def outcomes_of_sql(con: duckdb.DuckDBPyConnection) -> Outcomes:
    """Every eligible case of both sources as the SQL decided it."""
    steps: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
    query = (
        "select source, case_id, rule, persons_reached, persons_in_window from linkage.rule_steps "
        "order by source, case_id, step"
    )
    for source, case_id, rule, reached, in_window in con.execute(query).fetchall():
        steps.setdefault((source, case_id), []).append((rule, reached, in_window))
    found: Outcomes = {}
    for source, query in (("terminations", TERMINATIONS), ("reoffending", REOFFENDING)):
        for case_id, status, record_id, rule, tier, days, is_tied, satisfied, *combined in con.execute(
            query
        ).fetchall():
            rules_satisfied = tuple((satisfied or "").split())
            tried = tuple(steps.get((source, case_id), ()))
            found[source, case_id] = Outcome(
                status, record_id, rule, tier, days, is_tied, rules_satisfied, *combined, steps=tried
            )
    return found


def outcomes_of_oracle(
    worlds: list[World],
    rules: tuple[Rule, ...] = RULES,
    window: int = 7,
    overrides: Sequence[Override] = (),
) -> Outcomes:
    """Every eligible case of both sources as plain loops decide it, world by world."""
    found: Outcomes = {}
    reviewed = {source: _reviewed(overrides, source) for source in ("terminations", "reoffending")}
    for world in worlds:
        community = link_all(
            world.cases,
            world.terminations,
            lambda c: c.case_type == "community",
            rules,
            window,
            reviewed["terminations"],
        )
        found |= {("terminations", case): _without_combining(outcome) for case, outcome in community.items()}
        everybody = link_all(world.cases, world.reoffending, lambda _: True, rules, window, reviewed["reoffending"])
        found |= {("reoffending", case): outcome for case, outcome in everybody.items()}
    return found


def _reviewed(overrides: Sequence[Override], source: str) -> dict[str, Reviewed]:
    """What reviewers decided in one source, by case."""
    decided = defaultdict(lambda: {"must_link": set(), "must_not_link": set()})
    for override in overrides:
        if override.source == source:
            decided[override.case_id][override.decision].add(override.record_id)
    return {
        case_id: Reviewed(frozenset(records["must_link"]), frozenset(records["must_not_link"]))
        for case_id, records in decided.items()
    }


def _without_combining(outcome: Outcome) -> Outcome:
    return Outcome(
        outcome.status, outcome.record_id, outcome.rule, outcome.tier, outcome.date_difference_days, outcome.is_tied,
        outcome.rules_satisfied, steps=outcome.steps,
    )  # fmt: skip


def differences(expected: Outcomes, found: Outcomes) -> list[str]:
    """One line a case on which the two do not agree; empty where they agree on all."""
    return [
        f"{key}: expected {expected.get(key)}, found {found.get(key)}"
        for key in sorted(expected.keys() | found.keys())
        if expected.get(key) != found.get(key)
    ]
