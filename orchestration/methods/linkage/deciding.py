"""The decision on every case again, from one comparison of pairs, for any window and any set of rules.

Belongs here: which rule decides, which record is the closest, what a case's records say together: the second half
of `docs/linkage.md` (2023/04, Annex A (ii) and (iii)), written a second time so that fifty windows and rule sets
cost seconds. Not here: the comparison of identifiers, which no window or set of rules changes
(`dbt_project/models/linkage`), and what the decisions do to the published numbers (`sensitivity`).
Cases, records and identifiers are whole numbers.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]

MISSING = -1  # no valid identifier on the record
UNDECIDED = np.iinfo(np.int64).max
STATUSES = ("no_person", "no_record_in_window", "ambiguous", "matched")
NO_PERSON, NO_RECORD, AMBIGUOUS, MATCHED = range(4)
FINDINGS = ("termination", "reoffended", "reoffences", "days_to_first_reoffence")


@dataclass(frozen=True)
class Reached:
    """The records a rule reaches for a case, one entry a (case, rule, record), sorted by case and rule rank.

    `n_cases`: all cases, which `case` counts from 0; one that is not eligible has no entry. `record`: the place of its id in binary order. `days`: record
    date minus start date. `pnc`, `crn`: a number for each distinct identifier, MISSING without. Contradicted
    records are left out beforehand. Findings are NaN where the source has none: `termination` is 1 positive,
    0 negative.
    """

    n_cases: int
    case: Integers
    rule_rank: Integers
    record: Integers
    days: Integers
    pnc: Integers
    crn: Integers
    findings: dict[str, Numbers]


@dataclass(frozen=True)
class Decisions:
    """One entry a case: status (place in STATUSES), deciding rule's rank, closest record, joint findings.

    `rule_rank` is UNDECIDED and `record` MISSING where there is none.
    """

    status: Integers
    rule_rank: Integers
    record: Integers
    days: Integers
    is_tied: Flags
    records_combined: Integers
    findings: dict[str, Numbers]

    @property
    def is_matched(self) -> Flags:
        return self.status == MATCHED


def reached_records(rows: pd.DataFrame, n_cases: int) -> Reached:
    """`Reached` from a frame with its columns (findings a source lacks may be absent)."""
    ordered = rows.sort_values(["case", "rule_rank", "record"], kind="stable")
    whole = {name: ordered[name].to_numpy(dtype=np.int64) for name in ("case", "rule_rank", "record", "days")}
    codes = {name: ordered[name].fillna(MISSING).to_numpy(dtype=np.int64) for name in ("pnc", "crn")}
    unknown = np.full(len(ordered), np.nan)
    findings = {
        name: ordered[name].to_numpy(dtype=float, na_value=np.nan) if name in ordered else unknown for name in FINDINGS
    }
    return Reached(n_cases, **whole, **codes, findings=findings)


def decide(reached: Reached, unique_ranks: Collection[int], ranks: Collection[int], window_days: int) -> Decisions:
    """Decide every case with the rules of these `ranks` and a window of `window_days` either side, inclusive.

    A rule whose persons have no record in the window passes the case on. The first other decides, with all its
    persons' records in the window, unless it is one of `unique_ranks` and they hold two different PNC
    identifiers, or none and two different CRNs: then the case is ambiguous.
    """
    tried = np.isin(reached.rule_rank, list(ranks))
    near = tried & (np.abs(reached.days) <= window_days)
    deciding = np.full(reached.n_cases, UNDECIDED)
    np.minimum.at(deciding, reached.case[near], reached.rule_rank[near])
    status = np.full(reached.n_cases, NO_PERSON)
    status[reached.case[tried]] = NO_RECORD
    status[deciding != UNDECIDED] = MATCHED
    left = np.flatnonzero(near & (reached.rule_rank == deciding[reached.case]))
    groups = _Groups(reached.case[left])
    asked = np.isin(deciding[groups.case], list(unique_ranks))
    ambiguous = asked & _is_ambiguous(groups, reached.pnc[left], reached.crn[left])
    status[groups.case[ambiguous]] = AMBIGUOUS
    return _choose(reached, left, groups, status, deciding)


class _Groups:
    """Runs of equal cases among sorted entries, none of them empty."""

    def __init__(self, case: Integers) -> None:
        self.starts = np.flatnonzero(np.diff(case, prepend=-1))
        self.case = case[self.starts]
        self.sizes = np.diff(self.starts, append=len(case))

    def smallest(self, values: Integers) -> Integers:
        return np.minimum.reduceat(values, self.starts) if self.starts.size else values[:0]

    def largest(self, values: Integers) -> Integers:
        return np.maximum.reduceat(values, self.starts) if self.starts.size else values[:0]

    def of(self, values: Integers) -> Integers:
        """A value a group, repeated for each of its entries."""
        return np.repeat(values, self.sizes)


def _is_ambiguous(groups: _Groups, pnc: Integers, crn: Integers) -> Flags:
    """Two people: two different PNC identifiers or, where no record has one, two different CRNs."""
    has_pnc = groups.largest(pnc) != MISSING
    return np.where(has_pnc, _differ(groups, pnc), _differ(groups, crn))


def _differ(groups: _Groups, codes: Integers) -> Flags:
    present = np.where(codes == MISSING, UNDECIDED, codes)
    return (groups.largest(codes) != MISSING) & (groups.smallest(present) != groups.largest(codes))


def _choose(reached: Reached, left: Integers, groups: _Groups, status: Integers, deciding: Integers) -> Decisions:
    """The closest record of each matched case (on or after the start first, then the smaller id) and all together."""
    days, record = reached.days[left], reached.record[left]
    closest = groups.smallest(np.abs(days))
    is_closest = np.abs(days) == groups.of(closest)
    before = is_closest & (days < 0)
    is_after = groups.largest((is_closest & (days >= 0)).astype(np.int64)) == 1
    preferred = np.where(groups.of(is_after.astype(np.int64)) == 1, is_closest & ~before, before)
    chosen = groups.smallest(np.where(preferred, record, UNDECIDED))
    matched = status[groups.case] == MATCHED

    def spread(values: np.ndarray, without: int | float | bool) -> np.ndarray:
        everywhere = np.full(reached.n_cases, without, dtype=np.asarray(values).dtype)
        everywhere[groups.case[matched]] = values[matched]
        return everywhere

    ties = np.add.reduceat(is_closest.astype(np.int64), groups.starts) if groups.starts.size else closest
    joint = {name: spread(_together(name, reached.findings[name][left], groups), np.nan) for name in FINDINGS}
    # A termination is one record's: the closest.
    joint["termination"] = _of_chosen(reached, left, groups, spread(chosen, MISSING))
    return Decisions(
        status=status,
        rule_rank=deciding,
        record=spread(chosen, MISSING),
        days=spread(np.where(is_after, closest, -closest), 0),
        is_tied=spread(ties > 1, False),
        records_combined=spread(groups.sizes, 0),
        findings=joint,
    )


def _together(name: str, values: Numbers, groups: _Groups) -> Numbers:
    """2023/04, Annex A (iii): a reoffender in any record, the most reoffences, the earliest time; missing ignored."""
    if not groups.starts.size:
        return values[:0]
    reduce = np.fmin.reduceat if name == "days_to_first_reoffence" else np.fmax.reduceat
    return reduce(values, groups.starts)


def _of_chosen(reached: Reached, left: Integers, groups: _Groups, record: Integers) -> Numbers:
    """The termination of each case's chosen record; NaN without one."""
    found = np.full(reached.n_cases, np.nan)
    is_chosen = reached.record[left] == record[reached.case[left]]
    found[reached.case[left][is_chosen]] = reached.findings["termination"][left][is_chosen]
    return found
