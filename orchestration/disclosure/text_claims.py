"""Whom the numbers of headlines and figures count.

Belongs here: results tables whose rows have names of their own and repeat what the annexes count. Not here: the annexes
(`annex_claims.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from orchestration.disclosure.annex_claims import (
    counted,
    measure_value,
    measured,
    numbered,
    outcome_count,
    outcome_value,
)
from orchestration.disclosure.claims import Cell, Claim, count, derived, share
from orchestration.disclosure.groups import (
    ANSWERED,
    EVERYBODY,
    KNOWN_TERMINATION,
    MATCHED_REOFFENDING,
    MATCHED_TERMINATION,
    OUTCOMES,
    POSITIVE_TERMINATION,
    REOFFENDED,
    Conditions,
    Group,
    group,
    of,
)
from orchestration.errors import PipelineError
from orchestration.methods.layouts import headlines_2020, headlines_2023
from orchestration.methods.layouts.layout_2020 import DECIMALS
from orchestration.tables.annexes import FIGURE_DATA, HEADLINES

_WHOLE_PERCENT = 0
NOT_OF_PEOPLE = {
    "crc_inspected", "nps_inspected", "fig7_needs_below_half", *headlines_2020.RATINGS, *headlines_2020.RETAINED,
}  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """What the figures show, told by who draws them.

    `cells`: (figure, series, category) -> outcome, item and category of Annex C. `judged`: figure -> judgement and
    outcome. `ended`: termination reason -> `positive` or `negative`. The others are ids: of the figure of reasons, of
    numbers of reoffences, of both key questions together, of pairs of needs, and of the one that counts providers.
    """

    cells: Mapping[tuple[str, str, str], tuple[str, str, str]]
    judged: Mapping[str, tuple[str, str]]
    ended: Mapping[str, str]
    reasons: str
    numbers: str
    combined: str
    pairs: str
    providers: str


def of_figure_data(frame: pd.DataFrame, figures: Figures) -> Iterator[Claim]:
    """Figures of both bulletins; those of providers' ratings count no people."""
    for row, cells in numbered(frame):
        figure = cells["figure_id"]
        if figure == figures.providers:
            continue
        if figure == figures.pairs:
            yield from _of_a_square(row, cells)
        elif figure in (figures.reasons, figures.numbers):
            yield from _of_a_part(row, cells, figures)
        elif figure in figures.judged or figure == figures.combined:
            yield from _of_an_outcome(row, cells, figures)
        else:
            outcome, item, category = figures.cells[figure, cells["series"], cells["category"]]
            part, whole = measured(outcome, item, category)
            yield count(Cell(FIGURE_DATA.name, row, "n", float(cells["n"]), 0), whole)
            yield from measure_value(_value(row, cells, DECIMALS), outcome, part, whole, cells["n"])


def _value(row: int, cells: dict[str, Any], decimals: int) -> Cell:
    value = float("nan") if pd.isna(cells["value"]) else float(cells["value"])
    return Cell(FIGURE_DATA.name, row, "value", value, decimals)


def _of_a_square(row: int, cells: dict[str, Any]) -> Iterator[Claim]:
    first, second = group((cells["series"], "yes")), group((cells["category"], "yes"))
    yield count(Cell(FIGURE_DATA.name, row, "n", float(cells["n"]), 0), first | second)
    if not pd.isna(cells["value"]):
        yield derived(_value(row, cells, 3), first | second, first, second)


def _of_a_part(row: int, cells: dict[str, Any], figures: Figures) -> Iterator[Claim]:
    """Figures 2 and 3: n is the cases in the bar, which makes the whole the sum of the bars."""
    whole: Conditions
    part: Conditions
    if cells["figure_id"] == figures.reasons:
        whole, part = KNOWN_TERMINATION, _reason(cells["category"], figures)
    else:
        whole, part = REOFFENDED, (*REOFFENDED, ("reoffending", f"{cells['category']} reoffences"))
    yield count(Cell(FIGURE_DATA.name, row, "n", float(cells["n"]), 0), group(*part))
    if not pd.isna(cells["value"]) and cells["value"]:
        n = 100 * float(cells["n"]) / float(cells["value"])
        yield share(_value(row, cells, 1), group(*part), group(*whole), n)


def _reason(reason: str, figures: Figures) -> Conditions:
    if reason not in figures.ended:
        return (*MATCHED_TERMINATION, ("termination", reason))
    ended = POSITIVE_TERMINATION if figures.ended[reason] == "positive" else KNOWN_TERMINATION
    return (*ended, ("termination", reason))


def _of_an_outcome(row: int, cells: dict[str, Any], figures: Figures) -> Iterator[Claim]:
    """Bars of one outcome by the answer to one judgement, or to both key questions."""
    if cells["figure_id"] == figures.combined:
        answer = cells["series"].removeprefix("both_")
        outcome: str = cells["category"]
        condition: Conditions = (("engagement", answer), ("desistance", answer))
    else:
        judgement, outcome = figures.judged[cells["figure_id"]]
        likelihood = of("ogrs_group", cells["category"]) if cells["category"] != "all" else ()
        condition = ((judgement, cells["series"]), *likelihood)
    yield from outcome_count(FIGURE_DATA.name, row, "n", cells, outcome, condition)
    yield from outcome_value(FIGURE_DATA.name, row, "value", cells, outcome, condition)


