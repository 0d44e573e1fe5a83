import io
import re
from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from matplotlib import rc_context, rcParams
from matplotlib.figure import Figure as Drawing
from PIL import Image

from orchestration.publications.bulletin_2023_04.figure_catalogue import FIGURES, FIGURES_BY_ID
from orchestration.publications.bulletin_2023_04.figure_text import chart_of
from orchestration.publications.drawing.bar_charts import chart_png, chart_svg, draw
from orchestration.publications.drawing.charts import Bar, BarGroup, Chart, alternative_text, displayed_data
from orchestration.publications.drawing.figures import WEB_FONTS, WIDTH, Sheet, figure_svg, house_style
from orchestration.publications.shared import formatting


@pytest.fixture(scope="module")
def charts(tables: dict[str, pd.DataFrame]) -> dict[str, Chart]:
    return {figure.figure_id: chart_of(figure, tables["figure_data"]) for figure in FIGURES}


@pytest.fixture(scope="module")
def chart(charts: dict[str, Chart]) -> Chart:
    return charts["figure_5"]


@pytest.mark.parametrize("figure_id", FIGURES_BY_ID)
def test_a_chart_holds_the_figures_rows_in_order(figure_id: str, charts, tables: dict[str, pd.DataFrame]) -> None:
    data = tables["figure_data"]
    rows = data.loc[data["figure_id"] == figure_id].sort_values("row_order")
    assert [bar.n for bar in charts[figure_id].bars] == rows["n"].tolist()
    assert [bar.value for bar in charts[figure_id].bars] == rows["value"].tolist()


@pytest.mark.parametrize("figure_id", FIGURES_BY_ID)
def test_alternative_text_gives_every_bar_with_its_value_and_n(figure_id: str, charts) -> None:
    text = alternative_text(charts[figure_id])
    for bar in charts[figure_id].bars:
        assert f"{formatting.measure(bar.value, charts[figure_id].unit)} (n={bar.n}" in text


@pytest.mark.parametrize("figure_id", FIGURES_BY_ID)
def test_the_table_behind_a_figure_holds_its_numbers_in_words(figure_id: str, charts) -> None:
    shown = displayed_data(charts[figure_id])
    assert shown["n"].tolist() == [bar.n for bar in charts[figure_id].bars]
    assert shown.iloc[:, -1].tolist() == [bar.value for bar in charts[figure_id].bars]
    assert not shown["Category"].str.contains("_").any()


def test_every_bar_is_drawn_with_its_value_beside_it(chart: Chart) -> None:
    drawn = BeautifulSoup(chart_svg(chart), "html.parser")
    texts = [element.get_text(strip=True) for element in drawn.find_all("text")]
    for bar in chart.bars:
        assert formatting.measure(bar.value, chart.unit) in texts
        assert f"n={bar.n}" in texts


def test_bars_are_as_long_as_their_values(chart: Chart) -> None:
    shape = r'<path d="M 0 [\d.]+ \nL ([\d.]+) [^"]*" [^>]*style="fill: #(?:12436d|f46a25)"'
    values = [float(bar.value) for bar in chart.bars]
    lengths = [float(length) for length in re.findall(shape, chart_svg(chart))][-len(values) :]
    assert lengths == pytest.approx([value / max(values) * max(lengths) for value in values], rel=1e-3)


def test_the_same_data_give_the_same_bytes(chart: Chart) -> None:
    assert chart_svg(chart) == chart_svg(chart)
    assert chart_png(chart) == chart_png(chart)


def test_ids_of_different_figures_do_not_clash(charts: dict[str, Chart]) -> None:
    ids: list[str] = []
    for figure in FIGURES[:3]:
        ids += set(re.findall(r'\bid="([^"]+)"', chart_svg(charts[figure.figure_id])))
    assert len(ids) == len(set(ids))


