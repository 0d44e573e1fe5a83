"""Bar charts drawn in the Analysis Function's style.

Belongs here: a chart in, its drawing out, whichever bulletin it belongs to. Not here: the chart's words and numbers
(`charts.py`), the sheet it is drawn on (`figures.py`).

Bars lie flat with their labels above them and their values at their ends: nothing needs turning, and the
drawing is narrow enough to be read on a phone.
"""

from collections.abc import Sequence

from orchestration.publications.drawing.charts import Bar, Chart, alternative_text, displayed_data
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
from orchestration.publications.shared.publication import DrawnFigure
from orchestration.publications.shared.published_table import PublishedTable

LONGEST_BAR, BAR, GAP = 3.3, 0.27, 0.16  # inches
LINE_OF_COLUMNS, COLUMN_HEIGHT = 0.25, 2.1


def drawn_chart(chart: Chart, label: str, table: PublishedTable) -> DrawnFigure:
    """A chart as it goes out; `label` names it ("Figure 2"), `table` holds its numbers."""
    return DrawnFigure(
        figure_id=chart.figure_id,
        label=label,
        heading=chart.heading,
        svg=chart_svg(chart),
        png=chart_png(chart),
        data=displayed_data(chart),
        table=table,
    )


def chart_svg(chart: Chart) -> str:
    """The chart as one SVG element with its alternative text; the same bytes for the same chart."""
    return figure_svg(chart.figure_id, lambda sheet: draw(sheet, chart), alternative_text(chart))


def chart_png(chart: Chart) -> bytes:
    """The chart as PNG, with its heading and a margin."""
    return figure_png(chart.figure_id, lambda sheet: draw(sheet, chart), chart.heading)


def draw(sheet: Sheet, chart: Chart) -> None:
    """Draw the chart under what is on the sheet."""
    sheet.line(chart.measure, 11, QUIET)
    _draw_columns(sheet, chart) if chart.axis else _draw_bars(sheet, chart)
    sheet.depth += 0.05


def _draw_bars(sheet: Sheet, chart: Chart) -> None:
    """Flat bars in groups, each group under its label; one colour unless the bars of a group differ."""
    colours = {series: ORANGE if is_second else DARK_BLUE for series, is_second in chart.legend}
    for series, colour in colours.items():
        sheet.box(0, sheet.depth + 0.05, 0.14, 0.14, colour)
        sheet.line(series, 11, TEXT, indent=0.24)
    longest = _axis_end(chart)
    for position, group in enumerate(chart.groups):
        sheet.depth += GAP if position or colours else GAP / 2
        sheet.line(group.label, 11, TEXT)
        for bar in group.bars:
            ends = [LONGEST_BAR * end / longest for end in chart.interval(bar) or ()]
            _draw_bar(sheet, bar, chart.value_text(bar), longest, colours.get(bar.series, DARK_BLUE), ends)
    if chart.unit == "percent":
        _draw_axis(sheet)
    if chart.is_of_n:
        sheet.line("Thin lines: 95% intervals.", 9.5, QUIET)


def _axis_end(chart: Chart) -> float:
    """Where the axis ends: percentages share one axis, so that figures can be compared."""
    values = [float(bar.value) for bar in chart.bars if not formatting.is_missing(bar.value)]
    return 100 if chart.unit == "percent" else max(values, default=0) or 1


def _draw_axis(sheet: Sheet) -> None:
    """0, 50 and 100 per cent under the bars."""
    sheet.box(0, sheet.depth + 0.03, LONGEST_BAR, 0.012, QUIET)
    for percent in (0, 50, 100):
        place = LONGEST_BAR * percent / 100
        sheet.box(place, sheet.depth, 0.012, 0.06, QUIET)
        sheet.text(max(place, 0.1), sheet.depth + 0.16, f"{percent}%", 9.5, QUIET, centre=True)
    sheet.depth += 0.26


def _draw_bar(sheet: Sheet, bar: Bar, value: str, longest: float, colour: str, ends: Sequence[float]) -> None:
    """One bar with its value in bold behind it and its n after that; a thin line from end to end of its interval."""
    length = 0.0 if formatting.is_missing(bar.value) else LONGEST_BAR * float(bar.value) / longest
    sheet.box(0, sheet.depth, length, BAR, colour)
    middle = sheet.depth + BAR / 2
    if ends:
        sheet.box(ends[0], middle - 0.02, ends[1] - ends[0], 0.04, "#ffffff")
        sheet.box(ends[0], middle - 0.01, ends[1] - ends[0], 0.02, TEXT)
    label = sheet.text(max(length, *ends, 0.0) + 0.07, middle, value, 11, TEXT, weight="bold")
    sheet.axes.annotate(
        bar.n_text,
        (1, 0.5),
        (5, 0),
        xycoords=label,
        textcoords="offset points",
        va="center",
        fontsize=9.5,
        color=QUIET,
    )
    sheet.depth += BAR + 0.03


def _draw_columns(sheet: Sheet, chart: Chart) -> None:
    """One column a group, with its short label under it."""
    bars = [group.bars[0] for group in chart.groups]
    values = [0.0 if formatting.is_missing(bar.value) else float(bar.value) for bar in bars]
    highest = max(values, default=0) or 1
    step = WIDTH / len(values)
    base = sheet.depth + LINE_OF_COLUMNS + COLUMN_HEIGHT
    for position, (value, group) in enumerate(zip(values, chart.groups, strict=True)):
        height, centre = COLUMN_HEIGHT * value / highest, (position + 0.5) * step
        sheet.box(centre - 0.39 * step, base - height, 0.78 * step, height, DARK_BLUE)
        shown = formatting.number(group.bars[0].value, 1, missing=group.bars[0].missing)
        sheet.text(centre, base - height - 0.11, shown, 10, TEXT, True, "bold")
        sheet.text(centre, base + 0.16, group.tick, 11, TEXT, True)
    sheet.depth = base + 0.28
    sheet.line(chart.axis, 11, QUIET)
