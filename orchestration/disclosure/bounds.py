"""How closely a number that is not told can be worked out from all that are.

Belongs here: the linear programmes that bound one number from every published number and every sum. Not here: which
numbers are told (`suppression.py`).

A number printed to some decimals tells an interval; a count tells itself. Sums hold exactly, and nobody is counted less
than zero times. The least and the greatest value that agree with all of it are what an intruder can know.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack
from scipy.sparse.csgraph import connected_components

from orchestration.disclosure.claims import Claim, Quantity
from orchestration.disclosure.relations import Sum, Within, within
from orchestration.disclosure.telling import Interval, Telling

_FEW_SUMS = 3  # from who has two answers to everybody, and to who lacks one
_WHOLE = 1e-6  # as near to a whole number as the programmes come
_UNBOUNDED = 3  # what scipy calls it
# What is bounded: a quantity, or what a sum leaves over.
Unknown = Quantity | Sum
Entries = Sequence[Sequence[tuple[Unknown | Within, float]]]


class Unknowns:
    """Every quantity and every rest of the sums, each with its position, its true value, and how they add up.

    `truth`: the exact value of every quantity; of a sum's rest it is what is left. A rest within another one leaves a
    rest of its own, so that who has no answer in a part of a group is not more than in the group.
    """

    def __init__(self, sums: Sequence[Sum], truth: Mapping[Quantity, float]) -> None:
        leftovers, inside = [each for each in sums if each.rest != "nobody"], within(sums)
        everything: list[Unknown | Within] = [*truth, *leftovers, *inside]
        self.position = {unknown: place for place, unknown in enumerate(everything)}
        rests = {each: truth[each.whole] - sum(truth[p] * times for p, times in each.parts) for each in leftovers}
        others = [rests[each.broader] - rests[each.narrower] for each in inside]
        self.truth = np.maximum(0.0, np.array([*truth.values(), *rests.values(), *others], dtype=float))
        self.equations = self.matrix([*map(_equation, sums), *map(_of_within, inside)])

    def matrix(self, rows: Entries) -> csr_array:
        """Weighted sums of unknowns, a row each."""
        entries = [(row, self.position[unknown], weight) for row, cells in enumerate(rows) for unknown, weight in cells]
        at = tuple(np.array([entry[axis] for entry in entries], dtype=int) for axis in (0, 1))
        weights = np.array([entry[2] for entry in entries], dtype=float)
        return csr_array(coo_array((weights, at), shape=(len(rows), len(self.position))))

    @cached_property
    def neighbours(self) -> csr_array:
        """Who stands in a sum with whom."""
        together = abs(self.equations)
        return csr_array(together.T @ together)

    def near(self, place: int) -> np.ndarray:
        """Positions of what a few sums lead to from it."""
        reached = np.zeros(len(self.position))
        reached[place] = 1.0
        for _ in range(_FEW_SUMS):
            reached = np.minimum(1.0, self.neighbours @ reached)
        return np.flatnonzero(reached)


def _equation(each: Sum) -> list[tuple[Unknown | Within, float]]:
    """The whole less its parts less its rest is zero."""
    rest: list[tuple[Unknown | Within, float]] = [] if each.rest == "nobody" else [(each, -1.0)]
    return [(each.whole, 1.0), *((part, -times) for part, times in each.parts), *rest]


def _of_within(each: Within) -> list[tuple[Unknown | Within, float]]:
    """The broader rest less the narrower one less what lies between is zero."""
    return [(each.broader, 1.0), (each.narrower, -1.0), (each, -1.0)]


@dataclass(frozen=True)
class Knowledge:
    """What can be known of the unknowns where these claims are `told` so."""

    unknowns: Unknowns
    told: Sequence[Claim]
    telling: Telling

    def is_uncertain(self, unknown: Unknown, width: int) -> bool:
        """Whether its least and its greatest value are at least `width` apart.

        Shown first with only the nearest numbers free and all others as they truly are, which is quick: what is
        possible then is possible. Only where that does not show it, with all of them free.
        """
        place = self.unknowns.position[unknown]
        low, high = self._limits
        if high[place] - low[place] < width:
            return False
        near = self.unknowns.near(place)
        least, greatest = self._ends(place, near[self._is_open[near]], self.unknowns.truth)
        if greatest - least < width:
            least, greatest = self.bounds(unknown)
        return greatest - least >= width

    def bounds(self, unknown: Unknown) -> Interval:
        """The least and greatest whole number that agrees with everything; infinite where nothing bounds it.

        Raises ArithmeticError where the published numbers contradict each other.
        """
        place = self.unknowns.position[unknown]
        low = self._limits[0]
        if not self._is_open[place]:
            return float(low[place]), float(low[place])
        hanging_together = np.flatnonzero((self._clusters == self._clusters[place]) & self._is_open)
        return self._ends(place, hanging_together, low)

    @cached_property
    def _limits(self) -> tuple[np.ndarray, np.ndarray]:
        """Least and greatest value of each unknown that one published number gives by itself."""
        size = len(self.unknowns.position)
        low, high = np.zeros(size), np.full(size, np.inf)
        for claim in self.told:
            if len(claim.weights) == 1:
                ((quantity, weight),) = claim.weights.items()
                place = self.unknowns.position[quantity]
                least, greatest = (end / weight for end in self.telling.interval(claim))
                if quantity.is_people:
                    least, greatest = whole_numbers(least, greatest)
                low[place], high[place] = max(low[place], least), min(high[place], greatest)
        return low, np.maximum(low, high)

    @cached_property
    def _is_open(self) -> np.ndarray:
        low, high = self._limits
        return high > low

    @cached_property
    def _spans(self) -> tuple[csr_array, np.ndarray, np.ndarray]:
        """Published numbers that rest on several quantities, with the interval of each."""
        several = [claim for claim in self.told if len(claim.weights) > 1 and self.telling.tells(claim)]
        intervals = np.array([self.telling.interval(claim) for claim in several]).reshape(-1, 2)
        return self.unknowns.matrix([list(claim.weights.items()) for claim in several]), *intervals.T

    @cached_property
    def _clusters(self) -> np.ndarray:
        """Which unknowns hang together by sums and spans of what is not told exactly: a number each."""
        spans = abs(self._spans[0])
        together = coo_array(self.unknowns.neighbours + csr_array(spans.T @ spans))
        both = self._is_open[together.row] & self._is_open[together.col]
        opened = coo_array((together.data[both], (together.row[both], together.col[both])), shape=together.shape)
        return connected_components(opened, directed=False)[1]

    def _ends(self, place: int, members: np.ndarray, known: np.ndarray) -> Interval:
        """The least and greatest value where `members` are free and all others are as `known`."""
        low, high = self._limits
        constraints, limits = self._constraints(members, known), Bounds(low[members], high[members])
        goal = (members == place).astype(float)
        least, greatest = (sign * _least(sign * goal, constraints, limits) for sign in (1, -1))
        return whole_numbers(least, greatest)

    def _constraints(self, members: np.ndarray, known: np.ndarray) -> LinearConstraint:
        """Sums and published numbers among the members; what is known stands on the other side."""
        known = known.copy()
        known[members] = 0.0
        equations, (spans, least, greatest) = self.unknowns.equations, self._spans
        own, spanning = _touching(equations, members), _touching(spans, members)
        there = np.concatenate([equations[own] @ known, spans[spanning] @ known])
        zero = np.zeros(len(own))
        return LinearConstraint(
            vstack([equations[own], spans[spanning]]).tocsr()[:, members],
            np.concatenate([zero, least[spanning]]) - there,
            np.concatenate([zero, greatest[spanning]]) - there,
        )


def whole_numbers(least: float, greatest: float) -> Interval:
    """The least and the greatest whole number between two ends; people are counted whole."""
    return math.ceil(least - _WHOLE), greatest if math.isinf(greatest) else math.floor(greatest + _WHOLE)


def _touching(matrix: csr_array, members: np.ndarray) -> np.ndarray:
    """Rows in which any of the members stands."""
    return np.flatnonzero(np.diff(csr_array(matrix[:, members]).indptr))


def _least(goal: np.ndarray, constraints: LinearConstraint, limits: Bounds) -> float:
    """The least of a linear programme; `milp`, where no number has to be whole, asks the solver with less ado."""
    found = milp(goal, constraints=constraints, bounds=limits)
    if found.status == _UNBOUNDED:
        return -math.inf
    if found.status != 0:
        raise ArithmeticError(f"the published numbers contradict each other: {found.message}")
    return float(found.fun)


def true_values(claims: Iterable[Claim]) -> dict[Quantity, float]:
    """The exact value of each quantity that some claim tells by itself; of people it is whole."""
    values: dict[Quantity, float] = {}
    for claim in claims:
        if len(claim.weights) == 1 and claim.is_exact:
            ((quantity, weight),) = claim.weights.items()
            value = claim.value / weight
            values.setdefault(quantity, round(value) if quantity.is_people else value)
    return values
