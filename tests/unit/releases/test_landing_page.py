from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from orchestration.releases.landing_page import INDEX, landing_page
from orchestration.releases.registry import PUBLICATIONS
from tests.made_up.results import make_facts

PAGES = [INDEX, *(publication.page for publication in PUBLICATIONS)]


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_a_page_leads_somewhere(name: str, release_folder: Path) -> None:
    page = BeautifulSoup((release_folder / name).read_text(encoding="utf-8"), "html.parser")
    anchors = {tag["id"] for tag in page.find_all(id=True)}
    links = [urlsplit(link["href"]) for link in page.find_all("a")]
    assert links
    for link in links:
        if link.scheme:
            continue
        assert (release_folder / link.path).is_file() if link.path else link.fragment in anchors, link.geturl()


@pytest.mark.parametrize("publication", PUBLICATIONS, ids=lambda publication: publication.publication_id)
def test_every_table_and_figure_of_a_page_has_its_link_and_its_file(publication, release_folder: Path) -> None:
    page = BeautifulSoup((release_folder / publication.page).read_text(encoding="utf-8"), "html.parser")
    links = {link["href"] for link in page.find_all("a")}
    shown = {caption["id"] for caption in page.find_all("caption")}
    for table_id in publication.table_ids:
        if f"table_{table_id.lower()}" in shown:
            assert {f"#table_{table_id.lower()}", f"tables/{publication.publication_id}/{table_id}.csv"} <= links
    for figure in page.find_all("figure"):
        assert {f"#{figure['id']}", *(f"figures/{figure['id']}.{kind}" for kind in ("csv", "svg", "png"))} <= links


def test_the_first_page_links_every_publication_in_every_format() -> None:
    page = BeautifulSoup(landing_page(PUBLICATIONS, make_facts()), "html.parser")
    links = {link["href"] for link in page.find_all("a")}
    assert {n for p in PUBLICATIONS for n in (p.page, p.workbook, p.open_document)} <= links


@pytest.mark.parametrize("is_synthetic", [True, False])
def test_the_first_page_says_when_the_data_are_synthetic(is_synthetic: bool) -> None:
    page = BeautifulSoup(landing_page(PUBLICATIONS, make_facts(is_synthetic)), "html.parser")
    assert bool(page.find(class_="banner")) is is_synthetic


def test_the_contact_is_the_one_that_was_set() -> None:
    facts = make_facts()
    assert "Contact" not in landing_page(PUBLICATIONS, facts)
    assert "Contact: research@example.org" in landing_page(PUBLICATIONS, replace(facts, contact="research@example.org"))
