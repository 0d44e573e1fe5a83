"""Figures drawn in the Analysis Function's style.

Belongs here: figure data in, SVG text and PNG bytes out. Not here: the numbers (`figure_data.py`), words
about them (`figure_text.py`), the page around them.

Bars lie flat with their labels above them and their values at their ends: nothing needs turning, and the
drawing is narrow enough to be read on a phone.
"""

import io
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from orchestration.publications import formatting
from orchestration.publications.figure_catalogue import Figure
from orchestration.publications.figure_text import category_label, measure_label, series_label
from orchestration.publications.records import records

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

DARK_BLUE, ORANGE = "#12436D", "#F46A25"  # the style's pair for two series: distinct in hue and in lightness
SERIES_COLOURS = {"yes": DARK_BLUE, "positive": DARK_BLUE, "no": ORANGE, "negative": ORANGE}
TEXT, QUIET = "#1A1A1A", "#505A5F"
WIDTH = 4.9  # inches; at 358 CSS pixels (a phone) 11 pt text is still 11 pixels high
BAR, LABEL, GAP = 0.27, 0.27, 0.16  # inches
PNG_DPI = 200
WEB_FONTS = "Arial, Helvetica, 'Liberation Sans', sans-serif"
_PREFERRED_FONTS = ("Arial", "Liberation Sans", "Helvetica", "DejaVu Sans")


@dataclass(frozen=True)
class Bar:
    """One bar: where it stands (inches from the top), how long, what colour and what it says."""

    top: float
    value: float
    colour: str
    value_text: str
    n_text: str


