"""Many estimates of one thing in the order of their size, one of them marked, in the Analysis Function's style.

Belongs here: a chart of such strips, its words and its drawing. Not here: which estimates a figure shows (a
publication's own room), the sheet it is drawn on (`figures.py`).
"""

from dataclasses import dataclass

from orchestration.publications.drawing.figures import (
    DARK_BLUE,
    ORANGE,
    QUIET,
    TEXT,
    Sheet,
    figure_png,
    figure_svg,
)
from orchestration.publications.shared import formatting

PLOT, HEIGHT, GAP = 4.3, 0.9, 0.14  # inches: the width and the height of a strip, the space between strips
LEFT, WIDEST = 0.5, 0.06


@dataclass(frozen=True)
class Specified:
    """One estimate (on a scale where nothing has no effect at 0) with its interval; `is_marked`: the published one."""

    value: float
    low: float
    high: float
    is_marked: bool


@dataclass(frozen=True)
class StripChart:
    """`measure`: what the estimates are; `strips`: under each heading its estimates, in any order."""

    figure_id: str
    heading: str
    measure: str
    strips: tuple[tuple[str, tuple[Specified, ...]], ...]


def chart_svg(chart: StripChart) -> str:
    """The chart as one SVG element with its alternative text; the same bytes for the same chart."""
    return figure_svg(chart.figure_id, lambda sheet: draw(sheet, chart), alternative_text(chart))


def chart_png(chart: StripChart) -> bytes:
    """The chart as PNG, with its heading and a margin."""
    return figure_png(chart.figure_id, lambda sheet: draw(sheet, chart), chart.heading)


def alternative_text(chart: StripChart) -> str:
    """The chart in words: how many estimates, from where to where, and the marked one's place."""
    strips = "; ".join(f"{heading}: {_words(estimates)}" for heading, estimates in chart.strips)
    return f"Strips of sorted estimates. {chart.measure}. {strips}."


def _words(estimates: tuple[Specified, ...]) -> str:
    ordered = sorted(estimates, key=lambda estimate: estimate.value)
    ends = " to ".join(formatting.number(ordered[place].value, 2) for place in (0, -1))
    marked = [place for place, estimate in enumerate(ordered, start=1) if estimate.is_marked]
    told = f", published {formatting.number(ordered[marked[0] - 1].value, 2)}, place {marked[0]}" if marked else ""
    return f"{len(ordered)} estimates, {ends}{told}"


def draw(sheet: Sheet, chart: StripChart) -> None:
    """Draw the strips one under the other, to one scale; nothing is a thin line through each."""
    sheet.line(chart.measure, 11, QUIET)
    everything = [estimate for _, estimates in chart.strips for estimate in estimates]
    highest = max(0.0, *(estimate.high for estimate in everything))
    lowest = min(0.0, *(estimate.low for estimate in everything))
    scale = HEIGHT / ((highest - lowest) or 1.0)
    for heading, estimates in chart.strips:
        sheet.depth += GAP
        sheet.line(heading, 11, TEXT, bold=True)
        top, step = sheet.depth, PLOT / len(estimates)
        sheet.box(LEFT, top + highest * scale, PLOT, 0.012, QUIET)
        sheet.text(0, top + highest * scale, "0", 10, QUIET)
        for place, estimate in enumerate(sorted(estimates, key=lambda estimate: estimate.value)):
            colour = ORANGE if estimate.is_marked else DARK_BLUE
            middle, width = LEFT + (place + 0.5) * step, min(step / 3, WIDEST / 2)
            y = top + (highest - estimate.high) * scale
            sheet.box(middle - width / 2, y, width, (estimate.high - estimate.low) * scale, colour)
            dot = 2 * width if not estimate.is_marked else 3 * width
            sheet.box(middle - dot / 2, top + (highest - estimate.value) * scale - dot / 2, dot, dot, colour)
        sheet.depth = top + HEIGHT
    sheet.depth += 0.05