def test_text_in_a_page_is_in_the_pages_fonts_and_not_in_the_one_it_was_drawn_with() -> None:
    drawn = figure_svg("figure_0", lambda sheet: sheet.line("words", 11, "#000000"), "words")
    families = re.findall(r"font(?:-family)?: ([^;]*)", drawn)
    assert families
    assert all(WEB_FONTS in family for family in families)


def test_the_alternative_text_is_escaped_into_the_drawing() -> None:
    drawn = figure_svg("figure_0", lambda sheet: sheet.box(0, 0, 1, 1, "#000000"), 'less < more & "quoted"')
    svg = BeautifulSoup(drawn, "html.parser").svg
    assert svg["aria-label"] == 'less < more & "quoted"'
    assert svg["role"] == "img"


def test_a_figure_without_any_case_is_still_drawn(chart: Chart) -> None:
    nobody = tuple(replace(bar, n=0, value=pd.NA) for bar in chart.groups[0].bars)
    empty = replace(chart, groups=(replace(chart.groups[0], bars=nobody),))
    assert "n/a" in chart_svg(empty)


def test_the_png_is_a_picture_of_use_in_print(chart: Chart) -> None:
    assert Image.open(io.BytesIO(chart_png(chart))).width > 900


@pytest.mark.parametrize("figure_id", FIGURES_BY_ID)
def test_no_label_reaches_out_of_its_picture(figure_id: str, charts) -> None:
    with house_style(figure_id):
        drawing = Drawing()
        sheet = Sheet(drawing.add_axes((0, 0, 1, 1)))
        draw(sheet, charts[figure_id])
        drawing.set_size_inches(WIDTH, sheet.depth)
        sheet.axes.set(xlim=(0, WIDTH), ylim=(sheet.depth, 0))
        drawing.draw_without_rendering()
        page = drawing.bbox
        outside = [
            text.get_text()
            for text in sheet.axes.texts
            if text.get_window_extent().x1 > page.x1 or text.get_window_extent().x0 < page.x0 - 1
        ]
    assert outside == []


def test_percentages_share_an_axis_to_100_and_means_do_not(charts: dict[str, Chart]) -> None:
    drawn = {
        name: BeautifulSoup(chart_svg(charts[name]), "html.parser").get_text(" ") for name in ("figure_6", "figure_8")
    }
    assert "100%" in drawn["figure_6"]
    assert "100%" not in drawn["figure_8"]


def test_only_a_percentage_of_its_own_n_has_an_interval(charts: dict[str, Chart]) -> None:
    bar = Bar("", 100, 50.0)
    low, high = charts["figure_6"].interval(bar)
    assert (round(low, 1), round(high, 1)) == (40.4, 59.6)  # Wilson, 50 of 100
    assert charts["figure_2"].interval(bar) is None
    assert charts["figure_8"].interval(bar) is None
    assert charts["figure_6"].interval(Bar("", 0, None)) is None


def test_a_number_that_is_kept_back_is_told_as_kept_back() -> None:
    bars = (Bar("", 40, 25.0), Bar("", None, None, formatting.KEPT_BACK), Bar("", None, None))
    groups = tuple(BarGroup(name, (bar,)) for name, bar in zip("abc", bars, strict=True))
    chart = Chart("figure_1", "A figure", "Percent", "cases", "percent", groups, is_of_n=True)
    assert "b: [c] (n=[c]); c: n/a (n=n/a)" in alternative_text(chart)
    svg = chart_svg(chart)
    assert svg.count(">[c]<") == svg.count(">n=[c]<") == 1


def test_the_style_of_a_users_own_drawings_changes_none_of_ours() -> None:
    """As a file in their home folder sets it."""
    with house_style("figure_1"):
        ours = dict(rcParams)
    theirs = {"axes.facecolor": "red", "lines.linewidth": 9, "savefig.pad_inches": 3, "font.size": 30}
    with rc_context(theirs), house_style("figure_1"):
        assert dict(rcParams) == ours
