"""A heat map of pairs, drawn as the lower half of a square.

Belongs here: the drawing, its words and the data behind it. Not here: the measure (`orchestration/methods`), which
pairs there are (the publication's own room).

Every square carries its number, so that nothing rests on colour; columns are headed by the numbers that stand before
the names of the rows, so that nothing needs turning and the drawing can be read on a phone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from orchestration.publications.drawing.figures import (
    DARK_BLUE,
    ORANGE,
    QUIET,
    TEXT,
    WIDTH,
    Sheet,
    figure_png,
    figure_svg,
)
from orchestration.publications.shared import formatting

LEFT, SQUARE, EDGE = 2.05, 0.36, 0.02  # inches
_WHITE, _DARK = "#FFFFFF", 0.18  # relative luminance below which a square takes white type


@dataclass(frozen=True)
class HeatMap:
    """`labels`: code -> words, in order; `cells`: (earlier code, later code) -> (cases with both, value, -1 to 1).

    `missing`: pair -> what stands where it has no number, if not that it is not applicable.
    """

    figure_id: str
    heading: str
    measure: str
    labels: Mapping[str, str]
    cells: Mapping[tuple[str, str], tuple[Any, Any]]
    missing: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def value_text(self, pair: tuple[str, str]) -> str:
        """A pair's value to two decimals, with a true minus sign."""
        _, value = self.cells.get(pair, (None, None))
        return formatting.number(value, 2, missing=self._missing(pair)).replace("-", "−")

    def n_text(self, pair: tuple[str, str]) -> str:
        """The cases that have both."""
        return f"n={formatting.number(self.cells[pair][0], missing=self._missing(pair))}"

    def _missing(self, pair: tuple[str, str]) -> str:
        return self.missing.get(pair, formatting.NOT_APPLICABLE)


def heat_map_svg(heat_map: HeatMap, alternative: str) -> str:
    """The map as one SVG element with its alternative text."""
    return figure_svg(heat_map.figure_id, lambda sheet: draw(sheet, heat_map), alternative)


def heat_map_png(heat_map: HeatMap) -> bytes:
    """The map as PNG, with its heading and a margin."""
    return figure_png(heat_map.figure_id, lambda sheet: draw(sheet, heat_map), heat_map.heading)


def alternative_text(heat_map: HeatMap) -> str:
    """The map in words: every pair with its value and cases, the strongest first."""
    cells = sorted(heat_map.cells.items(), key=lambda cell: _strength(cell[1][1]), reverse=True)
    pairs = "; ".join(
        f"{heat_map.labels[first]} with {heat_map.labels[second]} {heat_map.value_text((first, second))} "
        f"({heat_map.n_text((first, second))})"
        for (first, second), _ in cells
    )
    return f"Heat map. {heat_map.measure}. n: cases with both. {pairs}."


def displayed_data(heat_map: HeatMap) -> pd.DataFrame:
    """The numbers behind the map with words for codes: Need, Other need, Cases with both, Phi (unrounded)."""
    rows = [
        (heat_map.labels[first], heat_map.labels[second], n, value)
        for (first, second), (n, value) in heat_map.cells.items()
    ]
    frame = pd.DataFrame(rows, columns=["Need", "Other need", "Cases with both", "Phi"])
    return frame.astype({"Cases with both": "Int64", "Phi": "Float64"})


def draw(sheet: Sheet, heat_map: HeatMap) -> None:
    """Draw the map under what is on the sheet."""
    sheet.line(heat_map.measure, 11, QUIET)
    codes = list(heat_map.labels)
    width = (WIDTH - LEFT) / (len(codes) - 1)
    strongest = max((abs(float(v)) for _, v in heat_map.cells.values() if not formatting.is_missing(v)), default=0) or 1
    for column in range(len(codes) - 1):
        sheet.text(LEFT + (column + 0.5) * width, sheet.depth + SQUARE / 2, str(column + 1), 11, TEXT, centre=True)
    sheet.depth += SQUARE
    for row, later in enumerate(codes):
        middle = sheet.depth + SQUARE / 2
        sheet.text(0, middle, f"{row + 1} {heat_map.labels[later]}", 11, TEXT)
        for column, earlier in enumerate(codes[:row]):
            _, value = heat_map.cells.get((earlier, later), (None, None))
            colour = shade(value, strongest)
            left = LEFT + column * width
            sheet.box(left, sheet.depth, width - EDGE, SQUARE - EDGE, colour)
            ink = _WHITE if _luminance(colour) < _DARK else TEXT
            shown = heat_map.value_text((earlier, later))
            sheet.text(left + (width - EDGE) / 2, middle - EDGE / 2, shown, 9.5, ink, centre=True)
        sheet.depth += SQUARE
    sheet.depth += 0.05


def shade(value: object, strongest: float) -> str:
    """White at 0, to the style's dark blue at `strongest` and its orange at the same below 0; grey where missing."""
    if formatting.is_missing(value):
        return "#EEEFEF"
    share = min(abs(float(value)) / strongest, 1.0)  # type: ignore[arg-type]
    full = _parts(DARK_BLUE if float(value) > 0 else ORANGE)  # type: ignore[arg-type]
    return "#" + "".join(f"{round(255 + share * (part - 255)):02X}" for part in full)


def _parts(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _luminance(colour: str) -> float:
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _strength(value: object) -> float:
    return -2.0 if formatting.is_missing(value) else float(value)  # type: ignore[arg-type]
