"""What a published number tells of the people behind it.

Belongs here: the shape of a claim, and claims of counts, percentages, means and gaps. Not here: which numbers of which
table claim what (`annex_claims.py`, `text_claims.py`).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from orchestration.disclosure.groups import Group

PEOPLE = "people"


class Quantity(NamedTuple):
    """So many people of a group, or the sum of something over them: `reoffences`, `needs`, `strengths`."""

    group: Group
    of: str = PEOPLE

    @property
    def is_people(self) -> bool:
        return self.of == PEOPLE


@dataclass(frozen=True)
class Claim:
    """One published number: a weighted sum of quantities.

    `table`, `row` (position) and `column` say where it stands, `value` is exact, `decimals` how many are printed.
    `rests_on`: all groups that must be tellable for it to be told, of whom `weights` holds those it adds up.
    """

    table: str
    row: int
    column: str
    value: float
    decimals: int
    weights: Mapping[Quantity, float]
    rests_on: frozenset[Quantity]

    @property
    def is_count(self) -> bool:
        """Whether it is so many people, as they are."""
        return self.decimals == 0 and list(self.weights.values()) == [1.0]

    @property
    def is_exact(self) -> bool:
        """Whether `value` is the exact number; the column of printed ones holds them rounded."""
        return self.column != "value_published"

    @property
    def place(self) -> tuple[str, int, str]:
        return self.table, self.row, self.column


class Cell(NamedTuple):
    """Where a number stands and what it is."""

    table: str
    row: int
    column: str
    value: float
    decimals: int


def count(cell: Cell, people: Group) -> Claim:
    """So many people."""
    quantity = Quantity(people)
    return Claim(*cell[:4], 0, {quantity: 1.0}, frozenset({quantity}))


def share(cell: Cell, part: Group, whole: Group, n: float) -> Claim:
    """A percentage: `part` of the `n` people of `whole`."""
    quantity = Quantity(part)
    return Claim(*cell, _weights({quantity: 100 / n if n else math.nan}), frozenset({quantity, Quantity(whole)}))


def mean(cell: Cell, summed: str, people: Group, n: float) -> Claim:
    """A mean of something over the `n` people of a group."""
    quantity = Quantity(people, summed)
    return Claim(*cell, _weights({quantity: 1 / n if n else math.nan}), frozenset({quantity, Quantity(people)}))


def gap(cell: Cell, first: tuple[Group, Group, float], second: tuple[Group, Group, float]) -> Claim:
    """A percentage less another; each as (part, whole, n)."""
    weights: dict[Quantity, float] = {}
    for sign, (part, _, n) in ((1, first), (-1, second)):
        weights[Quantity(part)] = weights.get(Quantity(part), 0.0) + sign * 100 / n
    wholes = {Quantity(people) for part, whole, _ in (first, second) for people in (part, whole)}
    return Claim(*cell, _weights(weights), frozenset(wholes))


def _weights(weights: dict[Quantity, float]) -> dict[Quantity, float]:
    """None where the number of people that it is a share of is not known: then it tells no count."""
    return weights if all(math.isfinite(weight) for weight in weights.values()) else {}


def derived(cell: Cell, *people: Group) -> Claim:
    """A number worked out of these groups that is no weighted sum: a test, an odds ratio, the end of an interval."""
    return Claim(*cell, {}, frozenset(Quantity(each) for each in people))
