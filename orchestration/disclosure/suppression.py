"""Which numbers are kept back.

Belongs here: the threshold rule, and what must be kept back besides so that nothing under it can be worked out. Not
here: the proof itself (`bounds.py`), blanking cells (`protection.py`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from orchestration.disclosure.bounds import Knowledge, Unknown, Unknowns, true_values
from orchestration.disclosure.claims import Claim, Quantity
from orchestration.disclosure.groups import ANSWERED, ASKED_OF, CHARACTERISTICS, PROCESS, WITH_AN_OUTCOME, in_words
from orchestration.disclosure.relations import Sum, closed, sums
from orchestration.disclosure.telling import Telling

SMALL = "fewer people than may be told"


@dataclass(frozen=True)
class Rule:
    """What may be told.

    `threshold`: the fewest people; `width`: how far apart the least and the greatest value of a hidden number are at
    least.
    """

    threshold: int
    width: int

    def is_small(self, people: float) -> bool:
        """Whether it is somebody, but fewer than may be told."""
        return 0.5 < people < self.threshold - 0.5


@dataclass(frozen=True)
class Exposed:
    """A small number that all published numbers together still give away."""

    unknown: Unknown
    low: float
    high: float

    def __str__(self) -> str:
        return f"{name_of(self.unknown)} (between {self.low:g} and {self.high:g})"


def name_of(unknown: Unknown) -> str:
    """A quantity, or what a sum leaves over, in words."""
    if isinstance(unknown, Quantity):
        return in_words(unknown.group)
    rest = "no answer to" if unknown.rest == "missing" else "another answer to"
    return f"{in_words(unknown.whole.group)}, {rest} {unknown.asked}"


@dataclass(frozen=True)
class Suppression:
    """What is kept back, each with why; `exposed`: what could not be hidden all the same."""

    reasons: Mapping[Quantity, str]
    hidden: Mapping[Unknown, int]
    exposed: tuple[Exposed, ...]

    def is_told(self, claim: Claim) -> bool:
        """Whether the number may be told: no group that it rests on is kept back."""
        return not any(quantity in self.reasons for quantity in claim.rests_on)


def suppress(claims: Sequence[Claim], rule: Rule, telling: Telling, already_out: Sequence[Claim] = ()) -> Suppression:
    """What must be kept back of these claims, none of which is told by itself or by all others together.

    `already_out`: claims of a release on the same records that readers have; they stay known.
    """
    values = true_values(claims)
    added = closed(sums(values), values)
    unknowns = Unknowns(added, values)
    out = [claim for claim in already_out if claim.weights.keys() <= values.keys()]  # of the others nothing is told now
    reasons = {quantity: SMALL for quantity, value in values.items() if quantity.is_people and rule.is_small(value)}
    hidden = _hidden(added, values, rule)
    price = _prices(claims, values, added)
    wanted = hidden | dict.fromkeys(reasons, rule.width)
    noughts: dict[Unknown, int] = dict.fromkeys(_noughts(reasons, added, values), rule.width)
    open_questions: list[Unknown] = [*wanted, *noughts]
    while True:
        known = Knowledge(unknowns, [*_told(claims, reasons), *out], telling)
        # What is hidden once stays so: the more is kept back, the less is known.
        guarded = wanted | noughts
        given_away = [unknown for unknown in open_questions if not known.is_uncertain(unknown, guarded[unknown])]
        chosen = {_cheapest(unknown, reasons, price): unknown for unknown in given_away}
        more = {
            quantity: f"a sum would tell of: {name_of(unknown)}" for quantity, unknown in chosen.items() if quantity
        }
        if not more:
            small = [unknown for unknown in given_away if unknown in wanted]  # a nought that stays known is nobody
            return Suppression(reasons, wanted, tuple(Exposed(unknown, *known.bounds(unknown)) for unknown in small))
        reasons |= more
        new = {each: rule.width for each in _noughts(reasons, added, values) if each not in guarded}
        noughts |= new
        open_questions = [*given_away, *new]


def _told(claims: Iterable[Claim], reasons: Mapping[Quantity, str]) -> list[Claim]:
    return [claim for claim in claims if not any(quantity in reasons for quantity in claim.rests_on)]


def _noughts(kept: Mapping[Quantity, str], added: Iterable[Sum], values: Mapping[Quantity, float]) -> Iterator[Unknown]:
    """Nobody, where a number that says so is kept back.

    A nought then looks like a few: that it is at most one would be told of somebody.
    """
    yield from (each for each in kept if each.is_people and values.get(each, 1.0) < 0.5)
    for each in added:
        touched = each.whole in kept or any(part in kept for part, _ in each.parts)
        if touched and each.rest == "answer" and each.whole.is_people and _rest(each, values) < 0.5:
            yield each


def _hidden(added: Sequence[Sum], values: Mapping[Quantity, float], rule: Rule) -> dict[Unknown, int]:
    """What sums leave over that nobody may work out, with how many numbers it may be at least.

    Who answered otherwise, where they are few. Of few who lack a characteristic nobody knows who they are: how many of
    them had an outcome may be known, but not that all had it, or none, which would tell of each.
    """
    rests = {each: _rest(each, values) for each in added if each.rest != "nobody" and each.whole in values}
    lookup = {(each.whole, each.asked): rest for each, rest in rests.items() if each.rest == "missing"}
    hidden: dict[Unknown, int] = {}
    for each, rest in rests.items():
        if not each.whole.is_people:
            continue
        if each.rest == "answer":
            if rule.is_small(rest):
                hidden[each] = rule.width
            continue
        among = _without_an_answer(each.whole, each.asked, lookup)
        if among is not None and rule.is_small(among) and (rest < 0.5 or among - rest < 0.5):
            hidden[each] = 1
    return hidden


def _rest(each: Sum, values: Mapping[Quantity, float]) -> float:
    return values[each.whole] - sum(values[part] * times for part, times in each.parts)


def _without_an_answer(whole: Quantity, asked: str, rests: Mapping[tuple[Quantity, str], float]) -> float | None:
    """How many lack the characteristic among the people of whom `whole` are those with one more answer."""
    answers = {
        question
        for question, answer in whole.group - PROCESS
        if question not in CHARACTERISTICS and answer != ANSWERED and question != ASKED_OF.get(asked)
    }
    broader = [
        (len(quantity.group), rest)
        for (quantity, question), rest in rests.items()
        if question == asked and quantity.is_people and quantity.group < whole.group
    ]
    return max(broader)[1] if answers and broader else None


def _cheapest(unknown: Unknown, kept: Mapping[Quantity, str], price: "_Price") -> Quantity | None:
    """What to keep back so that a sum no longer gives the unknown away; None where there is nothing left.

    From its own sums while these have a number that is told, then from the sums of what is kept back in those: a number
    kept back for another's sake may be known, as long as the other is not.
    """
    seen: set[Quantity] = set()
    ring = price.around(unknown)
    while ring:
        left = [each for each in ring if each not in kept and each != unknown and price.is_for_sale(each)]
        if left:
            return min(left, key=price.of)
        seen |= ring
        ring = {further for each in ring if each in kept for further in price.around(each)} - seen
    return None


@dataclass(frozen=True)
class _Price:
    """What it costs to keep a quantity back: a cell of an annex more than any other, many people more than few."""

    values: Mapping[Quantity, float]
    annexed: frozenset[Quantity]
    sums_of: Mapping[Quantity, Sequence[Sum]]

    def around(self, unknown: Unknown) -> set[Quantity]:
        """Everything that stands in a sum with it."""
        own = [unknown] if isinstance(unknown, Sum) else self.sums_of.get(unknown, [])
        return {quantity for each in own for quantity in (*(part for part, _ in each.parts), each.whole)}

    def of(self, quantity: Quantity) -> tuple[bool, float, str]:
        return quantity in self.annexed, self.values.get(quantity, 0.0), str(sorted(quantity.group))

    def is_for_sale(self, quantity: Quantity) -> bool:
        """Never the number of all cases with an outcome or an answer, on which everything rests."""
        return quantity.is_people and any(answer != ANSWERED for _, answer in quantity.group - WITH_AN_OUTCOME)


def _prices(claims: Sequence[Claim], values: Mapping[Quantity, float], added: Sequence[Sum]) -> _Price:
    annexed = frozenset(quantity for claim in claims if claim.table.startswith("annex") for quantity in claim.rests_on)
    sums_of: dict[Quantity, list[Sum]] = defaultdict(list)
    for each in added:
        for quantity in (*(part for part, _ in each.parts), each.whole):
            sums_of[quantity].append(each)
    return _Price(values, annexed, sums_of)
