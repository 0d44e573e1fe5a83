"""Figures drawn in the Analysis Function's style.

Belongs here: figure data in, SVG text and PNG bytes out. Not here: the numbers (`figure_data.py`), words
about them (`figure_text.py`), the page around them.

Bars lie flat with their labels above them and their values at their ends: nothing needs turning, and the
drawing is narrow enough to be read on a phone.
"""

import io
import re
import textwrap
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from orchestration.publications import formatting
from orchestration.publications.figure_catalogue import Figure
from orchestration.publications.figure_text import category_label, measure_label, series_label
from orchestration.publications.records import Record, records

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DARK_BLUE, ORANGE = "#12436D", "#F46A25"  # the style's pair for two series: distinct in hue and in lightness
SERIES_COLOURS = {"yes": DARK_BLUE, "positive": DARK_BLUE, "no": ORANGE, "negative": ORANGE}
TEXT, QUIET = "#1A1A1A", "#505A5F"
# All lengths in inches. On a phone (358 CSS pixels) 11 pt text in such a drawing is still 11 pixels high.
WIDTH, LONGEST_BAR, BAR, LINE, GAP = 4.9, 3.45, 0.27, 0.25, 0.16
COLUMN_HEIGHT = 2.1
TITLE_CHARACTERS = 46
MARGIN = 0.15
PNG_DPI = 200
WEB_FONTS = "Arial, Helvetica, 'Liberation Sans', sans-serif"
_PREFERRED_FONTS = ("Arial", "Liberation Sans", "Helvetica", "DejaVu Sans")


@dataclass
class Sheet:
    """A drawing in inches from its top left corner, filled downwards; `depth` is how far it is filled."""

    axes: "Axes"
    depth: float = 0.02

    def line(self, text: str, size: float, colour: str, indent: float = 0, bold: bool = False) -> None:
        """One line of text under what is there."""
        weight = "bold" if bold else "normal"
        self.text(indent, self.depth + LINE / 2, text, size, colour, weight=weight)
        self.depth += LINE

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: str,
        centre: bool = False,
        weight: str = "normal",
    ) -> Any:
        place = "center" if centre else "left"
        return self.axes.text(
            x, y, text, ha=place, va="center_baseline", fontsize=size, color=colour, fontweight=weight
        )

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        from matplotlib.patches import Rectangle

        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=colour, edgecolor="none"))


