"""Shares that fall in steps with time, drawn in the Analysis Function's style.

Belongs here: a chart of step curves, its words and its drawing. Not here: which curves a figure shows (a publication's
own room), the sheet it is drawn on (`figures.py`).
"""

from dataclasses import dataclass
from itertools import pairwise

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

PLOT, HEIGHT, GAP = 3.9, 1.5, 0.2  # inches: the width and the height of a panel, the space between panels
LEFT, STROKE = 0.5, 0.025
COLOURS = (DARK_BLUE, ORANGE)


@dataclass(frozen=True)
class StepCurve:
    """One curve: the share (per cent) from each day on."""

    label: str
    days: tuple[float, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class CurveChart:
    """`measure`: what a share is of; `panels`: up to two curves each under a heading, all to one scale."""

    figure_id: str
    heading: str
    measure: str
    panels: tuple[tuple[str, tuple[StepCurve, ...]], ...]

    @property
    def floor(self) -> float:
        """Where the scale begins: the ten below the lowest share."""
        lowest = min(share for _, curves in self.panels for curve in curves for share in curve.shares)
        return 10.0 * (lowest // 10)

    @property
    def last_day(self) -> float:
        """Where it ends."""
        return max(day for _, curves in self.panels for curve in curves for day in curve.days)


def chart_svg(chart: CurveChart) -> str:
    """The chart as one SVG element with its alternative text; the same bytes for the same chart."""
    return figure_svg(chart.figure_id, lambda sheet: draw(sheet, chart), alternative_text(chart))


def chart_png(chart: CurveChart) -> bytes:
    """The chart as PNG, with its heading and a margin."""
    return figure_png(chart.figure_id, lambda sheet: draw(sheet, chart), chart.heading)


def alternative_text(chart: CurveChart) -> str:
    """The chart in words: where each curve ends, for those who do not see it."""
    panels = "; ".join(
        f"{heading}: " + ", ".join(f"{formatting.lower_first(curve.label)} {_end(curve)}" for curve in curves)
        for heading, curves in chart.panels
    )
    return f"Falling curves. {chart.measure}, after {formatting.number(chart.last_day)} days. {panels}."


def draw(sheet: Sheet, chart: CurveChart) -> None:
    """Draw the panels one under the other; the scale of shares begins at `floor`, which stands beside it."""
    sheet.line(f"{chart.measure}; the scale begins at {formatting.number(chart.floor)}%", 11, QUIET)
    for heading, curves in chart.panels:
        sheet.depth += GAP
        sheet.line(heading, 11, TEXT, bold=True)
        for colour, curve in zip(COLOURS, curves, strict=False):
            sheet.box(0, sheet.depth + 0.1, 0.3, 2 * STROKE, colour)
            sheet.line(f"{curve.label}: {_end(curve)}", 11, TEXT, indent=0.4)
        top = sheet.depth + 0.1
        _draw_axes(sheet, chart, top)
        for colour, curve in zip(COLOURS, curves, strict=False):
            _draw_curve(sheet, chart, curve, top, colour)
        sheet.depth = top + HEIGHT
        for day in (0.0, chart.last_day):
            place = LEFT + PLOT * day / (chart.last_day or 1.0)
            sheet.text(place, sheet.depth + 0.12, f"{formatting.number(day)}", 10, QUIET, centre=True)
        sheet.depth += 0.3
    sheet.line("Days", 10, QUIET, indent=LEFT)


def _draw_axes(sheet: Sheet, chart: CurveChart, top: float) -> None:
    for share in (chart.floor, 100.0):
        place = top + HEIGHT * (100 - share) / ((100 - chart.floor) or 1.0)
        sheet.box(LEFT, place, PLOT, 0.012, QUIET)
        sheet.text(0, place, formatting.number(share, 0, "%"), 10, QUIET)


def _draw_curve(sheet: Sheet, chart: CurveChart, curve: StepCurve, top: float, colour: str) -> None:
    across, down = PLOT / (chart.last_day or 1.0), HEIGHT / ((100 - chart.floor) or 1.0)
    places = [
        (LEFT + day * across, top + (100 - share) * down) for day, share in zip(curve.days, curve.shares, strict=True)
    ]
    for (x, y), (next_x, next_y) in pairwise(places):
        sheet.box(x, y - STROKE / 2, next_x - x, STROKE, colour)
        sheet.box(next_x - STROKE / 2, min(y, next_y) - STROKE / 2, STROKE, abs(next_y - y) + STROKE, colour)


def _end(curve: StepCurve) -> str:
    return formatting.number(curve.shares[-1], 1, "%")
