"""What pages cite."""

import pytest
from bs4 import BeautifulSoup

from orchestration.publications.pages.imprint import REFERENCES
from orchestration.releases.registry import PUBLICATIONS


def test_every_reference_is_cited_by_a_publication_and_known():
    assert {name for publication in PUBLICATIONS for name in publication.references} == set(REFERENCES)


@pytest.mark.parametrize("publication", PUBLICATIONS, ids=lambda publication: publication.publication_id)
def test_a_page_lists_what_it_cites_by_name(publication, release_folder):
    page = BeautifulSoup((release_folder / publication.page).read_text(encoding="utf-8"), "html.parser")
    listed = [item.text for item in page.find(id="references").find_next("ul").find_all("li")]
    assert listed == sorted(REFERENCES[name] for name in publication.references)
