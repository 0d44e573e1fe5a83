"""The section on what the reoffences were: with offences, with too short an extract, and without offences."""

import io
from dataclasses import replace

import openpyxl
from bs4 import BeautifulSoup

from orchestration.publications.pages.page import Content
from orchestration.publications.pages.page import page as page_text
from orchestration.publications.robustness_page import reoffence_types
from orchestration.publications.robustness_page.contents import ROBUSTNESS_PAGE
from orchestration.publications.shared.release_facts import PUBLIC
from orchestration.publications.workbooks.workbook import workbook_bytes
from tests.made_up.reoffence_results import TOO_SHORT, make_reoffence_tables
from tests.made_up.results import make_facts

OWN = {"K19", "K20", "K21", "K22", "F4"}


def section(tables, facts=None) -> str:
    content = Content(ROBUSTNESS_PAGE.published_tables(tables, 0.05), ROBUSTNESS_PAGE.draw(tables))
    page = BeautifulSoup(page_text(ROBUSTNESS_PAGE, tables, content, facts or make_facts(), []), "html.parser")
    heading = page.find("h2", id="types")
    parts = []
    for following in heading.find_next_siblings():
        if following.name == "h2":
            break
        parts.append(following)
    return " ".join(part.get_text(" ", strip=True) for part in parts)


def test_with_offences_the_section_holds_its_tables_and_figure(tables):
    text = section(tables)
    assert "Breaches count: 32.0% reoffended, 25.0% as published, of the same 200 cases." in text
    assert f"Followed up for 24 months: {TOO_SHORT}." in text
    assert "Figure 4: Reoffending measured otherwise" in text
    for table_id in ("K19", "K20", "K21", "K22"):
        assert f"Table {table_id}" in text
    published = ROBUSTNESS_PAGE.published_tables(tables, 0.05)
    assert published.keys() >= OWN
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(ROBUSTNESS_PAGE, published, make_facts())))
    assert set(book.sheetnames) >= OWN


def test_a_row_without_numbers_says_so_and_its_table_why():
    own = make_reoffence_tables()
    for build in ("table_types", "table_severity", "table_models", "table_measures"):
        table = getattr(reoffence_types, build)(own, 0.05)
        texts = [cell.text for _, rows in table.groups() for _, cells in rows for cell in cells]
        assert "not estimable" in texts, build
        assert any(note.startswith("Not estimable in 1 row: ") for note in table.notes), build


def test_in_a_public_release_what_is_kept_back_is_marked_and_neither_said_nor_drawn(tables):
    """Severity is not there, a row of another measure is kept back, the ends of the third are (rounded counts)."""
    measures = make_reoffence_tables()["reoffending_measures"].assign(suppressed=None)
    measures["suppressed"] = measures["suppressed"].astype("object")
    measures.loc[1, "suppressed"] = "percent, ci_low, ci_high"
    measures.loc[1, ["percent", "ci_low", "ci_high"]] = None
    measures.loc[3, "suppressed"] = "ci_low, ci_high"
    measures.loc[3, ["ci_low", "ci_high"]] = None
    told = {name: frame for name, frame in tables.items() if name != "reoffence_severity"}
    rule = {"disclosure_threshold": 10, "disclosure_rounding": 0}
    facts = replace(make_facts(), profile=PUBLIC, disclosure=rule)
    text = section(told | {"reoffending_measures": measures}, facts)
    assert "Table K20" not in text
    assert "[c]" in text
    assert "Breaches count:" not in text
    assert "Nine months' wait for proof: 27.3% reoffended" in text
    assert "Figure 4" not in text


def test_what_cannot_be_measured_is_not_drawn():
    data = reoffence_types.figure_table(make_reoffence_tables(), 0.05).frame
    assert "Followed up for 24 months" not in set(data.astype(str).to_numpy().ravel())
    assert len(data) == 4


def test_without_offences_the_section_says_so_and_nothing_else(tables):
    without = {name: frame for name, frame in tables.items() if name not in make_reoffence_tables()}
    assert section(without) == reoffence_types.NOT_TOLD
    assert not ROBUSTNESS_PAGE.published_tables(without, 0.05).keys() & OWN