def figure_svg(figure: Figure, rows: pd.DataFrame, alternative: str) -> str:
    """The figure as one SVG element with its alternative text; the same bytes for the same data.

    `rows`: the figure's rows of results.figure_data. Ids carry the figure's name, so that several figures can
    stand in one page. The title is the page's to write.
    """
    raw = _saved(figure, rows, "svg").decode("utf-8")
    body = raw[raw.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="', f'id="{figure.figure_id}-', body)
    body = re.sub(r'(url\(#|href="#)', rf"\g<1>{figure.figure_id}-", body)
    body = re.sub(r"(font: [^;\"]*?px) [^;\"]*", rf"\g<1> {WEB_FONTS}", body)
    body = re.sub(r'(<svg\b[^>]*?) (?:width|height)="[^"]*"', r"\1", body, count=1)
    body = re.sub(r'(<svg\b[^>]*?) (?:width|height)="[^"]*"', r"\1", body, count=1)
    return body.replace("<svg", f'<svg role="img" aria-label="{_escaped(alternative)}"', 1)


def figure_png(figure: Figure, rows: pd.DataFrame) -> bytes:
    """The figure as PNG, for use away from the page: with its title and a margin."""
    return _saved(figure, rows, "png")


def _saved(figure: Figure, rows: pd.DataFrame, kind: str) -> bytes:
    from matplotlib import rc_context, style
    from matplotlib.figure import Figure as Drawing

    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": figure.figure_id, "font.sans-serif": [_font()]}
    buffer = io.BytesIO()
    with style.context("afcharts.afcharts"), rc_context(settings):
        drawing = Drawing()
        sheet = Sheet(drawing.add_axes((0, 0, 1, 1)))
        margin = MARGIN if kind == "png" else 0.0
        if kind == "png":
            _write_title(sheet, figure.heading)
        _draw_columns(sheet, figure, rows) if figure.number == 3 else _draw_bars(sheet, figure, rows)
        drawing.set_size_inches(WIDTH + 2 * margin, sheet.depth + 2 * margin)
        sheet.axes.set(xlim=(-margin, WIDTH + margin), ylim=(sheet.depth + margin, -margin))
        sheet.axes.set_axis_off()
        metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
        drawing.savefig(buffer, format=kind, dpi=PNG_DPI, metadata=metadata)
    return buffer.getvalue()


def _write_title(sheet: Sheet, heading: str) -> None:
    for line in textwrap.wrap(heading, TITLE_CHARACTERS):
        sheet.line(line, 13, TEXT, bold=True)
    sheet.depth += 0.08


def _draw_bars(sheet: Sheet, figure: Figure, rows: pd.DataFrame) -> None:
    """Flat bars in groups, each group under its label; one colour unless the bars of a group differ."""
    sheet.line(measure_label(figure), 11, QUIET)
    is_coloured = figure.by_likelihood or figure.number == 2
    for series in dict.fromkeys(rows["series"]) if is_coloured else ():
        sheet.box(0, sheet.depth + 0.05, 0.14, 0.14, SERIES_COLOURS[series])
        sheet.line(series_label(figure, series), 11, TEXT, indent=0.24)
    longest = max(rows["value"].dropna().astype("float64"), default=0) or 1
    standing = None
    for row in records(rows):
        label = category_label(figure, row)
        if label != standing:
            sheet.depth += GAP if standing is not None or is_coloured else GAP / 2
            sheet.line(label, 11, TEXT)
            standing = label
        _draw_bar(sheet, row, float(longest), SERIES_COLOURS[row["series"]] if is_coloured else DARK_BLUE)
    sheet.depth += 0.05


def _draw_bar(sheet: Sheet, row: Record, longest: float, colour: str) -> None:
    """One bar with its value in bold at its end and its n after that."""
    length = 0.0 if formatting.is_missing(row["value"]) else LONGEST_BAR * float(row["value"]) / longest
    sheet.box(0, sheet.depth, length, BAR, colour)
    value = formatting.measure(row["value"], row["unit"])
    middle = sheet.depth + BAR / 2
    label = sheet.text(length + 0.07, middle, value, 11, TEXT, weight="bold")
    sheet.axes.annotate(
        f"n={formatting.number(row['n'])}",
        (1, 0.5),
        (5, 0),
        xycoords=label,
        textcoords="offset points",
        va="center",
        fontsize=9.5,
        color=QUIET,
    )
    sheet.depth += BAR + 0.03


def _draw_columns(sheet: Sheet, figure: Figure, rows: pd.DataFrame) -> None:
    """Figure 3: one column for each number of reoffences."""
    sheet.line(measure_label(figure), 11, QUIET)
    values = rows["value"].astype("Float64").fillna(0.0).astype("float64").tolist()
    highest = max(values, default=0) or 1
    step = WIDTH / len(values)
    base = sheet.depth + LINE + COLUMN_HEIGHT
    for position, (value, row) in enumerate(zip(values, records(rows), strict=True)):
        height, centre = COLUMN_HEIGHT * value / highest, (position + 0.5) * step
        sheet.box(centre - 0.39 * step, base - height, 0.78 * step, height, DARK_BLUE)
        sheet.text(centre, base - height - 0.11, formatting.number(row["value"], 1), 10, TEXT, True, "bold")
        sheet.text(centre, base + 0.16, row["category"], 11, TEXT, True)
    sheet.depth = base + 0.28
    sheet.line("Number of reoffences in the year", 11, QUIET)
    sheet.depth += 0.05


@cache
def _font() -> str:
    """The first of the preferred fonts that this machine has; the last one comes with matplotlib."""
    from matplotlib import font_manager

    present = set(font_manager.get_font_names())
    return next(name for name in _PREFERRED_FONTS if name in present)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
