"""Estimates with their intervals, drawn in the Analysis Function's style.

Belongs here: a chart of dots and intervals, its words and its drawing. Not here: which estimates a figure shows (a
publication's own room), the sheet it is drawn on (`figures.py`).

Labels stand above their intervals and values at the right, as bars have theirs, so that a phone shows all of it.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from orchestration.publications.drawing.figures import DARK_BLUE, QUIET, TEXT, Sheet, figure_png, figure_svg
from orchestration.publications.shared import formatting

PLOT, ROW, GAP = 3.3, 0.24, 0.14  # inches: the width of the intervals, the height of one, the space between groups
DOT = 0.05
LABEL_CHARACTERS = 56


@dataclass(frozen=True)
class Estimate:
    """One estimate with the ends of its interval, in the chart's unit."""

    label: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class IntervalChart:
    """`measure`: what an estimate is, `groups`: estimates under their headings; nothing has no effect at zero."""

    figure_id: str
    heading: str
    measure: str
    groups: tuple[tuple[str, tuple[Estimate, ...]], ...]

    @property
    def estimates(self) -> Iterator[Estimate]:
        """Every estimate in order."""
        return (estimate for _, estimates in self.groups for estimate in estimates)


def chart_svg(chart: IntervalChart) -> str:
    """The chart as one SVG element with its alternative text; the same bytes for the same chart."""
    return figure_svg(chart.figure_id, lambda sheet: draw(sheet, chart), alternative_text(chart))


def chart_png(chart: IntervalChart) -> bytes:
    """The chart as PNG, with its heading and a margin."""
    return figure_png(chart.figure_id, lambda sheet: draw(sheet, chart), chart.heading)


def alternative_text(chart: IntervalChart) -> str:
    """The chart in words, every estimate with its interval, for those who do not see it."""
    groups = "; ".join(
        f"{heading}: " + ", ".join(f"{formatting.lower_first(e.label)} {_value_text(e)}" for e in estimates)
        for heading, estimates in chart.groups
    )
    return f"Dots with intervals. {chart.measure}. {groups}."


def draw(sheet: Sheet, chart: IntervalChart) -> None:
    """Draw the chart under what is on the sheet; zero is a thin line through every group."""
    sheet.line(chart.measure, 11, QUIET)
    lowest = min(0.0, *(estimate.low for estimate in chart.estimates))
    highest = max(0.0, *(estimate.high for estimate in chart.estimates))
    scale = PLOT / ((highest - lowest) or 1.0)
    for heading, estimates in chart.groups:
        sheet.depth += GAP
        sheet.line(heading, 11, TEXT, bold=True)
        for estimate in estimates:
            for line in textwrap.wrap(estimate.label, LABEL_CHARACTERS):
                sheet.line(line, 11, TEXT)
            middle = sheet.depth + ROW / 2
            sheet.box(-lowest * scale, sheet.depth, 0.012, ROW, QUIET)
            start, width = (estimate.low - lowest) * scale, (estimate.high - estimate.low) * scale
            sheet.box(start, middle - 0.015, width, 0.03, DARK_BLUE)
            sheet.box((estimate.value - lowest) * scale - DOT, middle - DOT, 2 * DOT, 2 * DOT, DARK_BLUE)
            sheet.text(PLOT + 0.1, middle, _value_text(estimate), 10, TEXT)
            sheet.depth += ROW
    sheet.depth += 0.05


def _value_text(estimate: Estimate) -> str:
    value, low, high = (formatting.number(number, 1) for number in (estimate.value, estimate.low, estimate.high))
    return f"{value} ({low} to {high})"
