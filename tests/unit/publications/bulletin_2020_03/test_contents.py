"""The page and tables of Bulletin 2020/03: every number from the results tables, parts left out where data lack."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from orchestration.methods.layouts.layout_2020 import EVERYBODY, GROUPS, TABLE_TITLES
from orchestration.publications.bulletin_2020_03.annex_tables import measures_of
from orchestration.publications.bulletin_2020_03.caveats import NO_CASELOAD
from orchestration.publications.bulletin_2020_03.contents import BULLETIN_2020_03
from orchestration.publications.bulletin_2020_03.figure_catalogue import FIGURE_IDS, FIGURES
from orchestration.publications.bulletin_2020_03.service_findings import NO_RATINGS
from orchestration.publications.pages.page import Content
from orchestration.publications.pages.page import page as page_text
from orchestration.publications.shared.published_table import PublishedTable
from tests.made_up.needs_results import RETAINED, make_sample_tables, make_stability_tables
from tests.made_up.results import make_facts
from tests.unit.publications.sheets import rows as sheet_rows

Tables = dict[str, pd.DataFrame]
CASELOAD_TABLES = ("A2", "A3", "A4", "A5", "A6")


@pytest.fixture(scope="module")
def published(needs_tables: Tables) -> dict[str, PublishedTable]:
    return BULLETIN_2020_03.published_tables(needs_tables, 0.05)


@pytest.fixture(scope="module")
def page_of(needs_tables: Tables) -> Callable[..., BeautifulSoup]:
    """The page of changed tables, drawn anew only where the figures' data changed; the unchanged page is made once."""
    drawings = BULLETIN_2020_03.draw(needs_tables)

    def made(**changed: pd.DataFrame) -> BeautifulSoup:
        both = {**needs_tables, **changed}
        figures = BULLETIN_2020_03.draw(both) if "figure_data" in changed else drawings
        content = Content(BULLETIN_2020_03.published_tables(both, 0.05), figures)
        return BeautifulSoup(page_text(BULLETIN_2020_03, both, content, make_facts(), []), "html.parser")

    unchanged = made()
    return lambda **changed: made(**changed) if changed else unchanged


def prose(page: BeautifulSoup) -> str:
    """The text of a page outside tables and drawings."""
    return " ".join(part.get_text(" ", strip=True) for part in page.main.find_all(["p", "li"]))


def cells_of(page: BeautifulSoup, table_id: str) -> str:
    return page.find(id=f"table_{table_id.lower()}").find_parent("table").get_text(" ", strip=True)


def test_the_contents_hold_annex_c_the_figures_and_every_history() -> None:
    held = set(BULLETIN_2020_03.table_ids)
    assert {*TABLE_TITLES, "C5N", "C6N", *(f"F{number}" for number in range(1, 13)), *CASELOAD_TABLES} <= held
    assert {"S1", "S2", *(f"S{number}" for number in range(3, 11)), *(f"R{number}" for number in range(1, 8))} <= held
    assert len(held) == len(BULLETIN_2020_03.table_ids)


@pytest.mark.parametrize("table_id", TABLE_TITLES)
def test_annex_c_is_printed_with_all_its_cells_in_order(published, needs_tables: Tables, table_id: str) -> None:
    cells = needs_tables["annex_c"].set_index(["item", "category", "outcome"])
    order = [(group.item, code) for group in (EVERYBODY, *GROUPS) for code in group.codes]
    for measure in measures_of(table_id):
        expected = cells.loc[[(item, code, measure.code) for item, code in order]]
        assert published[table_id].frame[f"{measure.code}_value"].tolist() == expected["value_published"].tolist()
        flags = published[table_id].frame[f"{measure.code}_significant"].astype("boolean")
        assert flags.fillna(False).tolist() == expected["significant"].fillna(False).tolist()


CASES_BEHIND = {"C1": ("C1", 77_771), "C3": ("C3", 77_773), "C5": ("C5N", 77_775), "C6": ("C6N", 77_776)}


@pytest.fixture(scope="module")
def page_of_other_cases(page_of, needs_tables: Tables) -> BeautifulSoup:
    """The page on which the first measure of each of these tables rests on another number of NPS cases."""
    cells = needs_tables["annex_c"].copy()
    for table_id, (_, number) in CASES_BEHIND.items():
        code = measures_of(table_id)[0].code
        cells["n"] = cells["n"].mask((cells["outcome"] == code) & (cells["category"] == "nps"), number)
    return page_of(annex_c=cells)


@pytest.mark.parametrize(("where", "number"), CASES_BEHIND.values(), ids=CASES_BEHIND)
def test_the_cases_behind_every_percentage_are_shown(page_of, page_of_other_cases, where: str, number: int) -> None:
    assert f"{number:,}" not in cells_of(page_of(), where)
    assert f"{number:,}" in cells_of(page_of_other_cases, where)


