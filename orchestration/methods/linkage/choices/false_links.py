"""False links put into a linkage on purpose: a share of the matched cases is given somebody else's outcome.

Belongs here: which cases are linked falsely and to whom. Not here: what that does to the models (`sensitivity`).

The model of a false link: a record of another person, drawn evenly from the source's records dated within the
window of the case's start date; its outcome replaces the case's. That is what a link on a shared name or a mistyped
number brings: the date fits, the person does not. The cases are drawn evenly, or first among those that the first rule
did not decide, where false links are likelier.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from orchestration.methods.linkage.choices.deciding import FINDINGS, Decisions, Integers, Numbers

SHARES = (0.005, 0.01, 0.02, 0.05)
REPLICATES = 20
SEED = 2023
DRAWS = 20  # of a record of another person, before the case keeps its own


@dataclass(frozen=True)
class Pool:
    """Records to link falsely to, sorted by `day` (days of the calendar from any origin), each with its findings.

    `person`: a number for each person. `start_day`: each case's start on the same calendar. `own`: each case's
    persons (of any rule), sorted pairs of case and person number.
    """

    day: Integers
    person: Integers
    findings: dict[str, Numbers]
    start_day: Integers
    own_case: Integers
    own_person: Integers


@dataclass(frozen=True)
class FalseLinks:
    """One replicate: cases in the order in which they would be linked falsely, and the pool's record for each."""

    case: Integers
    record: Integers


def generator(source_number: int, replicate: int, kind_number: int) -> np.random.Generator:
    """The generator of one replicate: the same for every share, so that a larger share adds to a smaller one's."""
    return np.random.default_rng([SEED, kind_number, source_number, replicate])


def draw_false_links(
    pool: Pool,
    decisions: Decisions,
    window_days: int,
    likelier_ranks: Collection[int],
    rng: np.random.Generator,
) -> FalseLinks:
    """A random order of the matched cases, and for each a record of another person within the window.

    Cases that a rule of `likelier_ranks` decided come first (none: all alike). A case none of whose `DRAWS` hits
    another person's record is left out.
    """
    matched = np.flatnonzero(decisions.is_matched)
    later = ~np.isin(decisions.rule_rank[matched], list(likelier_ranks)) if likelier_ranks else np.ones(len(matched))
    case = matched[np.lexsort((rng.random(len(matched)), later))]
    first = np.searchsorted(pool.day, pool.start_day[case] - window_days, side="left")
    last = np.searchsorted(pool.day, pool.start_day[case] + window_days, side="right")
    record = np.full(len(case), -1)
    own = _pairs(pool, pool.own_case, pool.own_person)
    for _ in range(DRAWS):
        open_ = np.flatnonzero((record < 0) & (last > first))
        if not open_.size:
            break
        drawn = rng.integers(first[open_], last[open_])
        is_other = ~np.isin(_pairs(pool, case[open_], pool.person[drawn]), own)
        record[open_[is_other]] = drawn[is_other]
    return FalseLinks(case[record >= 0], record[record >= 0])


def _pairs(pool: Pool, case: Integers, person: Integers) -> Integers:
    """One number a pair of case and person."""
    return case * (max(pool.person.max(initial=0), pool.own_person.max(initial=0)) + 1) + person


def findings_with(links: FalseLinks, pool: Pool, decisions: Decisions, share: float) -> dict[str, Numbers]:
    """The cases' findings when the first `share` of the matched cases (rounded) carry their false record's."""
    count = n_replaced(links, decisions, share)
    case, record = links.case[:count], links.record[:count]
    replaced = {name: decisions.findings[name].copy() for name in FINDINGS}
    for name in FINDINGS:
        replaced[name][case] = pool.findings[name][record]
    return replaced


def n_replaced(links: FalseLinks, decisions: Decisions, share: float) -> int:
    """How many cases are linked falsely: the share of the matched, as far as other people's records are at hand."""
    return min(round(share * int(decisions.is_matched.sum())), len(links.case))
