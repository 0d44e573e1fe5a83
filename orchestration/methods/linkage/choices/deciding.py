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

    `n_cases`: all cases, which `case` counts from 0; one that is not eligible has no entry. `record`: the place of its
    id in binary order. `days`: record date minus start date. `pnc`, `crn`: a number for each distinct identifier,
    MISSING without. `has_crn`: some record of its person holds a CRN. `person`: a number for its person; `names`: the
    number a person of the record's full names and birthday alone would have, MISSING where they are not complete.
    Contradicted records are left out beforehand. `is_override`: the rule is a reviewer's link, whose own record
    `is_forced`. Findings are NaN where the source has none: `termination` is 1 positive, 0 negative.
    """

    n_cases: int
    case: Integers
    rule_rank: Integers
    record: Integers
    days: Integers
    pnc: Integers
    crn: Integers
    person: Integers
    names: Integers
    has_crn: Flags
    is_override: Flags
    is_forced: Flags
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
    whole = {name: ordered[name].to_numpy(dtype=np.int64) for name in ("case", "rule_rank", "record", "days", "person")}
    codes = {name: ordered[name].fillna(MISSING).to_numpy(dtype=np.int64) for name in ("pnc", "crn", "names")}
    flags = {
        name: ordered[name].to_numpy(dtype=bool) if name in ordered else np.zeros(len(ordered), dtype=bool)
        for name in ("has_crn", "is_override", "is_forced")
    }
    unknown = np.full(len(ordered), np.nan)
    findings = {
        name: ordered[name].to_numpy(dtype=float, na_value=np.nan) if name in ordered else unknown for name in FINDINGS
    }
    return Reached(n_cases=n_cases, **whole, **codes, **flags, findings=findings)


def decide(reached: Reached, unique_ranks: Collection[int], ranks: Collection[int], window_days: int) -> Decisions:
    """Decide every case with the rules of these `ranks` and a window of `window_days` either side, inclusive.

    A reviewer's link stands before every rule, as long as its record is in the window. A rule whose persons have no
    record in the window passes the case on. The first other decides, with all its persons' records in the window,
    unless it is one of `unique_ranks` and they are two people's: then the case is ambiguous.
    """
    in_window = np.abs(reached.days) <= window_days
    has_override = np.zeros(reached.n_cases, dtype=bool)
    has_override[reached.case[reached.is_forced & in_window]] = True
    tried = np.where(reached.is_override, has_override[reached.case], np.isin(reached.rule_rank, list(ranks)))
    near = tried & in_window
    deciding = np.full(reached.n_cases, UNDECIDED)
    np.minimum.at(deciding, reached.case[near], reached.rule_rank[near])
    status = np.full(reached.n_cases, NO_PERSON)
    status[reached.case[tried]] = NO_RECORD
    status[deciding != UNDECIDED] = MATCHED
    left = np.flatnonzero(near & (reached.rule_rank == deciding[reached.case]))
    groups = _Groups(reached.case[left])
    asked = np.isin(deciding[groups.case], list(unique_ranks))
    ambiguous = asked & (
        _is_ambiguous(groups, reached.pnc[left], reached.crn[left], reached.has_crn[left])
        | _has_another_without_number(groups, reached, left)
    )
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


def _is_ambiguous(groups: _Groups, pnc: Integers, crn: Integers, has_crn: Flags) -> Flags:
    """Two people: two PNC identifiers, two CRNs, or one of each on two persons whom no record ties together."""
    known_by_pnc_alone = groups.largest(((pnc != MISSING) & ~has_crn).astype(np.int64)) > 0
    known_by_crn_alone = groups.largest(((pnc == MISSING) & (crn != MISSING)).astype(np.int64)) > 0
    return _differ(groups, pnc) | _differ(groups, crn) | (known_by_pnc_alone & known_by_crn_alone)


def _has_another_without_number(groups: _Groups, reached: Reached, left: Integers) -> Flags:
    """Two people: two known by no number, or one whom the names of no numbered person's records tie to the others."""
    has_number = (reached.pnc[left] != MISSING) | (reached.crn[left] != MISSING)
    without_number = np.where(has_number, MISSING, reached.person[left])
    somebody = groups.largest(without_number)
    is_named_alike = has_number & (reached.names[left] == groups.of(somebody))
    is_untied = groups.largest(has_number.astype(np.int64)) > groups.largest(is_named_alike.astype(np.int64))
    return _differ(groups, without_number) | ((somebody != MISSING) & is_untied)


def _differ(groups: _Groups, codes: Integers) -> Flags:
    present = np.where(codes == MISSING, UNDECIDED, codes)
    return (groups.largest(codes) != MISSING) & (groups.smallest(present) != groups.largest(codes))


def _choose(reached: Reached, left: Integers, groups: _Groups, status: Integers, deciding: Integers) -> Decisions:
    """The record of each matched case, and what all its records left say together."""
    matched = status[groups.case] == MATCHED
    chosen = left[_closest(reached, left)][groups.starts]
    has_its_distance = np.abs(reached.days[left]) == groups.of(np.abs(reached.days[chosen]))
    n_at_its_distance = np.bincount(reached.case[left], has_its_distance, reached.n_cases)[groups.case]

    def spread(values: np.ndarray, without: float) -> np.ndarray:
        everywhere = np.full(reached.n_cases, without, dtype=values.dtype)
        everywhere[groups.case[matched]] = values[matched]
        return everywhere

    joint = {name: spread(_together(name, reached.findings[name][left], groups), np.nan) for name in FINDINGS}
    # A termination is one record's: the closest.
    joint["termination"] = spread(reached.findings["termination"][chosen], np.nan)
    return Decisions(
        status=status,
        rule_rank=deciding,
        record=spread(reached.record[chosen], MISSING),
        days=spread(reached.days[chosen], 0),
        is_tied=spread(n_at_its_distance > 1, False),
        records_combined=spread(groups.sizes, 0),
        findings=joint,
    )


def _closest(reached: Reached, left: Integers) -> Integers:
    """The records left by case, and in it: a reviewer's, the nearest, on or after the start, the smaller id."""
    days = reached.days[left]
    return np.lexsort((reached.record[left], days < 0, np.abs(days), ~reached.is_forced[left], reached.case[left]))


def _together(name: str, values: Numbers, groups: _Groups) -> Numbers:
    """2023/04, Annex A (iii): a reoffender in any record, the most reoffences, the earliest time; missing ignored."""
    if not groups.starts.size:
        return values[:0]
    reduce = np.fmin.reduceat if name == "days_to_first_reoffence" else np.fmax.reduceat
    return reduce(values, groups.starts)
