"""A drawing in the Analysis Function's style, as SVG text and PNG bytes.

Belongs here: the sheet that figures are drawn on, its colours, type and size, and saving it. Not here: what is drawn
(`bar_charts.py`, `heat_maps.py`), the words about it (`charts.py`), the page around it.
"""

import io
import re
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

DARK_BLUE, ORANGE = "#12436D", "#F46A25"  # the style's pair for two series: distinct in hue and in lightness
TEXT, QUIET = "#1A1A1A", "#505A5F"
# All lengths in inches. On a phone (358 CSS pixels) 11 pt text in such a drawing is still 11 pixels high.
WIDTH, LINE = 4.9, 0.25
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


Draw = Callable[[Sheet], None]


def figure_svg(figure_id: str, draw: Draw, alternative: str) -> str:
    """What `draw` draws as one SVG element with its alternative text. The title is the page's to write."""
    return page_svg(_drawn(figure_id, draw, "svg", ""), figure_id, alternative)


def page_svg(raw: bytes, figure_id: str, alternative: str) -> str:
    """One SVG element with its alternative text, the page's fonts and no size of its own.

    The same bytes for the same drawing. Ids carry the figure's name, so that several figures can stand in one page.
    """
    text = raw.decode("utf-8")
    body = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
    body = re.sub(r'\bid="', f'id="{figure_id}-', body)
    body = re.sub(r'(url\(#|href="#)', rf"\g<1>{figure_id}-", body)
    body = re.sub(r"(font: [^;\"]*?px|font-family:) [^;\"]*", rf"\g<1> {WEB_FONTS}", body)
    for _ in ("width", "height"):
        body = re.sub(r'(<svg\b[^>]*?) (?:width|height)="[^"]*"', r"\1", body, count=1)
    return body.replace("<svg", f'<svg role="img" aria-label="{_escaped(alternative)}"', 1)


def figure_png(figure_id: str, draw: Draw, heading: str) -> bytes:
    """What `draw` draws as PNG, for use away from the page: with its title and a margin."""
    return _drawn(figure_id, draw, "png", heading)


def _drawn(figure_id: str, draw: Draw, kind: str, heading: str) -> bytes:
    from matplotlib.figure import Figure as Drawing

    with house_style(figure_id):
        drawing = Drawing()
        sheet = Sheet(drawing.add_axes((0, 0, 1, 1)))
        margin = MARGIN if heading else 0.0
        if heading:
            _write_title(sheet, heading)
        draw(sheet)
        drawing.set_size_inches(WIDTH + 2 * margin, sheet.depth + 2 * margin)
        sheet.axes.set(xlim=(-margin, WIDTH + margin), ylim=(sheet.depth + margin, -margin))
        sheet.axes.set_axis_off()
        return saved(drawing, kind)


@contextmanager
def house_style(figure_id: str) -> Iterator[None]:
    """The Analysis Function's style, with text that stays text and ids that are the same in every run.

    Whatever style the user has set for drawings of their own.
    """
    from matplotlib import rc_context, style

    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": figure_id, "font.sans-serif": [_font()]}
    with style.context("afcharts.afcharts", after_reset=True), rc_context(settings):
        yield


def saved(drawing: "Drawing", kind: str) -> bytes:
    """A drawing as the bytes of an SVG or PNG file without the date or the program, which change."""
    buffer = io.BytesIO()
    metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    drawing.savefig(buffer, format=kind, dpi=PNG_DPI, metadata=metadata)
    return buffer.getvalue()


def _write_title(sheet: Sheet, heading: str) -> None:
    for line in textwrap.wrap(heading, TITLE_CHARACTERS):
        sheet.line(line, 13, TEXT, bold=True)
    sheet.depth += 0.08


@cache
def _font() -> str:
    """The first of the preferred fonts that this machine has; the last one comes with matplotlib."""
    from matplotlib import font_manager

    present = set(font_manager.get_font_names())
    return next(name for name in _PREFERRED_FONTS if name in present)


def font_file() -> str:
    """The file of the font that figures are drawn in."""
    from matplotlib import font_manager

    return font_manager.findfont(_font())


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
