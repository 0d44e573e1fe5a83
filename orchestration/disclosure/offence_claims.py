"""Whom the numbers about what reoffences were count.

Belongs here: results tables made from offence-level records. Not here: the annexes and what repeats them
(`annex_claims.py`, `text_claims.py`).
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from orchestration.disclosure.annex_claims import numbered
from orchestration.disclosure.claims import Cell, Claim, count, derived, mean, share
from orchestration.disclosure.groups import (
    MATCHED_REOFFENDING,
    REOFFENDED,
    Group,
    group,
    of,
    reoffended_by,
    reoffended_with,
)
from orchestration.tables.reoffence_types import REOFFENCE_TYPES, REOFFENDING_MEASURES

_PERCENT, _MEAN = 1, 2  # decimals
_PUBLISHED = "published"


def of_reoffence_types(frame: pd.DataFrame) -> Iterator[Claim]:
    """Who reoffended with a group of offences, by answer."""
    name = REOFFENCE_TYPES.name
    for row, cells in numbered(frame):
        kind, n = cells["offence_group"], float(cells["n"])
        condition = () if cells["judgement"] == "all" else of(cells["judgement"], cells["answer"])
        whole = group(*MATCHED_REOFFENDING, *condition)
        part = group(*REOFFENDED, *condition, reoffended_with(kind))
        for column, people in (("n", whole), ("n_reoffended", part)):
            if not pd.isna(cells[column]):
                yield count(Cell(name, row, column, float(cells[column]), 0), people)
        if not pd.isna(cells["percent"]):
            yield share(Cell(name, row, "percent", float(cells["percent"]), _PERCENT), part, whole, n)
        yield from _ends(name, row, cells, ("ci_low", "ci_high"), part, whole)


def of_reoffending_measures(frame: pd.DataFrame) -> Iterator[Claim]:
    """Who reoffended when it is measured otherwise, and who did as published, of all matched cases.

    A way that leaves cases out claims nothing: it would need names for those, and does not leave.
    """
    rows = list(numbered(frame))
    published = next((cells for _, cells in rows if cells["measure"] == _PUBLISHED), {})
    for row, cells in rows:
        if not cells["n_not_covered"]:
            yield from _of_a_measure(row, cells, _people(cells, published))


def _people(cells: dict[str, Any], published: dict[str, Any]) -> Group:
    """Who reoffended when measured so: a part of who did as published where the windows are shorter, else more."""
    if cells["measure"] == _PUBLISHED:
        return group(*REOFFENDED)
    is_longer = all(cells[months] >= published[months] for months in ("followup_months", "waiting_months"))
    return group(*(MATCHED_REOFFENDING if is_longer else REOFFENDED), reoffended_by(cells["measure"]))


def _of_a_measure(row: int, cells: dict[str, Any], so: Group) -> Iterator[Claim]:
    name, n, whole, published = (
        REOFFENDING_MEASURES.name,
        float(cells["n"]),
        group(*MATCHED_REOFFENDING),
        group(*REOFFENDED),
    )
    yield count(Cell(name, row, "n", n, 0), whole)
    told = {
        ("percent", "ci_low", "ci_high", "mean_reoffences"): so,
        ("percent_published", "published_low", "published_high", "mean_published"): published,
    }
    for (percent, low, high, average), part in told.items():
        if pd.isna(cells[percent]):
            continue
        yield share(Cell(name, row, percent, float(cells[percent]), _PERCENT), part, whole, n)
        yield from _ends(name, row, cells, (low, high), part, whole)
        if not pd.isna(cells[average]):
            summed = "reoffences" if part == published else f"reoffences, {cells['measure']}"
            reoffended = round(n * float(cells[percent]) / 100)
            yield mean(Cell(name, row, average, float(cells[average]), _MEAN), summed, part, reoffended)


def _ends(name: str, row: int, cells: dict[str, Any], columns: tuple[str, str], *people: Group) -> Iterator[Claim]:
    """The ends of an interval, which follow from the counts."""
    for column in columns:
        if not pd.isna(cells[column]):
            yield derived(Cell(name, row, column, float(cells[column]), _PERCENT), *people)
