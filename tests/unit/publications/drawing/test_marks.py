"""The mark on figures that travel without their page."""

import io
import re

import pytest
from PIL import Image

from orchestration.publications.drawing.figures import Sheet, figure_png, figure_svg
from orchestration.publications.drawing.marks import SYNTHETIC, marked_png, marked_svg


def drawn(sheet: Sheet) -> None:
    sheet.line("something", 11, "#000000")


def test_the_mark_stands_under_the_drawing_and_in_its_words() -> None:
    svg = figure_svg("figure_1", drawn, "A line.")
    marked = marked_svg(svg)
    heights = [float(re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', text)[1]) for text in (svg, marked)]  # type: ignore[index]
    assert heights[1] > heights[0]
    assert f'aria-label="{SYNTHETIC} A line."' in marked
    place = float(re.search(rf'y="([\d.]+)"[^>]*>{SYNTHETIC}</text>', marked)[1])  # type: ignore[index]
    assert heights[0] < place < heights[1]


def test_a_picture_grows_by_a_strip_that_is_written_on() -> None:
    png = figure_png("figure_1", drawn, "A figure")
    before, after = (Image.open(io.BytesIO(content)).convert("L") for content in (png, marked_png(png)))
    strip = after.crop((0, before.height, after.width, after.height))
    assert after.width == before.width
    assert strip.getextrema()[0] < 128


def test_a_drawing_without_a_view_box_is_refused() -> None:
    with pytest.raises(ValueError, match="view box"):
        marked_svg("<svg></svg>")