def test_every_shaded_cell_is_marked_and_said_on_the_page(page_of, needs_tables: Tables) -> None:
    page, flags = page_of(), needs_tables["annex_c"]
    for table_id in TABLE_TITLES:
        table = page.find(id=f"table_{table_id.lower()}").find_parent("table")
        marked = table.find_all("td", class_="significant")
        assert len(marked) == flags.loc[flags["table_id"] == table_id, "significant"].fillna(False).sum() > 0
        assert all("*" in cell.get_text() and "significant" in cell.get_text() for cell in marked)


def test_the_workbook_says_yes_or_no_beside_every_cell(release_folder: Path, needs_tables: Tables) -> None:
    workbook = openpyxl.load_workbook(release_folder / BULLETIN_2020_03.workbook)
    rows = sheet_rows(workbook, "C5")
    for measure in measures_of("C5"):
        own = needs_tables["annex_c"].query("outcome == @measure.code")["significant"]
        said = [row[f"{measure.label}: significant"].value for row in rows]
        assert said == ["[z]" if pd.isna(flag) else "Yes" if flag else "No" for flag in own]
        shaded = [row[measure.label].fill.fill_type == "solid" and row[measure.label].font.bold for row in rows]
        assert shaded == [flag == "Yes" for flag in said]


# What is changed, each to a number of its own, and the words that must say it: all of them stand on one changed page.
CELLS = {
    "supervision": ("all_cases", "all", "assessment_needs", 12.3, "assessment in 12.3% of cases"),
    "provider": ("provider_type", "nps", "need_drugs", 13.4, "13.4% against"),
    "likelihood": ("ogrs_group", "high_very_high", "services_reduce_reoffending", 14.5, "14.5% against"),
    "family by harm": (
        "rosh_group",
        "low",
        "need_family",
        15.6,
        "15.6% of cases with a low risk of serious harm",
    ),
    "identity by likelihood": (
        "ogrs_group",
        "low",
        "strength_identity",
        16.7,
        "16.7% of cases with a low likelihood of reoffending",
    ),
    "mean": ("provider_type", "nps", "mean_needs", 17.8, "mean number of needs was 17.8 in NPS cases"),
}
SENTENCES = {
    "share": (
        "needs_counts",
        "percent",
        "kind == 'needs' and item == 'all_cases' and number == '4+'",
        66.6,
        "66.6% of cases",
    ),
    "number": (
        "needs_counts",
        "n",
        "kind == 'strengths' and item == 'all_cases' and number == '2+'",
        7_777,
        "(7,777 of",
    ),
    "pair": ("needs_cooccurrence", "phi", "first == 'need_ete' and second == 'need_attitudes'", 0.88, "phi 0.88"),
    "officers": ("headlines", "value_published", "id == 'officers_services_available_n'", 4_321, "(4,321 of 640)"),
    "cases": ("headlines", "value_published", "id == 'cases_inspected_2020'", 4_321, "assessed 4,321 cases"),
    "ratings": ("provider_ratings", "n", "provider_type == 'nps' and rating == 'inadequate'", 3, "3 inadequate"),
    "inclusion": ("stepwise_inclusion", "frequency", "frequency > 0", 1.0, "64 of the 64 retained"),
    "resamples": ("stepwise_inclusion", "n_resamples", "n_resamples > 0", 555, "In 555 resamples"),
    "complete cases": ("models", "n", "model_id == 'stepwise__need_ete'", 5_555, "5,555 of 640 for the needs"),
}
TABLES = [
    ("stepwise_steps", "chi2", 1_234.56, "1,234.56", [f"S{number}" for number in range(3, 9)]),
    ("stepwise_inclusion", "n_included", 4_321, "4,321", ["S9"]),
    ("stepwise_stability_models", "n_different_selections", 4_321, "4,321", ["S10"]),
    ("subgroup_differences", "p_value", 0.7777, "0.778", ["S1", "S2"]),
    ("subgroup_differences", "forced_wald_p", 0.8888, "0.889", ["S2"]),
    ("model_coefficients", "exp_estimate", 7.777, "7.777", [f"R{number}" for number in range(1, 7)]),
    ("model_levels", "events", 4_321, "4,321", [f"R{number}" for number in range(1, 7)]),
    ("models", "n", 4_321, "4,321", ["R7"]),
    ("needs_counts", "percent", 87.65, "87.7%", ["N1", "N2"]),
    ("needs_cooccurrence", "jaccard", 0.777, "0.777", ["P1", "P2"]),
    ("sample_design", "required", 4_321, "4,321", ["A2"]),
    ("sample_allocation", "allocated", 4_321, "4,321", ["A3"]),
    ("sample_representativeness", "p_holm", 0.7777, "0.778", ["A4"]),
    ("design_weights", "effective_n", 4_321.0, "4,321", ["A5"]),
    ("weighted_judgements", "weighted", 77.7, "77.7%", ["A6"]),
]


@pytest.fixture(scope="module")
def prose_of_other_numbers(page_of, needs_tables: Tables) -> str:
    """The text of the page on which every cell and number of CELLS and SENTENCES is another."""
    changed = {name: needs_tables[name].copy() for name in {"annex_c", *(table for table, *_ in SENTENCES.values())}}
    for item, category, outcome, value, _ in CELLS.values():
        cells = changed["annex_c"]
        own = (cells["item"] == item) & (cells["category"] == category) & (cells["outcome"] == outcome)
        assert own.sum() == 1
        cells.loc[own, ["value", "value_published"]] = value
    for table, column, where, value, _ in SENTENCES.values():
        changed[table].loc[changed[table].query(where).index, column] = value
    return prose(page_of(**changed))


