"""The page that a release opens with.

Belongs here: links to the publications, their workbooks and the data. Not here: any figure.
"""

from collections.abc import Sequence

from orchestration.publications.pages.page import date_in_words, template_environment
from orchestration.publications.shared.publication import Publication
from orchestration.publications.shared.release_facts import ReleaseFacts
from orchestration.releases.changes import CHANGES, Changes

INDEX = "index.html"


def landing_page(publications: Sequence[Publication], facts: ReleaseFacts, changes: Changes | None = None) -> str:
    """The page as HTML text; `changes`: against the release before, where there is one."""
    template = template_environment().get_template(f"{INDEX}.j2")
    text = template.render(
        publications=publications, facts=facts, changes=changes, file=CHANGES, produced=date_in_words(facts)
    )
    return text.strip() + "\n"
