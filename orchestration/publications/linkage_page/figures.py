"""Three figures on how much the published numbers depend on the linkage: window, rule left out, false links.

Belongs here: the drawings, with their words and data. Not here: the numbers (`orchestration/methods/linkage/choices`),
the page around them. `sensitivity_figures(tables)` gives all that a page needs.

Small panels stand one above the other, so that the drawing can be read on a phone: the match rates, then each outcome's
odds or rate ratios. The two key questions have colours and labels at their ends, the prompts are thin grey lines: what
matters of them is whether any of them moves.
"""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from orchestration.publications.drawing.figures import (
    MARGIN,
    TEXT,
    TITLE_CHARACTERS,
    WIDTH,
    house_style,
    page_svg,
    saved,
)
from orchestration.publications.linkage_page.figure_text import (
    FALSE_LINKS,
    FIGURE_TITLES,
    LEFT_OUT,
    WINDOW,
    alternative_text,
    displayed_data,
)
from orchestration.publications.linkage_page.panels import Panel, false_link_panels, rule_panels, window_panels

PANELS = {WINDOW: window_panels, LEFT_OUT: rule_panels, FALSE_LINKS: false_link_panels}
HEADING, LEGEND_LINE, AXIS = 0.3, 0.23, 0.55  # inches: a panel's title, a line of its legend, its axis' words


@dataclass(frozen=True)
class SensitivityFigure:
    """A drawn figure: SVG for the page (no title in it), PNG for elsewhere, and the data behind it in words."""

    figure_id: str
    title: str
    alternative_text: str
    svg: str
    png: bytes
    data: pd.DataFrame


def sensitivity_figures(tables: Mapping[str, pd.DataFrame]) -> list[SensitivityFigure]:
    """The three figures from results.sensitivity_match_rates and results.sensitivity_ratios, by table name.

    The same bytes for the same data. Ids inside an SVG carry the figure's id, so that all can stand in one page.
    """
    drawn = []
    for kind, panels_of in PANELS.items():
        rates, ratios = (
            tables[name][tables[name]["kind"] == kind] for name in ("sensitivity_match_rates", "sensitivity_ratios")
        )
        if rates.empty:
            continue
        figure_id, words = f"sensitivity_{kind}", alternative_text(kind, rates, ratios)
        panels = panels_of(rates, ratios)
        drawn.append(
            SensitivityFigure(
                figure_id=figure_id,
                title=FIGURE_TITLES[kind],
                alternative_text=words,
                svg=page_svg(_drawn(figure_id, "", panels, "svg"), figure_id, words),
                png=_drawn(figure_id, FIGURE_TITLES[kind], panels, "png"),
                data=displayed_data(kind, rates, ratios),
            )
        )
    return drawn


def _drawn(figure_id: str, title: str, panels: list[Panel], kind: str) -> bytes:
    """The panels one above the other, in inches from the top; with the title and a margin where there is one."""
    from matplotlib.figure import Figure as Drawing

    lines = textwrap.wrap(title, TITLE_CHARACTERS)
    margin = MARGIN if title else 0.05
    height = 2 * margin + 0.27 * len(lines) + sum(map(_depth, panels))
    with house_style(figure_id):
        drawing = Drawing(figsize=(WIDTH + 2 * margin, height))
        depth = margin
        for line in lines:
            drawing.text(margin / (WIDTH + 2 * margin), 1 - (depth + 0.13) / height, line, fontsize=13, color=TEXT,
                         fontweight="bold", va="center")  # fmt: skip
            depth += 0.27
        for panel in panels:
            _draw_panel(drawing, panel, depth, height, margin)
            depth += _depth(panel)
        return saved(drawing, kind)


def _depth(panel: Panel) -> float:
    """What a panel takes of the drawing's height."""
    return HEADING + LEGEND_LINE * len(panel.legend) + panel.height + AXIS


def _draw_panel(drawing: Any, panel: Panel, depth: float, height: float, margin: float) -> None:
    """The panel's title in bold, its colours' meanings a line each, and its axes under them."""
    from matplotlib.patches import Rectangle

    width = WIDTH + 2 * margin

    def text(indent: float, words: str, weight: str) -> None:
        drawing.text((margin + indent) / width, 1 - depth / height, words, fontsize=11, color=TEXT,
                     fontweight=weight, va="center")  # fmt: skip

    depth += HEADING / 2
    text(0, panel.title, "bold")
    depth += HEADING / 2 + LEGEND_LINE / 2
    for words, colour in panel.legend.items():
        place = (margin / width, 1 - (depth + 0.07) / height)
        drawing.add_artist(Rectangle(place, 0.14 / width, 0.14 / height, facecolor=colour, edgecolor="none"))
        text(0.24, words, "normal")
        depth += LEGEND_LINE
    depth += panel.height - LEGEND_LINE / 2
    left, wide = margin + panel.left, WIDTH - panel.left - 0.1
    axes = drawing.add_axes((left / width, 1 - depth / height, wide / width, panel.height / height))
    axes.tick_params(labelsize=10, labelcolor=TEXT, length=3)
    panel.draw(axes)
