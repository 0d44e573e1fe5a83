"""Whether a release gives somebody away beside one that is out.

Belongs here: the difference of every number that both tell. Not here: sums within one release (`suppression.py`).

Who subtracts two releases learns how many people joined or left each group in between, with their answers. Where that
is fewer than may be told, it is as if a small group had been published.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from orchestration.disclosure.bounds import Unknown, whole_numbers
from orchestration.disclosure.claims import Claim, Quantity
from orchestration.disclosure.relations import Sum, sums
from orchestration.disclosure.suppression import Rule, name_of
from orchestration.disclosure.telling import Interval, Telling


@dataclass(frozen=True)
class Difference:
    """A group in which two releases tell apart fewer people than may be told: between `low` and `high` of them."""

    unknown: Unknown
    low: float
    high: float

    def __str__(self) -> str:
        people = f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"
        return f"{name_of(self.unknown)} ({people} more or fewer)"


def differences(
    new: Sequence[Claim], telling: Telling, before: Sequence[Claim], telling_before: Telling, rule: Rule
) -> list[Difference]:
    """Groups of both releases in which somebody joined or left for certain, but too few to be told, by their names.

    Both are told claims. A difference that may be none, or that may be any of more numbers than the rule asks of a
    hidden one, gives nobody away.
    """
    now, then = known_intervals(new, telling), known_intervals(before, telling_before)
    both = now.keys() & then.keys()
    changes: dict[Unknown, Interval] = {quantity: _change(now[quantity], then[quantity]) for quantity in both}
    for each in sums(both):
        if each.rest == "answer" and each.whole.is_people:
            changes[each] = _change(_rest(each, now), _rest(each, then))
    found = []
    for unknown in sorted(changes, key=_order):
        low, high = changes[unknown]
        if low <= 0 <= high or high - low >= rule.width:
            continue
        fewest, most = sorted((abs(low), abs(high)))
        if rule.is_small(fewest):
            found.append(Difference(unknown, fewest, most))
    return found


def _order(unknown: Unknown) -> tuple[int, str]:
    """Those of whom least is said first."""
    people = unknown.group if isinstance(unknown, Quantity) else unknown.whole.group
    return len(people), name_of(unknown)


def _change(now: Interval, then: Interval) -> Interval:
    return now[0] - then[1], now[1] - then[0]


def _rest(each: Sum, known: Mapping[Quantity, Interval]) -> Interval:
    """Between what those lie who answered otherwise than the parts of a sum."""
    low, high = known[each.whole]
    for part, times in each.parts:
        low, high = low - times * known[part][1], high - times * known[part][0]
    return low, high


def same_people(new: Sequence[Claim], telling: Telling, before: Sequence[Claim], telling_before: Telling) -> bool:
    """Whether nothing that both tell differs, so that readers may take the two for one release of the same records."""
    now, then = known_intervals(new, telling), known_intervals(before, telling_before)
    return all(
        now[quantity][0] <= then[quantity][1] and then[quantity][0] <= now[quantity][1]
        for quantity in now.keys() & then.keys()
    )


def known_intervals(claims: Iterable[Claim], telling: Telling) -> Mapping[Quantity, Interval]:
    """The narrowest interval that any one claim tells of each count of people."""
    found: dict[Quantity, Interval] = {}
    for claim in claims:
        if len(claim.weights) == 1:
            ((quantity, weight),) = claim.weights.items()
            if quantity.is_people:
                low, high = (end / weight for end in telling.interval(claim))
                known = found.get(quantity, (low, high))
                found[quantity] = max(low, known[0]), min(high, known[1])
    return {quantity: whole_numbers(*interval) for quantity, interval in found.items()}
