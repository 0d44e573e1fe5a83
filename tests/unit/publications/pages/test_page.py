import re
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from orchestration.methods.layouts.layout_2023 import OUTCOMES
from orchestration.publications.bulletin_2023_04.contents import BULLETIN_2023_04
from orchestration.publications.bulletin_2023_04.figure_catalogue import FIGURES
from orchestration.publications.pages.imprint import LICENCE
from orchestration.publications.pages.page import Content
from orchestration.publications.pages.page import page as page_text
from orchestration.publications.shared.publication import Publication
from orchestration.releases.registry import PUBLICATIONS
from tests.made_up.results import make_facts


@pytest.fixture(scope="module", params=PUBLICATIONS, ids=lambda publication: publication.publication_id)
def publication(request: pytest.FixtureRequest) -> Publication:
    return request.param


@pytest.fixture(scope="module")
def html(release_folder: Path, publication: Publication) -> str:
    return (release_folder / publication.page).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


@pytest.fixture(scope="module")
def bulletin(release_folder: Path) -> BeautifulSoup:
    return BeautifulSoup((release_folder / BULLETIN_2023_04.page).read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def page_of(tables: dict[str, pd.DataFrame]):
    """The page of some tables and facts; figures are drawn once."""
    drawings = BULLETIN_2023_04.draw(tables)

    def build(changed: dict[str, pd.DataFrame], is_synthetic: bool = True) -> BeautifulSoup:
        both = {**tables, **changed}
        content = Content(BULLETIN_2023_04.published_tables(both, 0.05), drawings)
        text = page_text(BULLETIN_2023_04, both, content, make_facts(is_synthetic), [])
        return BeautifulSoup(text, "html.parser")

    return build


def table(page: BeautifulSoup, table_id: str):
    return page.find(id=f"table_{table_id.lower()}").find_parent("table")


def test_every_picture_has_an_alternative_text(page: BeautifulSoup) -> None:
    pictures = page.find_all("svg")
    assert len(pictures) == len(page.find_all("figure")) > 0
    assert all(picture["role"] == "img" and len(picture["aria-label"]) > 40 for picture in pictures)
    assert all(image.get("alt") for image in page.find_all("img"))


def test_every_figure_has_a_numbered_caption_and_its_data(page: BeautifulSoup) -> None:
    for drawn in page.find_all("figure"):
        assert re.match(r"Figure \d+: \w", drawn.figcaption.get_text(strip=True))
        assert drawn.find_next_sibling("details").table is not None


def test_every_figure_of_the_release_is_on_one_page(release_folder: Path) -> None:
    pages = [BeautifulSoup((release_folder / p.page).read_text(encoding="utf-8"), "html.parser") for p in PUBLICATIONS]
    shown = [drawn["id"] for page in pages for drawn in page.find_all("figure")]
    assert sorted(shown) == sorted(path.stem for path in (release_folder / "figures").glob("*.svg"))


def test_the_bulletins_figures_have_their_numbers_and_titles(bulletin: BeautifulSoup) -> None:
    captions = {drawn["id"]: drawn.figcaption.get_text(strip=True) for drawn in bulletin.find_all("figure")}
    assert captions == {figure.figure_id: figure.heading for figure in FIGURES}


def test_every_table_has_a_caption_and_scoped_headers(page: BeautifulSoup) -> None:
    for found in page.find_all("table"):
        assert found.caption.get_text(strip=True)
        assert all(header.get("scope") in {"col", "colgroup", "row", "rowgroup"} for header in found.find_all("th"))
        assert all(row.find("th") for row in found.tbody.find_all("tr"))


def test_all_tables_of_the_contents_are_on_the_page_once(page: BeautifulSoup, publication: Publication) -> None:
    for table_id in publication.table_ids:
        assert len(page.find_all(id=f"table_{table_id.lower()}")) == 1


def test_headings_descend_one_step_at_a_time(page: BeautifulSoup) -> None:
    levels = [int(heading.name[1]) for heading in page.find_all(re.compile(r"^h[1-6]$"))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_links_lead_somewhere(page: BeautifulSoup, release_folder: Path) -> None:
    ids = [element["id"] for element in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    links = {link["href"] for link in page.find_all("a")}
    assert {link.removeprefix("#") for link in links if link.startswith("#")} <= set(ids)
    assert all(
        (release_folder / link).is_file() for link in links if not link.startswith("#") and link != LICENCE["path"]
    )


def test_every_page_leads_to_the_others_of_the_release(page: BeautifulSoup, publication: Publication) -> None:
    links = {link["href"] for link in page.header.find_all("a")}
    others = {other.page for other in PUBLICATIONS if other is not publication}
    assert links == others | {"index.html", publication.open_document, publication.workbook}


def test_nothing_is_loaded_from_elsewhere_and_no_script_runs(page: BeautifulSoup, html: str) -> None:
    assert page.find_all(["script", "link", "iframe", "object", "embed", "img", "base"]) == []
    assert not re.search(r"url\((?!#)|@import|\bsrc=|\bsrcset=|\son\w+=", html)
    assert all(element.get("xlink:href", "#").startswith("#") for element in page.find_all(True))


def test_language_viewport_and_skip_link_are_there(page: BeautifulSoup) -> None:
    assert page.html["lang"] == "en-GB"
    assert "width=device-width" in page.find("meta", attrs={"name": "viewport"})["content"]
    assert page.body.find("a")["href"] == "#content"


def test_significant_cells_are_shaded_and_marked_and_said(bulletin: BeautifulSoup, tables) -> None:
    flags = tables["annex_b"]
    for table_id in ("B1", "B2", "B3"):
        cells = table(bulletin, table_id).find_all("td", class_="significant")
        assert len(cells) == flags.loc[flags["table_id"] == table_id, "significant"].fillna(False).sum() > 0
        assert all("*" in cell.get_text() and "significant" in cell.get_text() for cell in cells)


def test_cells_that_are_not_significant_carry_no_mark(bulletin: BeautifulSoup) -> None:
    plain = [cell for cell in table(bulletin, "B1").find_all("td") if "significant" not in cell.get("class", [])]
    assert plain
    assert not any("*" in cell.get_text() or "significant" in cell.get_text() for cell in plain)


def test_the_printed_cells_are_those_of_annex_b(bulletin: BeautifulSoup, tables) -> None:
    first = [cell.get_text() for cell in table(bulletin, "B1").tbody.find("tr").find_all("td")]
    overall = tables["annex_b"].iloc[:3].to_dict("records")
    expected = []
    for outcome, cell in zip(OUTCOMES, overall, strict=True):
        suffix = "%" if outcome.unit == "percent" else ""
        expected += [f"{cell['n']:,}", f"{cell['value_published']:.{outcome.decimals}f}{suffix}"]
    assert first == expected


@pytest.mark.parametrize(
    ("is_synthetic", "words"), [(True, "Synthetic data."), (False, "Exact numbers, small groups among them")]
)
def test_the_page_says_when_its_data_are_synthetic_and_else_that_it_stays_inside(page_of, is_synthetic, words) -> None:
    page = page_of({}, is_synthetic)
    (banner,) = page.find_all(class_="banner")
    assert banner.get_text().startswith(words)
    assert ("synthetic" in page.title.get_text().lower()) is is_synthetic


@pytest.mark.parametrize(
    "words",
    [
        "Association is not cause",
        "Many tests were made: 76 terms",
        "Proven reoffending is a proxy",
        "not matched",
        "count of zero",
    ],
)
def test_the_limitations_are_on_the_page(bulletin: BeautifulSoup, words: str) -> None:
    assert words in bulletin.find(id="limitations").find_next("ul").get_text()


def test_the_page_names_inputs_parameters_and_counts(page: BeautifulSoup) -> None:
    assert "terminations.csv" in table(page, "X1").get_text()
    assert "Match window days" in table(page, "X2").get_text()
    assert "largest allowed date difference" in table(page, "X2").get_text()
    assert "marts.cases" in table(page, "X3").get_text()


def test_names_from_files_are_escaped(page_of, tables) -> None:
    months = tables["report_months"].assign(provider="<b>Kent & Sussex</b>")
    page = page_of({"report_months": months})
    assert table(page, "A1").find("b") is None
    assert "<b>Kent & Sussex</b>" in table(page, "A1").get_text()


def relative_luminance(colour: str) -> float:
    parts = [int(colour[position : position + 2], 16) / 255 for position in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("#1a1a1a", "#ffffff"),
        ("#505a5f", "#ffffff"),
        ("#12436d", "#ffffff"),
        ("#1a1a1a", "#d4e3f2"),
        ("#1a1a1a", "#fff4d6"),
    ],
    ids=["text", "notes", "links", "significant cells", "banner"],
)
def test_text_stands_out_from_its_ground(html: str, ink: str, paper: str) -> None:
    assert ink in html
    lighter, darker = sorted([relative_luminance(ink), relative_luminance(paper)], reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
