"""The contents of a release: every publication, and with it every table and figure.

Belongs here: which publications there are, in which order. Not here: what each consists of.
"""

from pathlib import Path

from orchestration.publications.bulletin_2020_03.contents import BULLETIN_2020_03
from orchestration.publications.bulletin_2023_04.contents import BULLETIN_2023_04
from orchestration.publications.linkage_page.contents import LINKAGE_PAGE
from orchestration.publications.robustness_page.contents import ROBUSTNESS_PAGE
from orchestration.publications.shared.publication import Publication
from orchestration.publications.shared.published_table import Tables

PUBLICATIONS: tuple[Publication, ...] = (BULLETIN_2023_04, BULLETIN_2020_03, LINKAGE_PAGE, ROBUSTNESS_PAGE)


def possible_publications(tables: Tables) -> tuple[Publication, ...]:
    """The publications whose results tables are there, in order."""
    return tuple(publication for publication in PUBLICATIONS if publication.is_possible(tables))


def publication_of(publication_id: str) -> Publication:
    """The publication of this id. Raises KeyError where there is none."""
    return {publication.publication_id: publication for publication in PUBLICATIONS}[publication_id]


def pages_and_workbooks(release: Path) -> list[Path]:
    """The pages and workbooks that a release folder holds, page before workbook, in the order of the contents."""
    paths = [release / name for publication in PUBLICATIONS for name in (publication.page, publication.workbook)]
    return [path for path in paths if path.is_file()]