@pytest.mark.parametrize("words", [row[-1] for row in (*CELLS.values(), *SENTENCES.values())], ids=[*CELLS, *SENTENCES])
def test_a_sentence_changes_with_its_number(page_of, prose_of_other_numbers: str, words: str) -> None:
    assert words not in prose(page_of())
    assert words in prose_of_other_numbers


@pytest.fixture(scope="module")
def page_of_other_tables(page_of, needs_tables: Tables) -> BeautifulSoup:
    """The page on which every column of TABLES holds one other number throughout."""
    columns: dict[str, dict[str, float]] = {}
    for table, column, value, _, _ in TABLES:
        columns.setdefault(table, {})[column] = value
    return page_of(**{table: needs_tables[table].assign(**values) for table, values in columns.items()})


@pytest.mark.parametrize(("text", "where"), [row[-2:] for row in TABLES], ids=[f"{row[0]}-{row[1]}" for row in TABLES])
def test_a_table_changes_with_its_numbers(page_of, page_of_other_tables, text: str, where: list[str]) -> None:
    for table_id in where:
        assert text in cells_of(page_of_other_tables, table_id)
        assert text not in cells_of(page_of(), table_id)


def test_the_figures_stand_where_they_are_spoken_of(page_of) -> None:
    drawn = [figure["id"] for figure in page_of().find_all("figure")]
    assert sorted(drawn) == sorted(FIGURE_IDS)
    assert [name for name in drawn if name in {figure.figure_id for figure in FIGURES}] == [
        figure.figure_id for figure in FIGURES
    ]


def test_without_ratings_their_figure_gives_way_to_a_note(page_of, needs_tables: Tables) -> None:
    data = needs_tables["figure_data"]
    page = page_of(
        provider_ratings=needs_tables["provider_ratings"].head(0),
        figure_data=data[data["figure_id"] != FIGURE_IDS[0]],
    )
    assert NO_RATINGS in prose(page)
    assert page.find(id=FIGURE_IDS[0]) is None
    assert page.find(id="table_f1") is None
    assert page.find(id=FIGURE_IDS[1]) is not None
    assert NO_RATINGS not in prose(page_of())


@pytest.mark.parametrize("is_empty", [True, False], ids=["empty tables", "no tables"])
def test_without_a_caseload_the_sample_design_gives_way_to_a_note(needs_tables: Tables, is_empty: bool) -> None:
    kept = {name: frame for name, frame in needs_tables.items() if name not in make_sample_tables()}
    if is_empty:
        kept |= {name: frame.head(0) for name, frame in make_sample_tables().items()}
    published = BULLETIN_2020_03.published_tables(kept, 0.05)
    content = Content(published, BULLETIN_2020_03.draw(kept))
    page = BeautifulSoup(page_text(BULLETIN_2020_03, kept, content, make_facts(), []), "html.parser")
    assert NO_CASELOAD in prose(page)
    assert not set(CASELOAD_TABLES) & set(published)
    assert {"A1", *TABLE_TITLES} <= set(published)


def test_with_a_caseload_the_note_is_gone(page_of) -> None:
    assert NO_CASELOAD not in prose(page_of())


def test_without_the_study_of_stability_the_limits_say_so(needs_tables: Tables) -> None:
    kept = {name: frame for name, frame in needs_tables.items() if name not in make_stability_tables()}
    published = BULLETIN_2020_03.published_tables(kept, 0.05)
    page = page_text(BULLETIN_2020_03, kept, Content(published, BULLETIN_2020_03.draw(kept)), make_facts(), [])
    assert "not part of this release" in page
    assert not {"S9", "S10"} & set(published)


def test_the_verdicts_table_marks_what_the_models_retained(published) -> None:
    frame = published["S1"].frame
    for group in GROUPS:
        flags = frame[f"{group.item}_retained"].astype("boolean").dropna()
        assert flags.all() if group.item in RETAINED else not flags.any()


def test_a_term_that_could_not_be_tested_is_not_called_unretained(published) -> None:
    frame = published["S2"].frame
    untested = frame[frame["p_value"].isna()]
    assert set(untested["label"]) == {"Ethnic group"}
    assert set(untested["is_retained_text"]) == {"not testable"}


def test_a_remark_on_a_model_stands_under_its_table(published) -> None:
    assert "ETE: A remark on the model of ETE." in published["R1"].notes
    assert not any("A remark" in note for note in published["R2"].notes)


@pytest.mark.parametrize(
    "words",
    ["23.3 per cent of 366", "80.7 per cent of 411", "n=1,912", "931 cases", "rounded twice", "seven of eight", "647"],
)
def test_the_contradictions_of_the_bulletin_are_listed(page_of, words: str) -> None:
    assert words in prose(page_of())
