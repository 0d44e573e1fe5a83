"""Estimates with intervals: everything drawn stands where its number says, and in words."""

from dataclasses import dataclass, field

import pytest

from orchestration.publications.drawing.interval_charts import (
    DOT,
    PLOT,
    Estimate,
    IntervalChart,
    alternative_text,
    chart_png,
    chart_svg,
    draw,
)

CHART = IntervalChart(
    "effects",
    "Figure 1: Effects",
    "Points",
    (
        ("Completion", (Estimate("Engagement", 10.0, 5.0, 15.0), Estimate("Contact", -20.0, -25.0, -15.0))),
        ("Reoffending", (Estimate("A label that is too long to stand in one line of the drawing", 0.0, -5.0, 5.0),)),
    ),
)


@dataclass
class Told:
    """A sheet that remembers what it is asked for."""

    depth: float = 0.0
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def line(self, text, *_, **__):
        self.lines.append(text)
        self.depth += 0.25

    def text(self, _x, _y, text, *_):
        self.lines.append(text)

    def box(self, x, y, width, height, _colour):
        self.boxes.append((x, y, width, height))


@pytest.fixture
def told():
    sheet = Told()
    draw(sheet, CHART)
    return sheet


def test_intervals_dots_and_zero_are_drawn_to_one_scale(told):
    scale = PLOT / 40  # from -25 to 15
    zeros, intervals, dots = told.boxes[::3], told.boxes[1::3], told.boxes[2::3]
    assert [x for x, *_ in zeros] == pytest.approx([25 * scale] * 3)
    assert [x for x, *_ in intervals] == pytest.approx([30 * scale, 0, 20 * scale])
    assert [width for _, _, width, _ in intervals] == pytest.approx([10 * scale] * 3)
    assert [x + DOT for x, *_ in dots] == pytest.approx([35 * scale, 5 * scale, 25 * scale])


def test_no_label_is_cut(told):
    assert " ".join(told.lines).count("A label that is too long to stand in one line of the drawing") == 1
    assert max(map(len, told.lines)) <= 56


def test_the_alternative_text_holds_every_number():
    words = alternative_text(CHART)
    assert "Completion: engagement 10.0 (5.0 to 15.0), contact -20.0 (-25.0 to -15.0)" in words
    assert "0.0 (-5.0 to 5.0)" in words


def test_the_same_chart_gives_the_same_bytes():
    assert chart_svg(CHART) == chart_svg(CHART)
    assert chart_png(CHART) == chart_png(CHART)
