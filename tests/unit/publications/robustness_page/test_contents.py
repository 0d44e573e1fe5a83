"""The robustness page as readers get it: sentences from the tables, reasons where there are no numbers."""

import io

import openpyxl
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from orchestration.publications.pages.page import Content
from orchestration.publications.pages.page import page as page_text
from orchestration.publications.robustness_page import findings
from orchestration.publications.robustness_page.contents import ROBUSTNESS_PAGE
from orchestration.publications.workbooks.workbook import workbook_bytes
from orchestration.tables.robustness import ROBUSTNESS_TABLES
from tests.made_up.results import make_facts

Tables = dict[str, pd.DataFrame]


def built(tables: Tables) -> BeautifulSoup:
    content = Content(ROBUSTNESS_PAGE.published_tables(tables, 0.05), ())
    return BeautifulSoup(page_text(ROBUSTNESS_PAGE, tables, content, make_facts(), []), "html.parser")


def test_the_questions_are_answered_in_order_with_their_tables(tables: Tables) -> None:
    page = built(tables)
    headings = [heading.get("id") for heading in page.main.find_all("h2")]
    assert headings[2:] == [*(section for section, _ in ROBUSTNESS_PAGE.sections), "glossary", "references", "reuse"]
    anchors = {tag["id"] for tag in page.find_all(id=True)}
    possible = ROBUSTNESS_PAGE.published_tables(tables, 0.05)
    own = [table_id for table_id in possible if not table_id.startswith("F")]  # those stand beside their figures
    assert own
    assert {f"table_{table_id.lower()}" for table_id in own} <= anchors


def test_every_finding_has_one_sentence_with_its_size_and_what_it_does_not_survive(tables: Tables) -> None:
    assert findings.each_finding(tables) == [
        "Engagement (positive termination by key questions): more positive terminations, 9.5 (3.8 to 15.2) percentage "
        "points; holds under every check.",
        "Building upon strengths (no, there were no relevant strengths or protective factors) (number of reoffences by "
        "prompts): fewer reoffences; lost with errors by provider; with Holm's allowance for many tests.",
    ]
    assert findings.remains(tables) == [
        "Of the 2 coefficients of judgements that the six models find significant, 1 hold under every check made here.",
        "Lost of the 2: 1 with errors by provider; 1 with Holm's allowance for many tests.",
    ]


def test_the_gaps_and_the_interaction_are_told_with_their_certainty(tables: Tables) -> None:
    interaction, gap = findings.by_likelihood(tables)
    assert "engagement, positive termination by key questions (p=0.006)" in interaction
    assert gap.startswith(
        "Both key questions, yes against no: a completion gap of 24.1 (18.3 to 29.8) percentage points"
    )


def test_a_row_without_numbers_says_so_and_its_table_why(tables: Tables) -> None:
    published = ROBUSTNESS_PAGE.published_tables(tables, 0.05)
    for table_id in (f"K{number}" for number in range(2, 19) if number not in (7, 13, 15, 17)):
        texts = [cell.text for _, rows in published[table_id].groups() for _, cells in rows for cell in cells]
        assert "not estimable" in texts, table_id
        assert any(note.startswith("Not estimable in 1 row: ") for note in published[table_id].notes), table_id


@pytest.mark.parametrize("empty", [(), tuple(ROBUSTNESS_TABLES)], ids=["filled", "empty"])
def test_page_and_workbook_are_made_also_of_nothing(empty: tuple[str, ...], tables: Tables) -> None:
    own = tables | {name: tables[name].head(0) for name in empty}
    page = built(own)
    published = ROBUSTNESS_PAGE.published_tables(own, 0.05)
    assert len(page.find_all("table")) >= len([name for name in published if not name.startswith("F")])
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(ROBUSTNESS_PAGE, published, make_facts())))
    assert len(book.sheetnames) >= len(published)