def of_headlines(frame: pd.DataFrame, figures: Figures) -> Iterator[Claim]:
    """Headlines of both bulletins. Raises PipelineError for one whose people nobody has named."""
    for row, cells in numbered(frame):
        if cells["id"] in NOT_OF_PEOPLE:
            if cells["id"] in ("crc_inspected", "nps_inspected"):
                whole = group(("provider_type", cells["id"].removesuffix("_inspected")))
                yield count(Cell(HEADLINES.name, row, "n", float(cells["n"]), 0), whole)
            continue
        yield from _of_a_headline(row, cells, figures)


def _of_a_headline(row: int, cells: dict[str, Any], figures: Figures) -> Iterator[Claim]:
    name, n = cells["id"], float(cells["n"])
    if name in headlines_2023.GAPS:
        yield from _of_a_gap(row, cells)
        return
    part, whole = _people(name, figures)
    decimals = {"percent": _WHOLE_PERCENT, "mean_count": 1, "count": 0}[cells["unit"]]
    if name == "reoff_match_rate":
        decimals = 1
    yield count(Cell(HEADLINES.name, row, "n", n, 0), whole)
    for column in ("value", "value_published"):
        if pd.isna(cells[column]):
            continue
        cell = Cell(HEADLINES.name, row, column, float(cells[column]), decimals)
        if name == "reoffences_mode":
            yield derived(cell, whole)
        elif cells["unit"] == "count":
            yield count(cell, part)
        elif cells["unit"] == "percent":
            yield share(cell, part, whole, n)
        elif name in headlines_2023.CELLS:
            yield from outcome_value(
                HEADLINES.name, row, column, cells, "reoffences", _condition(headlines_2023.CELLS[name])
            )
        else:
            yield from measure_value(cell, headlines_2020.CELLS[name].outcome, part, whole, n)


def _condition(cell: Any) -> Conditions:
    return of(cell.item, cell.category)


def _of_a_gap(row: int, cells: dict[str, Any]) -> Iterator[Claim]:
    """A gap is told whole; its two percentages stand in the figures, with their n."""
    outcome, *sides, _ = headlines_2023.GAPS[cells["id"]]
    whole, part = OUTCOMES[outcome]
    people: list[Group] = []
    for side in sides:
        condition = tuple((column, codes[0] if len(codes) == 1 else "high_very_high") for column, codes in side.items())
        people += [group(*whole, *condition), group(*part, *condition)]
    for column in ("n", "value", "value_published"):
        if not pd.isna(cells[column]):
            yield derived(Cell(HEADLINES.name, row, column, float(cells[column]), 0), *people)


def _people(name: str, figures: Figures) -> tuple[Group, Group]:
    """Of a headline: the part it tells of, and whom it rests on."""
    if name in headlines_2023.CELLS:
        cell = headlines_2023.CELLS[name]
        if cell.outcome == "reoffences":
            whole = group(*REOFFENDED, *_condition(cell))
            return whole, whole
        whole_of, part_of = OUTCOMES[cell.outcome]
        return group(*part_of, *_condition(cell)), group(*whole_of, *_condition(cell))
    if name in headlines_2020.CELLS:
        found = headlines_2020.CELLS[name]
        return measured(found.outcome, found.item, found.category)
    if name in headlines_2023.MATCHED_GROUPS:
        item, category, _ = headlines_2023.MATCHED_GROUPS[name]
        return group(*MATCHED_REOFFENDING, *of(item, category)), group(*of(item, category))
    if name in headlines_2023.REASONS:
        return group(*_reason(headlines_2023.REASONS[name][0], figures)), group(*MATCHED_TERMINATION)
    if name in headlines_2020.COUNTS:
        return counted(*headlines_2020.COUNTS[name][:2])
    if name in headlines_2020.PAIRS:
        _, first, second, _ = headlines_2020.PAIRS[name]
        return group((first, "yes"), (second, "yes")), EVERYBODY
    size = headlines_2020.GROUP_SIZES.get(name.removesuffix("_pct"))
    if size is not None:
        whole = group((size.item, ANSWERED)) if size.of_known else EVERYBODY
        return group((size.item, size.category)), whole
    if name not in _OTHERS:
        raise PipelineError(
            problem=f"Nobody has said which people the headline {name} counts.",
            remedy="Name them in orchestration/disclosure/text_claims.py; until then it cannot leave.",
        )
    return _OTHERS[name]


_OTHERS: dict[str, tuple[Group, Group]] = {
    "cases_inspected": (EVERYBODY, EVERYBODY),
    "cases_inspected_2020": (EVERYBODY, EVERYBODY),
    "reoff_matched": (group(*MATCHED_REOFFENDING), EVERYBODY),
    "reoff_match_rate_round": (group(*MATCHED_REOFFENDING), EVERYBODY),
    "reoff_match_rate": (group(*MATCHED_REOFFENDING), EVERYBODY),
    "community_cases": (group(("case_type", "community")), EVERYBODY),
    "reoffences_three_or_fewer_pct": (group(*REOFFENDED, ("reoffending", "3 or fewer")), group(*REOFFENDED)),
    "reoffences_mode": (group(*REOFFENDED), group(*REOFFENDED)),
    "kq_engagement_yes_pct": (group(("engagement", "yes")), group(("engagement", ANSWERED))),
    "kq_desistance_yes_pct": (group(("desistance", "yes")), group(("desistance", ANSWERED))),
    "officers_services_available_pct": (group(("services_available", "yes")), group(("services_available", ANSWERED))),
    "officers_services_available_n": (group(("services_available", "yes")), group(("services_available", ANSWERED))),
}
