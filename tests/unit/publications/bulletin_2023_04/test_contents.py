import pandas as pd
import pytest

from orchestration.methods.layouts.layout_2023 import ANNEX_B, OUTCOMES
from orchestration.publications.bulletin_2023_04.contents import BULLETIN_2023_04
from orchestration.publications.bulletin_2023_04.figure_catalogue import FIGURES
from orchestration.publications.shared.published_table import ROW_GROUP, PublishedTable


@pytest.fixture(scope="module")
def published(tables: dict[str, pd.DataFrame]) -> dict[str, PublishedTable]:
    return BULLETIN_2023_04.published_tables(tables, 0.05)


def test_the_contents_name_every_table_of_the_bulletin_and_of_the_models() -> None:
    models = [f"R{position}" for position in range(1, 12)]
    figures = [f"F{figure.number}" for figure in FIGURES]
    assert list(BULLETIN_2023_04.table_ids) == ["H1", "K1", *figures, "A1", "M1", "M2", "B1", "B2", "B3", *models]


def test_every_table_is_built_under_its_own_id_with_a_title_and_rows(
    published: dict[str, PublishedTable],
) -> None:
    for table_id, table in published.items():
        assert table.table_id == table_id
        assert table.title
        assert table.source
        assert len(table.frame)


def test_annex_b_is_printed_with_all_its_cells_in_order(published: dict[str, PublishedTable], tables) -> None:
    cells = tables["annex_b"].set_index(["item", "category", "outcome"])
    for table_id in ("B1", "B2", "B3"):
        rows = [(item, c) for item in ANNEX_B if item.table_id == table_id for c in item.categories]
        frame = published[table_id].frame
        assert frame[ROW_GROUP].tolist() == [item.label for item, _ in rows]
        assert frame["category"].tolist() == [category.label for _, category in rows]
        for outcome in OUTCOMES:
            expected = [cells.loc[(item.item, category.code, outcome.code)] for item, category in rows]
            for column, source in (("n", "n"), ("value", "value_published")):
                printed, counted = frame[f"{outcome.code}_{column}"], [cell[source] for cell in expected]
                assert printed.fillna(-1).tolist() == pd.Series(counted).fillna(-1).tolist()


def test_the_headlines_are_listed_as_the_text_prints_them(published: dict[str, PublishedTable], tables) -> None:
    listed = published["H1"].frame
    assert len(listed) == len(tables["headlines"])
    figures = dict(zip(tables["headlines"]["id"], listed["figure"], strict=True))
    assert figures["reoff_match_rate"] == "87%"
    assert figures["both_kq_completion_gap"] == "24 percentage points"
    assert figures["cases_inspected"] == "800"


def test_the_numbers_behind_a_figure_say_what_n_counts(published: dict[str, PublishedTable]) -> None:
    assert published["F8"].heading == (
        "Table F8: the data behind Figure 8: Frequency of reoffending (for reoffenders) by sentence completion support"
    )
    assert published["F8"].notes == ("n: cases that reoffended.",)


def test_the_cell_outside_the_table_reads_not_applicable(published: dict[str, PublishedTable]) -> None:
    rows = dict(row for _, rows in published["B1"].groups() for row in rows)
    assert [cell.text for cell in rows["Post-release"][:2]] == ["n/a", "n/a"]


def test_the_report_months_are_spelled_out(published: dict[str, PublishedTable]) -> None:
    assert published["A1"].frame["month"].tolist() == ["September 2018", "April 2019", "July 2019"]


def test_the_significance_level_reaches_the_notes_and_the_flags(tables: dict[str, pd.DataFrame]) -> None:
    strict = BULLETIN_2023_04.published_tables(tables, 0.001)
    assert "p<0.001" in strict["B1"].notes[0]
    assert not strict["M1"].frame["significant"].any()


def test_a_term_that_is_not_estimable_is_shown_as_such_with_the_reason(
    published: dict[str, PublishedTable],
) -> None:
    female = next(cells for _, rows in published["R1"].groups() for name, cells in rows if name == "Female")
    assert [cell.text for cell in female[2:]] == ["–", "–", "not estimable", "–", "–", "–"]
    assert any("no finite estimate" in note for note in published["R1"].notes)
    tests = published["R7"].frame
    gender = tests.loc[(tests["term"] == "Gender") & tests[ROW_GROUP].str.startswith("Positive")].iloc[0]
    assert pd.isna(gender["wald_p"])


def test_reference_levels_stand_in_the_table_with_their_n(published: dict[str, PublishedTable]) -> None:
    male = next(cells for _, rows in published["R1"].groups() for name, cells in rows if name == "Male")
    assert [cell.text for cell in male[:5]] == ["300", "120", "–", "–", "reference"]


def test_firth_estimates_stand_beside_what_is_not_estimable(tables: dict[str, pd.DataFrame]) -> None:
    found = tables["model_coefficients"]
    firth = found.loc[(found["model_id"] == "termination__prompts") & (found["coefficient"] == "gender=female")]
    extra = firth.assign(model_id="termination__key_questions__firth")
    with_firth = {**tables, "model_coefficients": pd.concat([found, extra], ignore_index=True)}
    notes = BULLETIN_2023_04.published_tables(with_firth, 0.05)["R1"].notes
    assert any("Firth" in note and "1.65 (1.11 to 2.44)" in note for note in notes)


def test_the_sensitivity_table_says_where_a_variant_was_not_fitted(
    published: dict[str, PublishedTable],
) -> None:
    texts = {cell.text for _, rows in published["R11"].groups() for _, cells in rows for cell in cells}
    assert "not fitted" in texts
