"""The figures of Bulletin 2020/03: charts from their rows, and the heat map of pairs."""

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from orchestration.methods.layouts.layout_2020 import NEEDS
from orchestration.publications.bulletin_2020_03.figure_catalogue import FIGURES, FIGURES_BY_ID
from orchestration.publications.bulletin_2020_03.figure_data import HEAT_MAP
from orchestration.publications.bulletin_2020_03.figures import chart_of, heat_map_of, heat_map_table
from orchestration.publications.drawing import heat_maps
from orchestration.publications.drawing.bar_charts import chart_svg
from orchestration.publications.drawing.charts import alternative_text, displayed_data

Tables = dict[str, pd.DataFrame]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.figure_id)
def test_every_row_is_a_bar_with_its_value_and_n_in_words(figure, needs_tables: Tables) -> None:
    rows = needs_tables["figure_data"].query("figure_id == @figure.figure_id")
    chart = chart_of(figure, needs_tables)
    assert sorted((bar.n, bar.value) for bar in chart.bars) == sorted(zip(rows["n"], rows["value"], strict=True))
    text, drawn = alternative_text(chart), BeautifulSoup(chart_svg(chart), "html.parser").get_text(" ")
    for bar in chart.bars:
        assert f"{chart.value_text(bar)} (n={bar.n})" in text
        assert chart.value_text(bar) in drawn
    assert not displayed_data(chart)["Category"].str.contains("_").any()


@pytest.mark.parametrize(
    ("figure_id", "series", "category", "group", "label"),
    [
        ("figure_2020_1", "good", "nps", "Good", "NPS"),
        ("figure_2020_2", "crc", "need_drugs", "Drug misuse", "CRC"),
        ("figure_2020_3", "rosh_group", "high_very_high", "High or very high", "Risk of serious harm"),
        ("figure_2020_6", "strengths", "planning", "Planning", "Building upon strengths"),
        ("figure_2020_7", "needs", "delivery_ete", "ETE", ""),
        ("figure_2020_10", "nps", "strengths_built_upon", "Delivery", "NPS"),
        ("figure_2020_11", "needs", "low", "Low", "Addressing needs"),
    ],
    ids=lambda value: value,
)
def test_a_bar_stands_in_its_group_and_colour(needs_tables: Tables, figure_id, series, category, group, label) -> None:
    data = needs_tables["figure_data"].copy()
    own = (data["figure_id"] == figure_id) & (data["series"] == series) & (data["category"] == category)
    assert own.sum() == 1
    data.loc[own, "n"] = 987_654
    groups = chart_of(FIGURES_BY_ID[figure_id], {**needs_tables, "figure_data": data}).groups
    found = [(g.label, bar.series) for g in groups for bar in g.bars if bar.n == 987_654]
    assert found == [(group, label)]


def test_the_heat_map_has_a_square_a_pair_with_its_number(needs_tables: Tables) -> None:
    heat_map = heat_map_of(needs_tables)
    assert len(heat_map.cells) == len(NEEDS) * (len(NEEDS) - 1) / 2
    drawn = BeautifulSoup(heat_maps.heat_map_svg(heat_map, "words"), "html.parser")
    texts = [element.get_text(strip=True) for element in drawn.find_all("text")]
    expected = sorted(heat_map.value_text(pair) for pair in heat_map.cells)
    assert sorted(text for text in texts if re.fullmatch(r"−?\d\.\d\d", text)) == expected


def test_the_heat_map_in_words_begins_with_the_strongest_pair(needs_tables: Tables) -> None:
    data = needs_tables["figure_data"].copy()
    own = (data["figure_id"] == HEAT_MAP) & (data["series"] == "need_family") & (data["category"] == "need_alcohol")
    data.loc[own, ["value", "n"]] = [0.91, 321]
    text = heat_maps.alternative_text(heat_map_of({**needs_tables, "figure_data": data}))
    assert "n: cases with both. Family and relationships with Alcohol misuse 0.91 (n=321);" in text


def test_a_pair_without_a_value_is_drawn_and_said_to_have_none(needs_tables: Tables) -> None:
    data = needs_tables["figure_data"].copy()
    data.loc[data["figure_id"] == HEAT_MAP, "value"] = None
    heat_map = heat_map_of({**needs_tables, "figure_data": data})
    assert "n/a" in heat_maps.heat_map_svg(heat_map, "words")
    assert heat_maps.alternative_text(heat_map).count("n/a") == len(heat_map.cells)


@pytest.mark.parametrize(
    ("value", "colour"),
    [(0.0, "#FFFFFF"), (0.5, "#12436D"), (-0.5, "#F46A25"), (0.25, "#88A1B6"), (None, "#EEEFEF")],
    ids=["none", "strongest", "strongest below nought", "half", "missing"],
)
def test_a_square_is_the_darker_the_stronger_its_pair(value: float | None, colour: str) -> None:
    assert heat_maps.shade(value, 0.5) == colour


def test_the_table_behind_the_heat_map_holds_its_numbers(needs_tables: Tables) -> None:
    rows = needs_tables["figure_data"].query("figure_id == @HEAT_MAP")
    frame = heat_map_table(needs_tables).frame
    assert frame["value"].tolist() == rows["value"].tolist()
    assert frame["n"].tolist() == rows["n"].tolist()
