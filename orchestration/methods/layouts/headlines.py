"""A headline: a figure stated in the text of a bulletin, and where in an annex it is found.

Belongs here: its shape, and headlines as rows of results.headlines. Not here: which headlines a bulletin has
(`headlines_2020`, `headlines_2023`), and how those that are no cell of an annex are counted (each bulletin).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from orchestration.methods.layouts.frames import frame_of
from orchestration.methods.layouts.rounding import round_half_up
from orchestration.tables.annexes import HEADLINES


@dataclass(frozen=True)
class Headline:
    """A figure, exact, with the number of cases it rests on."""

    id: str
    description: str
    unit: str
    value: float | Fraction | None
    n: int
    decimals: int


@dataclass(frozen=True)
class AnnexHeadline:
    """A cell of an annex that the text repeats: a percentage as a whole number, a mean to one decimal."""

    outcome: str
    description: str
    item: str = "all_cases"
    category: str = "all"


def annex_headlines(
    catalogue: Mapping[str, AnnexHeadline], annex: pd.DataFrame, units: Mapping[str, str]
) -> Iterator[Headline]:
    """The headlines of a catalogue, read from results.annex_b or results.annex_c; `units`: outcome -> its unit.

    Raises KeyError where the annex lacks a cell.
    """
    cells = annex.set_index(["outcome", "item", "category"])[["n", "value"]].to_dict("index")
    for name, cell in catalogue.items():
        found, unit = cells[cell.outcome, cell.item, cell.category], units[cell.outcome]
        decimals = 1 if unit == "mean_count" else 0
        yield Headline(name, cell.description, unit, float(found["value"]), int(found["n"]), decimals)


def headline_table(headlines: Iterable[Headline]) -> pd.DataFrame:
    """Headlines of any bulletin as rows of results.headlines."""
    return frame_of(
        HEADLINES,
        (
            {
                "id": headline.id,
                "value": None if headline.value is None else float(headline.value),
                "value_published": round_half_up(headline.value, headline.decimals),
                "unit": headline.unit,
                "n": headline.n,
                "description": headline.description,
            }
            for headline in headlines
        ),
    )
