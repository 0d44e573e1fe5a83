import io
import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from orchestration.publications import formatting
from orchestration.publications.figure_catalogue import FIGURES, FIGURES_BY_ID
from orchestration.publications.figure_text import alternative_text, displayed_data, figure_rows
from orchestration.publications.figures import figure_png, figure_svg

FIGURE = FIGURES_BY_ID["figure_5"]


@pytest.fixture(scope="module")
def rows(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return figure_rows(FIGURE, tables["figure_data"])


@pytest.mark.parametrize("figure", FIGURES, ids=lambda f: f.figure_id)
def test_alternative_text_gives_every_bar_with_its_value_and_n(figure, tables: dict[str, pd.DataFrame]) -> None:
    rows = figure_rows(figure, tables["figure_data"])
    text = alternative_text(figure, rows)
    for row in rows.to_dict("records"):
        assert f"{formatting.measure(row['value'], row['unit'])} (n={row['n']})" in text


@pytest.mark.parametrize("figure", FIGURES, ids=lambda f: f.figure_id)
def test_the_table_behind_a_figure_holds_its_numbers_in_words(figure, tables: dict[str, pd.DataFrame]) -> None:
    rows = figure_rows(figure, tables["figure_data"])
    shown = displayed_data(figure, rows)
    assert shown["n"].tolist() == rows["n"].tolist()
    assert shown.iloc[:, -1].tolist() == rows["value"].tolist()
    assert not shown["Category"].str.contains("_").any()


def test_every_bar_is_drawn_with_its_value_beside_it(rows: pd.DataFrame) -> None:
    drawn = BeautifulSoup(figure_svg(FIGURE, rows, "words"), "html.parser")
    texts = [element.get_text(strip=True) for element in drawn.find_all("text")]
    for row in rows.to_dict("records"):
        assert formatting.measure(row["value"], row["unit"]) in texts
        assert f"n={row['n']}" in texts


def test_bars_are_as_long_as_their_values(rows: pd.DataFrame) -> None:
    drawn = figure_svg(FIGURE, rows, "words")
    paths = re.findall(r'<path d="M 0 [\d.]+ \nL ([\d.]+) [^"]*" [^>]*style="fill: #(?:12436d|f46a25)"', drawn)
    lengths = [float(length) for length in paths][-len(rows) :]
    values = [float(value) for value in rows["value"]]
    assert lengths == pytest.approx([value / max(values) * max(lengths) for value in values], rel=1e-3)


def test_the_same_data_give_the_same_bytes(rows: pd.DataFrame) -> None:
    assert figure_svg(FIGURE, rows, "words") == figure_svg(FIGURE, rows, "words")
    assert figure_png(FIGURE, rows) == figure_png(FIGURE, rows)


def test_ids_of_different_figures_do_not_clash(tables: dict[str, pd.DataFrame]) -> None:
    ids: list[str] = []
    for figure in FIGURES[:3]:
        drawn = figure_svg(figure, figure_rows(figure, tables["figure_data"]), "words")
        ids += set(re.findall(r'\bid="([^"]+)"', drawn))
    assert len(ids) == len(set(ids))


def test_the_alternative_text_is_escaped_into_the_drawing(rows: pd.DataFrame) -> None:
    drawn = BeautifulSoup(figure_svg(FIGURE, rows, 'less < more & "quoted"'), "html.parser")
    assert drawn.svg["aria-label"] == 'less < more & "quoted"'
    assert drawn.svg["role"] == "img"


def test_a_figure_without_any_case_is_still_drawn(rows: pd.DataFrame) -> None:
    empty = rows.assign(n=0, value=pd.array([None] * len(rows), dtype="Float64"))
    assert "n/a" in figure_svg(FIGURE, empty, alternative_text(FIGURE, empty))


def test_the_png_is_a_picture_of_use_in_print(rows: pd.DataFrame) -> None:
    assert Image.open(io.BytesIO(figure_png(FIGURE, rows))).width > 900
