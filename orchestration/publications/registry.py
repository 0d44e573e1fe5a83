"""The contents of a release: every publication, and with it every table and figure.

Belongs here: which publications there are, in which order. Not here: what each consists of.
"""

from orchestration.publications.bulletin_2023_04 import BULLETIN_2023_04
from orchestration.publications.publication import Publication, Tables

PUBLICATIONS: tuple[Publication, ...] = (BULLETIN_2023_04,)


def possible_publications(tables: Tables) -> tuple[Publication, ...]:
    """The publications whose results tables are there, in order."""
    return tuple(publication for publication in PUBLICATIONS if publication.is_possible(tables))