def figure_svg(figure: Figure, rows: pd.DataFrame, alternative: str, titled: bool = False) -> str:
    """The figure as one SVG element with its alternative text; the same bytes for the same data.

    `rows`: the figure's rows of results.figure_data. Ids carry the figure's name, so that several figures can
    stand in one page. `titled` writes the title into the drawing, for use away from the page.
    """
    raw = _saved(figure, rows, titled, "svg").decode("utf-8")
    body = raw[raw.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="', f'id="{figure.figure_id}-', body)
    body = re.sub(r'(url\(#|href="#)', rf"\g<1>{figure.figure_id}-", body)
    body = re.sub(r"(font: [^;\"]*?px) [^;\"]*", rf"\g<1> {WEB_FONTS}", body)
    name = _escaped(alternative)
    return re.sub(
        r'<svg width="[^"]*" height="[^"]*"|<svg height="[^"]*" width="[^"]*"', "<svg", body, count=1
    ).replace("<svg", f'<svg role="img" aria-label="{name}"', 1)


def figure_png(figure: Figure, rows: pd.DataFrame) -> bytes:
    """The figure as PNG, with its title."""
    return _saved(figure, rows, True, "png")


def _saved(figure: Figure, rows: pd.DataFrame, titled: bool, kind: str) -> bytes:
    from matplotlib import rc_context, style

    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": figure.figure_id, "font.sans-serif": [_font()]}
    buffer = io.BytesIO()
    with style.context("afcharts.afcharts"), rc_context(settings):
        drawing = _columns(rows) if figure.number == 3 else _flat_bars(figure, rows)
        if titled:
            _write_title(drawing, figure.heading)
        metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
        drawing.savefig(
            buffer, format=kind, dpi=PNG_DPI, bbox_inches="tight", pad_inches=0.08, metadata=metadata
        )
    return buffer.getvalue()


def _flat_bars(figure: Figure, rows: pd.DataFrame) -> "Drawing":
    """Groups of flat bars, each group under its label; one colour unless the bars of a group differ."""
    legend = list(dict.fromkeys(rows["series"])) if figure.by_likelihood or figure.number == 2 else []
    bars, labels, depth = _lay_out(figure, rows, bool(legend))
    drawing, axes = _canvas(depth)
    longest = max((bar.value for bar in bars), default=0) or 1
    for top, text in labels:
        axes.text(0, top + LABEL - 0.08, text, ha="left", va="baseline", fontsize=11, color=TEXT)
    for bar in bars:
        axes.barh(bar.top + BAR / 2, bar.value, height=BAR, color=bar.colour)
        label = axes.annotate(
            bar.value_text, (bar.value, bar.top + BAR / 2), (5, 0), textcoords="offset points",
            va="center", fontsize=11, fontweight="bold", color=TEXT,
        )  # fmt: skip
        axes.annotate(
            bar.n_text,
            (1, 0.5),
            (5, 0),
            xycoords=label,
            textcoords="offset points",
            va="center",
            fontsize=9.5,
            color=QUIET,
        )
    axes.set_xlim(0, longest * 1.52)
    axes.set_ylim(depth, 0)
    _hide_axes(axes)
    _write_legend(drawing, figure, legend, measure_label(figure))
    return drawing


def _lay_out(
    figure: Figure, rows: pd.DataFrame, coloured: bool
) -> tuple[list[Bar], list[tuple[float, str]], float]:
    bars: list[Bar] = []
    labels: list[tuple[float, str]] = []
    depth, standing = 0.0, None
    for row in records(rows):
        label = category_label(figure, row)
        if label != standing:
            depth += GAP if bars else 0
            labels.append((depth, label))
            depth, standing = depth + LABEL, label
        colour = SERIES_COLOURS[row["series"]] if coloured else DARK_BLUE
        value = 0.0 if formatting.is_missing(row["value"]) else float(row["value"])
        text = formatting.measure(row["value"], row["unit"])
        bars.append(Bar(depth, value, colour, text, f"n={formatting.number(row['n'])}"))
        depth += BAR + 0.03
    return bars, labels, depth


def _columns(rows: pd.DataFrame) -> "Drawing":
    """Figure 3: one column for each number of reoffences."""
    drawing, axes = _canvas(2.6)
    values = rows["value"].astype("float64").fillna(0.0).tolist()
    axes.bar(rows["category"].tolist(), values, width=0.78, color=DARK_BLUE)
    for position, value in enumerate(rows["value"]):
        axes.annotate(
            formatting.number(value, 1), (position, values[position]), (0, 3), textcoords="offset points",
            ha="center", fontsize=10, fontweight="bold", color=TEXT,
        )  # fmt: skip
    axes.set_ylim(0, (max(values, default=0) or 1) * 1.12)
    axes.set_xlabel("Number of reoffences in the year", fontsize=11, loc="left", labelpad=6)
    axes.tick_params(axis="x", length=0, labelsize=11)
    axes.set_yticks([])
    axes.grid(False)
    axes.set_title("Percentage of those who reoffended", fontsize=11, loc="left", pad=8, color=QUIET)
    return drawing


def _canvas(depth: float) -> "tuple[Drawing, Axes]":
    """A drawing whose axes are WIDTH by `depth` inches."""
    from matplotlib.figure import Figure as Drawing

    drawing = Drawing(figsize=(WIDTH, depth))
    return drawing, drawing.add_axes((0, 0, 1, 1))


def _hide_axes(axes: "Axes") -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _write_legend(drawing: "Drawing", figure: Figure, series: list[str], measure: str) -> None:
    """The measure above the bars, and under it a line for each colour in the order of the bars."""
    depth = drawing.get_size_inches()[1]
    lines = [(name, SERIES_COLOURS[name]) for name in series]
    height = 0.12 + 0.23 * len(lines)
    drawing.text(0, 1 + (height + 0.05) / depth, measure, ha="left", va="bottom", fontsize=11, color=QUIET)
    for position, (name, colour) in enumerate(lines):
        baseline = 1 + (height - 0.06 - 0.23 * position) / depth
        drawing.text(
            0, baseline, "■", ha="left", va="top", fontsize=12, color=colour, fontfamily="DejaVu Sans"
        )
        drawing.text(
            0.2 / WIDTH, baseline, series_label(figure, name), ha="left", va="top", fontsize=11, color=TEXT
        )


def _write_title(drawing: "Drawing", heading: str) -> None:
    import textwrap

    drawing.canvas.draw()
    top = drawing.get_tightbbox().y1 / drawing.get_size_inches()[1]
    text = "\n".join(textwrap.wrap(heading, 52))
    drawing.text(
        0,
        top + 0.14 / drawing.get_size_inches()[1],
        text,
        ha="left",
        va="bottom",
        fontsize=13,
        fontweight="bold",
    )


@cache
def _font() -> str:
    """The first of the preferred fonts that this machine has; the last one comes with matplotlib."""
    from matplotlib import font_manager

    present = set(font_manager.get_font_names())
    return next(name for name in _PREFERRED_FONTS if name in present)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
