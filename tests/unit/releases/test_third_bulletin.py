"""A third bulletin, tiny: two tables, one figure, no code of its own for page, workbook, drawing or release.

It follows docs/adding-a-bulletin.md, and is listed and linked beside the first.
"""

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from orchestration.publications.bulletin_2023_04.contents import BULLETIN_2023_04
from orchestration.publications.drawing.bar_charts import drawn_chart
from orchestration.publications.drawing.charts import Bar, BarGroup, Chart, chart_table
from orchestration.publications.shared.csv_tables import read_csv_text
from orchestration.publications.shared.publication import Cover, DrawnFigure, Entry, Publication, without_level
from orchestration.publications.shared.published_table import Column, PublishedTable, Tables
from orchestration.releases import registry
from orchestration.releases.building import build_release
from orchestration.tables.catalogue import RELEASED_TABLES
from orchestration.tables.table import Column as TableColumn
from orchestration.tables.table import Table
from tests.made_up.results import make_facts

SOURCE = "Made-up visits"


def visits_chart(tables: Tables) -> Chart:
    rows = tables["figure_data"]
    bars = zip(rows["category"], rows["n"], rows["value"], strict=True)
    groups = tuple(BarGroup(category, (Bar("", n, value),)) for category, n, value in bars)
    return Chart("figure_third_1", "Figure 1: Offices visited", "Percentage of offices", "offices", "percent", groups)


def offices_table(tables: Tables) -> PublishedTable:
    columns = (Column("office", "Office"), Column("visits", "Visits", decimals=0))
    return PublishedTable("D1", "Visits by office", SOURCE, columns, tables["office_visits"])


def drawn(tables: Tables) -> tuple[DrawnFigure, ...]:
    chart = visits_chart(tables)
    return (drawn_chart(chart, "Figure 1", chart_table(chart, "F1", SOURCE)),)


def words(tables: Tables, facts: object) -> dict[str, object]:
    total = int(tables["office_visits"]["visits"].sum())
    return {"key_findings": [f"{total} visits were made."], "text": {"offices": [f"There were {total} visits."]}}


THIRD = Publication(
    publication_id="bulletin_third",
    bulletin="2030/01",
    title="Visits to offices",
    short_title="Bulletin 2030/01: visits",
    series="An example",
    attribution="An example of a bulletin, made up for a test.",
    template="plain.html.j2",
    page="bulletin_third.html",
    workbook="bulletin_third.xlsx",
    cover=Cover("Visits to offices", ("An example.",)),
    sections=(("offices", "Offices"), ("release", "About this release")),
    entries=(
        Entry("D1", "offices", without_level(offices_table)),
        Entry("F1", "offices", without_level(lambda tables: chart_table(visits_chart(tables), "F1", SOURCE))),
    ),
    draw=drawn,
    words=words,
    requires=("office_visits",),
)
OFFICE_VISITS = Table(
    "results",
    "office_visits",
    "One row an office.",
    key=("office",),
    disclosure="process",
    columns=(TableColumn("office", "varchar", "The office."), TableColumn("visits", "bigint", "Visits to it.")),
)
VISITS = pd.DataFrame({"office": ["North", "South"], "visits": [12, 30]})
BARS = pd.DataFrame(
    {
        "figure_id": "figure_third_1", "series": "offices", "category": ["Visited", "Not visited"], "n": [41, 9],
        "value": [82.0, 18.0], "unit": "percent", "row_order": [901, 902], "bulletin": "2030/01",
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, released_tables: dict[str, pd.DataFrame]) -> Path:
    """A release with the third bulletin beside the first."""
    figure_data = pd.concat([released_tables["figure_data"], BARS], ignore_index=True)
    tables = {**released_tables, "office_visits": VISITS, "figure_data": figure_data}
    path = tmp_path_factory.mktemp("third")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(RELEASED_TABLES, OFFICE_VISITS.name, OFFICE_VISITS)
        patch.setattr(registry, "PUBLICATIONS", (BULLETIN_2023_04, THIRD))
        build_release(path, tables, make_facts(), processes=1)  # other processes would not know it
    return path


@pytest.fixture(scope="module")
def page(folder: Path) -> BeautifulSoup:
    return BeautifulSoup((folder / THIRD.page).read_text(encoding="utf-8"), "html.parser")


def test_its_page_holds_its_tables_figure_and_sentences(page: BeautifulSoup) -> None:
    assert page.h1.get_text(strip=True) == THIRD.title
    assert "There were 42 visits." in page.main.get_text()
    assert "30" in page.find(id="table_d1").find_parent("table").get_text()
    assert len(page.find_all(id="table_f1")) == len(page.find_all("svg")) == 1
    assert "Visited: 82.0% (n=41)" in page.svg["aria-label"]


def test_its_workbook_has_a_sheet_a_table(folder: Path) -> None:
    assert openpyxl.load_workbook(folder / THIRD.workbook).sheetnames == ["Cover", "Contents", "Notes", "D1", "F1"]


def test_it_and_the_other_page_are_linked(folder: Path, page: BeautifulSoup) -> None:
    own = {"index.html", THIRD.open_document, THIRD.workbook}
    assert {link["href"] for link in page.header.find_all("a")} == {BULLETIN_2023_04.page} | own
    other = BeautifulSoup((folder / BULLETIN_2023_04.page).read_text(encoding="utf-8"), "html.parser")
    assert THIRD.page in {link["href"] for link in other.header.find_all("a")}


def test_it_is_listed_in_the_manifest_with_its_files(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["publications"] == [BULLETIN_2023_04.publication_id, THIRD.publication_id]
    own = {THIRD.page, THIRD.workbook, "csv/office_visits.csv"}
    assert own | {f"figures/figure_third_1.{kind}" for kind in ("svg", "png", "csv")} <= set(manifest["files"])


def test_rows_of_a_shared_table_stay_with_their_bulletin(folder: Path) -> None:
    data = read_csv_text(folder / "figures" / "figure_third_1.csv")
    assert data["Category"].tolist() == ["Visited", "Not visited"]
    other = BeautifulSoup((folder / "bulletin.html").read_text(encoding="utf-8"), "html.parser")
    assert other.find(id="figure_third_1") is None


def test_without_its_tables_it_is_left_out(released_tables: dict[str, pd.DataFrame]) -> None:
    assert THIRD.is_possible({**released_tables, "office_visits": VISITS})
    assert not THIRD.is_possible(released_tables)
