"""Step curves and strips: everything drawn stands where its number says, and in words."""

import pytest

from orchestration.publications.drawing import curve_charts, strip_charts
from tests.unit.publications.drawing.test_interval_charts import Told

CURVES = curve_charts.CurveChart(
    "curves",
    "Figure 2: Curves",
    "Without",
    (
        ("One", (curve_charts.StepCurve("Good", (0, 10, 20), (100, 95, 90)),)),
        (
            "Two",
            (curve_charts.StepCurve("Good", (0, 20), (100, 85)), curve_charts.StepCurve("Bad", (0, 20), (100, 81))),
        ),
    ),
)
STRIPS = strip_charts.StripChart(
    "strips",
    "Figure 3: Strips",
    "Log ratio",
    (
        (
            "Engagement",
            (
                strip_charts.Specified(1.0, 0.5, 1.5, False),
                strip_charts.Specified(-0.5, -1.0, 0.0, False),
                strip_charts.Specified(0.5, 0.0, 1.0, True),
            ),
        ),
    ),
)


class Sheet(Told):
    """Also told in the middle and in bold."""

    def text(self, _x, _y, text, *_, **__):
        self.lines.append(text)


def test_a_curve_falls_in_steps_on_a_scale_that_is_told():
    sheet = Sheet()
    curve_charts.draw(sheet, CURVES)
    assert sheet.lines[0] == "Without; the scale begins at 80%"
    # of the first panel: the key, both ends of the scale, then level and drop of each step
    level, drop, next_level = (sheet.boxes[place] for place in (3, 4, 5))
    down = curve_charts.HEIGHT / 20
    assert level[0] == curve_charts.LEFT
    assert level[2] == pytest.approx(curve_charts.PLOT / 2)
    assert drop[3] == pytest.approx(5 * down + curve_charts.STROKE)
    assert next_level[1] - level[1] == pytest.approx(5 * down)


def test_strips_are_sorted_and_the_marked_one_is_told():
    sheet = Sheet()
    strip_charts.draw(sheet, STRIPS)
    scale = strip_charts.HEIGHT / 2.5  # from -1 to 1.5
    nothing, *drawn = sheet.boxes
    intervals = drawn[::2]
    assert [height for *_, height in intervals] == pytest.approx([scale] * 3)
    tops = [y for _, y, _, _ in intervals]
    assert tops == sorted(tops, reverse=True)
    assert nothing[1] == pytest.approx(tops[0])  # the lowest ends at nothing
    assert drawn[3][2] > drawn[1][2]  # the marked dot is the larger
    assert "3 estimates, -0.50 to 1.00, published 0.50, place 2" in strip_charts.alternative_text(STRIPS)


@pytest.mark.parametrize(
    ("charts", "chart"), [(curve_charts, CURVES), (strip_charts, STRIPS)], ids=["curves", "strips"]
)
def test_the_same_chart_is_drawn_alike_with_its_words(charts, chart):
    svg = charts.chart_svg(chart)
    assert svg == charts.chart_svg(chart)
    assert 'role="img"' in svg
    assert charts.chart_png(chart).startswith(b"\x89PNG")
    assert chart.measure in charts.alternative_text(chart)
