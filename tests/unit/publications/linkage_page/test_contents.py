"""The linkage page and its workbook as readers get them: what the tables hold, and sense where there is nothing."""

import io
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from orchestration.publications.linkage_page.contents import LINKAGE_PAGE
from orchestration.publications.pages.page import Content
from orchestration.publications.pages.page import page as page_text
from orchestration.publications.shared.formatting import p_value
from orchestration.publications.shared.published_table import PublishedTable
from orchestration.publications.workbooks.workbook import workbook_bytes
from orchestration.releases.registry import possible_publications
from tests.made_up.results import make_facts

Tables = dict[str, pd.DataFrame]
SECTIONS = ["how_many", "which_rule", "how_surely", "who_is_missing", "does_it_matter", "release"]
# What real extracts without a truth, a review, a second opinion or overrides leave empty, and what too few cases do.
NO_EVIDENCE = ("linkage_quality", "linkage_losses", "linkage_loss_fields", "linkage_review", "linkage_overrides")
NO_STUDY = (
    "match_bias", "match_bias_summary", "match_models", "match_model_terms", "linkage_weights", "annex_b_weighted",
    "model_coefficients_weighted", "sensitivity_match_rates", "sensitivity_ratios", "sensitivity_summary",
)  # fmt: skip


def built(tables: Tables, is_drawn: bool = False) -> tuple[BeautifulSoup, dict[str, PublishedTable]]:
    """The page, with figures only where asked, for drawing takes its time; and its tables."""
    published = LINKAGE_PAGE.published_tables(tables, 0.05)
    content = Content(published, LINKAGE_PAGE.draw(tables) if is_drawn else ())
    text = page_text(LINKAGE_PAGE, tables, content, make_facts(), [])
    return BeautifulSoup(text, "html.parser"), published


@pytest.fixture(scope="module")
def page(release_folder: Path) -> BeautifulSoup:
    return BeautifulSoup((release_folder / "linkage.html").read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def published(tables: Tables) -> dict[str, PublishedTable]:
    return LINKAGE_PAGE.published_tables(tables, 0.05)


def test_the_questions_are_answered_in_an_auditors_order(page: BeautifulSoup) -> None:
    headings = [heading.get("id") for heading in page.main.find_all("h2")]
    assert headings[2:] == [*SECTIONS, "glossary", "references", "reuse"]
    assert headings[:2] == ["key-findings", "contents"]


@pytest.mark.parametrize("question", SECTIONS[:-1])
def test_every_question_is_answered_first_in_plain_sentences(
    page: BeautifulSoup, tables: Tables, question: str
) -> None:
    answer = LINKAGE_PAGE.words(tables, make_facts())[question]
    following = page.find(id=question).find_next_siblings()
    first = [element.get_text() for element in following[: len(answer.first)]]
    assert first == answer.first
    assert following[len(answer.first)].name == "ul"
    assert [item.get_text() for item in following[len(answer.first)].find_all("li")] == answer.more


def test_the_page_prints_every_cell_of_its_tables(page: BeautifulSoup, published: dict[str, PublishedTable]) -> None:
    for table_id, table in published.items():
        drawn = page.find(id=table.anchor).find_parent("table")
        lines = [line for line in drawn.select("tbody tr") if line.find("th")["scope"] == "row"]
        shown = [[line.th.get_text(), *(next(iter(cell.strings)) for cell in line.find_all("td"))] for line in lines]
        expected = [[name, *(cell.text for cell in cells)] for _, rows in table.groups() for name, cells in rows]
        assert shown == expected, table_id


def _as_number(text: str) -> object:
    plain = text.replace(",", "").removesuffix("%")
    return (
        float(plain)
        if re.fullmatch(r"-?\d+(\.\d+)?", plain)
        else {"n/a": "[z]", "not estimable": "[x]"}.get(text, text)
    )


def test_the_workbook_holds_the_numbers_of_the_page(release_folder: Path, published: dict[str, PublishedTable]) -> None:
    workbook = openpyxl.load_workbook(release_folder / "linkage.xlsx")
    for table_id, table in published.items():
        area = next(iter(workbook[table_id].tables.values())).ref
        header, *body = [[cell.value for cell in line] for line in workbook[table_id][area]]
        places = [header.index(column.flat_heading) for column in table.columns[1:]]
        sheet = [[float(v) if isinstance(v, int) else v for v in (line[p] for p in places)] for line in body]
        texts = [[cell.text for cell in cells] for _, rows in table.groups() for _, cells in rows]
        expected = [
            [_as_number(text) if column.is_number else _as_text(text)
             for column, text in zip(table.columns[1:], line, strict=True)]
            for line in texts
        ]  # fmt: skip
        assert [_as_printed(table, line) for line in sheet] == expected, table_id


def _as_printed(table: PublishedTable, line: list[object]) -> list[object]:
    """A sheet's row with its p values as the page prints them: the sheet keeps more of them."""
    return [
        _as_number(p_value(value)) if column.is_p_value and isinstance(value, float) else value
        for column, value in zip(table.columns[1:], line, strict=True)
    ]


def _as_text(text: str) -> str:
    return {"n/a": "[z]", "not estimable": "[x]"}.get(text, text)


@pytest.mark.parametrize("empty", [NO_EVIDENCE, NO_STUDY, NO_EVIDENCE + NO_STUDY], ids=["evidence", "studies", "both"])
def test_a_page_without_evidence_or_studies_still_stands(tables: Tables, empty: tuple[str, ...]) -> None:
    few = {**tables, **{name: tables[name].iloc[:0] for name in empty}}
    del few["second_opinion_agreement"]
    page, published = built(few, is_drawn=empty == NO_STUDY)
    words = page.main.get_text(" ")
    assert not re.search(r"\b(nan|None|NaT|<NA>|inf)\b", words)
    assert page.find_all("figure") == []
    for table_id, table in published.items():
        caption = page.find(id=table.anchor)
        assert not (table.frame.empty and caption and caption.find_parent("details") is None), table_id
    workbook = openpyxl.load_workbook(io.BytesIO(workbook_bytes(LINKAGE_PAGE, published, make_facts())))
    assert workbook.sheetnames[3:] == list(LINKAGE_PAGE.table_ids)


@pytest.mark.parametrize("missing", LINKAGE_PAGE.requires)
def test_without_a_table_it_needs_there_is_no_linkage_page(tables: Tables, missing: str) -> None:
    rest = {name: frame for name, frame in tables.items() if name != missing}
    assert LINKAGE_PAGE in possible_publications(tables)
    assert LINKAGE_PAGE not in possible_publications(rest)


def test_identifiers_that_slip_into_results_are_shown_nowhere_on_the_page(tables: Tables) -> None:
    planted = "planted-case-or-record"
    names = [name for name in LINKAGE_PAGE.requires if name not in ("match_rates",)]
    slipped = {name: tables[name].assign(case_id=planted, record_id=planted) for name in names}
    page, published = built({**tables, **slipped})
    assert planted not in str(page)
    content = workbook_bytes(LINKAGE_PAGE, published, make_facts())
    sheets = openpyxl.load_workbook(io.BytesIO(content))
    values = {str(v) for sheet in sheets for line in sheet.iter_rows(values_only=True) for v in line}
    assert planted not in values


@pytest.mark.parametrize("days", [0, 10])
def test_the_window_is_the_parameter_of_the_run(tables: Tables, days: int) -> None:
    facts = make_facts()
    facts.parameters["match_window_days"] = days
    content = Content(LINKAGE_PAGE.published_tables(tables, 0.05), ())
    assert f"within {days} days of the start" in page_text(LINKAGE_PAGE, tables, content, facts, [])
