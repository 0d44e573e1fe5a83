"""How groups of people add up.

Belongs here: every sum that follows from what the groups are, with what is left over. Not here: the numbers
(`bounds.py`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from orchestration.disclosure.claims import Quantity
from orchestration.disclosure.groups import (
    ANSWERED,
    CHARACTERISTICS,
    MATCHED_REOFFENDING,
    MEASURED_BY,
    REOFFENDED,
    SUMS,
    Group,
    group,
)
from orchestration.tables.contract import NEEDS, STRENGTHS

# What is summed over people -> the columns of which it counts the yes.
_SUMMED = {
    "needs": tuple(f"need_{name}" for name in NEEDS),
    "strengths": tuple(f"strength_{name}" for name in STRENGTHS),
}


@dataclass(frozen=True)
class Sum:
    """`whole` is its parts, each so many times, and what is left over.

    `rest` says what the others have in common: `answer` (they answered otherwise), `missing` (nobody knows), or
    `nobody` where the parts are all there is.
    """

    whole: Quantity
    parts: tuple[tuple[Quantity, float], ...]
    rest: str
    asked: str


@dataclass(frozen=True)
class Within:
    """Who is left over of the sum `narrower` is left over of `broader` too."""

    narrower: Sum
    broader: Sum


def sums(quantities: Iterable[Quantity]) -> list[Sum]:
    """Every sum among these quantities, each whole with the largest parts that lie within it, by what was asked."""
    known = set(quantities)
    return [
        *_of_answers(known),
        *_of_bands(known),
        *_of_means(known),
        *_of_longer_measures(known),
    ]


def closed(added: Iterable[Sum], values: Mapping[Quantity, float]) -> list[Sum]:
    """The sums as a reader takes them: several parts that make up the whole are all that there are.

    How a search ended, or a sentence: that no other ending is possible stands beside the numbers.
    """
    return [replace(each, rest="nobody") if _is_whole(each, values) else each for each in added]


def _is_whole(each: Sum, values: Mapping[Quantity, float]) -> bool:
    rest = values[each.whole] - sum(values[part] * times for part, times in each.parts)
    return each.rest == "answer" and len(each.parts) > 1 and abs(rest) < 0.5


def within(added: Iterable[Sum]) -> list[Within]:
    """Of every two sums of which one is over a narrower group: who is left over of the narrower is among the others."""
    families: dict[tuple[str, str, frozenset[Group]], list[Sum]] = defaultdict(list)
    for each in added:
        if each.rest == "missing":
            answers = frozenset(part.group - each.whole.group for part, _ in each.parts)
            families[each.asked, each.whole.of, answers].append(each)
    return [
        Within(narrower, broader)
        for members in families.values()
        for narrower in members
        for broader in _next_broader(narrower, members)
    ]


def _next_broader(narrower: Sum, members: Iterable[Sum]) -> list[Sum]:
    broader = [each for each in members if each.whole.group < narrower.whole.group]
    return [each for each in broader if not any(each.whole.group < other.whole.group for other in broader)]


def _of_answers(known: set[Quantity]) -> Iterator[Sum]:
    """Groups told apart by one question alone: each whole and the broadest answers within it."""
    families: dict[tuple[Group, str, str], set[Quantity]] = defaultdict(set)
    for quantity in known:
        for asked in {asked for asked, _ in quantity.group}:
            others = frozenset(condition for condition in quantity.group if condition[0] != asked)
            families[others, asked, quantity.of].add(quantity)
    for (others, asked, of), members in sorted(families.items(), key=str):
        if (everybody := Quantity(others, of)) in known:
            members.add(everybody)
        for whole in sorted(members, key=str):
            within = [member for member in members if member.group > whole.group]
            broadest = [part for part in within if not any(part.group > other.group for other in within)]
            if broadest:
                parts = tuple((part, 1.0) for part in sorted(broadest, key=str))
                yield Sum(whole, parts, _rest(whole, broadest, asked), asked)


def _rest(whole: Quantity, parts: list[Quantity], asked: str) -> str:
    """Who is left over: of a band nobody; of all those without an answer where each answer has its part."""
    answers = [{answer for question, answer in part.group if question == asked} for part in parts]
    if asked in CHARACTERISTICS or asked.startswith("number_of_"):
        return "nobody" if any(question == asked for question, _ in whole.group) else "missing"
    has_yes_and_no = {"yes", ANSWERED} in answers and {"no", ANSWERED} in answers
    if has_yes_and_no and (asked, ANSWERED) in whole.group:
        return "nobody"
    return "missing" if has_yes_and_no or {ANSWERED} in answers else "answer"


def _of_bands(known: set[Quantity]) -> Iterator[Sum]:
    """Bands of one recoding that are sums of another's."""
    for quantity in sorted(known, key=str):
        for band, parts in SUMS:
            if band in quantity.group:
                others = quantity.group - {band}
                found = tuple((Quantity(others | {part}, quantity.of), 1.0) for part in parts)
                if all(part in known for part, _ in found):
                    yield Sum(quantity, found, "nobody", band[0])


def _of_means(known: set[Quantity]) -> Iterator[Sum]:
    """The sum behind a mean number of needs or strengths, by kind and by number."""
    for quantity in sorted(known, key=str):
        columns = _SUMMED.get(quantity.of, ())
        kinds = tuple((Quantity(quantity.group | {(column, "yes")}), 1.0) for column in columns)
        numbers = tuple(
            (Quantity(quantity.group | _number(quantity.of, number)), float(number))
            for number in range(1, len(columns) + 1)
        )
        for parts in (kinds, numbers):
            if columns and all(part in known for part, _ in parts):
                yield Sum(quantity, parts, "nobody", quantity.of)


def _of_longer_measures(known: set[Quantity]) -> Iterator[Sum]:
    """Who reoffended as published did so by every longer measure, of which that is the broader question."""
    published, matched = Quantity(frozenset(REOFFENDED)), frozenset(MATCHED_REOFFENDING)
    for quantity in sorted(known, key=str):
        asked = [question for question, _ in quantity.group - matched]
        if quantity.is_people and len(asked) == 1 and asked[0].startswith(MEASURED_BY) and published in known:
            yield Sum(quantity, ((published, 1.0),), "answer", asked[0])


def _number(of: str, number: int) -> Group:
    return group((f"number_of_{of}", str(number)))
