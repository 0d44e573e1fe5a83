"""A sample drawn from a finished run, filled by simulated reviewers, imported, and estimated."""

import csv
import json
import os
import shutil
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from orchestration.errors import PipelineError
from orchestration.ingest import reviews
from orchestration.linkage.review import drawing, links
from orchestration.linkage.review.importing import import_review
from orchestration.linkage.review.results import review_results
from orchestration.linkage.review.workbook import COLUMNS, SHEETS
from orchestration.tables.contract import CONTRACT
from tests.conftest import settings_for

COLUMN = {heading: number for number, heading in enumerate(COLUMNS, start=1)}
CASES = 110


@pytest.fixture(scope="module")
def drawn_once(finished_run, tmp_path_factory):
    """A copy of the finished run in which one sample was drawn."""
    data = tmp_path_factory.mktemp("review") / "data"
    data.mkdir()
    shutil.copy(finished_run.warehouse, data / "warehouse.duckdb")
    shutil.copytree(finished_run.truth_dir, data / "truth")
    settings = settings_for(data)
    return settings, drawing.draw_sample(settings, CASES, seed=3)


@pytest.fixture
def drawn(drawn_once, tmp_path):
    """A data folder of the test's own with the sample; returns settings, sample folder and key."""
    settings, folder = drawn_once
    target = tmp_path / "data"
    shutil.copytree(settings.data_dir, target, copy_function=os.link)
    folder = target / "review" / folder.name
    return settings_for(target), folder, json.loads((folder / reviews.KEY).read_text())


@pytest.fixture(scope="module")
def truth(drawn_once):
    settings, _ = drawn_once
    found = {}
    for source in SHEETS:
        with open(settings.truth_dir / f"{source}.csv", encoding="utf-8", newline="") as file:
            found[source] = {(row["case_id"], row["record_id"]) for row in csv.DictReader(file)}
    return found


def _filled(folder: Path, key: dict, verdict_of) -> Path:
    """The sample's workbook with the verdict that `verdict_of` gives each pair of the key."""
    by_number = {pair["pair"]: pair for pair in key["pairs"]}
    workbook = load_workbook(folder / reviews.WORKBOOK)
    for title in SHEETS.values():
        sheet = workbook[title]
        for line in range(2, sheet.max_row + 1):
            verdict = verdict_of(by_number[sheet.cell(line, COLUMN["Pair"]).value])
            if verdict:
                sheet.cell(line, COLUMN["Verdict"], verdict)
                sheet.cell(line, COLUMN["Reviewer"], "AB")
                sheet.cell(line, COLUMN["Reviewed on"], "2024-01-03")
    path = folder / "filled.xlsx"
    workbook.save(path)
    return path


def _change(path: Path, sheet: str, line: int, heading: str, value) -> Path:
    workbook = load_workbook(path)
    workbook[sheet].cell(line, COLUMN[heading]).value = value
    workbook.save(path)
    return path


def _all_match(_pair) -> str:
    return "match"


def _results(settings):
    with links.linked_warehouse(settings) as connection:
        return review_results(settings, connection)


def _nothing_was_imported(settings) -> bool:
    return not reviews.filled_dir(settings).exists()


def test_samples_are_closed_to_others_and_the_workbook_holds_no_ids(drawn):
    settings, folder, key = drawn
    assert reviews.review_dir(settings).stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    ids = {pair[name] for pair in key["pairs"] for name in ("case_id", "record_id")}
    workbook = load_workbook(folder / reviews.WORKBOOK)
    shown = {value for sheet in workbook.worksheets for row in sheet.values for value in row}
    assert not ids & shown
    hints = {"linked", "rule", "stratum", "matched", "chosen", "ambiguous"}
    assert not hints & {str(value).lower() for value in shown}


def test_pairs_come_in_an_order_that_tells_nothing(drawn):
    """Linked pairs are spread as chance spreads them, and a case's pairs do not stand together."""
    _, _, key = drawn
    pairs = [pair for pair in key["pairs"] if pair["source"] == "reoffending"]
    places = [number for number, pair in enumerate(pairs) if pair["is_linked"]]
    assert abs(sum(places) / len(places) - len(pairs) / 2) < 0.1 * len(pairs)
    neighbours = sum(a["case_id"] == b["case_id"] for a, b in pairwise(pairs))
    assert neighbours < 0.05 * len(pairs)


def test_every_case_of_every_stratum_is_counted_once(drawn):
    settings, _, key = drawn
    population = {source: 0 for source in SHEETS}
    for stratum in key["strata"]:
        population[stratum["source"]] += stratum["population"]
    with links.linked_warehouse(settings) as connection:
        counted = dict(connection.execute("select source, count(*) from linkage.decisions group by 1").fetchall())
    assert population == counted
    assert sum(stratum["drawn"] for stratum in key["strata"]) == key["n_cases"] == 2 * CASES


def test_a_perfect_reviewer_finds_the_accuracy_that_the_truth_gives(drawn, truth):
    settings, folder, key = drawn
    judge = lambda pair: "match" if (pair["case_id"], pair["record_id"]) in truth[pair["source"]] else "not_match"  # noqa: E731
    imported = import_review(settings, [_filled(folder, key, judge)])
    assert (imported.n_open, imported.n_given) == (0, len(key["pairs"]))
    results = _results(settings)
    assert set(results["status"]) == {"current"}
    for source in SHEETS:
        precision, recall = _accuracy(settings, source, truth[source])
        whole = results[(results["source"] == source) & (results["stratum"] == "all")].set_index("measure")
        assert whole.loc["precision", "ci_low"] <= 100 * precision <= whole.loc["precision", "ci_high"]
        assert whole.loc["recall", "ci_low"] <= 100 * recall <= whole.loc["recall", "ci_high"]


def _accuracy(settings, source, pairs):
    """Precision, and recall of the cases with a true record in the window, from every case."""
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        linked = connection.execute(
            f"select case_id, record_id from linkage.{source.removesuffix('s')}_matches"
        ).fetchall()
        near = connection.execute(
            "select truth.case_id from read_csv($1, all_varchar = true) as truth "
            "inner join linkage.eligible_cases as cases on truth.case_id = cases.case_id "
            f"inner join raw.parsed_{source} as records on truth.record_id = records.record_id "
            f"where cases.source = $2 and abs(records.{CONTRACT[source].date_column} - cases.start_date) <= 7",
            [str(settings.truth_dir / f"{source}.csv"), source],
        ).fetchall()
    right = {case for case, record in linked if (case, record) in pairs}
    return len(right) / len(linked), len(right) / len(right | {case for (case,) in near})


def test_links_that_a_reviewer_rejects_become_suggestions_and_nothing_is_applied(drawn):
    settings, folder, key = drawn
    wrong = next(pair for pair in key["pairs"] if pair["is_linked"])
    judge = lambda pair: "not_match" if pair == wrong else "match" if pair["is_linked"] else "not_match"  # noqa: E731
    imported = import_review(settings, [_filled(folder, key, judge)])
    with open(imported.suggestions, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["case_id"], row["record_id"], row["decision"]) for row in rows] == [
        (wrong["case_id"], wrong["record_id"], "must_not_link")
    ]
    assert not (reviews.review_dir(settings) / "overrides.csv").exists()
    assert imported.suggestions.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("terminations", 2, "Pair", "ZZ-00001"), "line 2, column 'Pair': no such pair"),
        (("terminations", 2, "Surname: case", "Somebody Else"), "line 2: identifiers or dates were changed"),
        (("terminations", 2, "Verdict", "maybe"), "line 2, column 'Verdict'"),
        (("terminations", 2, "Verdict", None), "1 of .* lines have no verdict yet"),
    ],
    ids=["unknown pair", "changed identifier", "unknown verdict", "open line"],
)
def test_a_fault_is_named_and_nothing_is_imported(drawn, change, message):
    settings, folder, key = drawn
    path = _change(_filled(folder, key, _all_match), *change)
    with pytest.raises(PipelineError, match=message) as refusal:
        import_review(settings, [path])
    assert str(path) in str(refusal.value)
    assert _nothing_was_imported(settings)


def test_two_reviewers_who_disagree_on_a_pair_are_both_named(drawn):
    settings, folder, key = drawn
    first = _filled(folder, key, _all_match).rename(folder / "first.xlsx")
    second = _filled(folder, key, _all_match).rename(folder / "second.xlsx")
    _change(second, "reoffending", 3, "Verdict", "not_match")
    with pytest.raises(PipelineError, match=r"first\.xlsx.*line 3.*second\.xlsx.*line 3.*different verdicts"):
        import_review(settings, [first, second])
    assert _nothing_was_imported(settings)


def test_two_reviewers_may_share_the_lines(drawn):
    settings, folder, key = drawn
    halves = [
        _filled(folder, key, lambda pair, s=source: "match" if pair["source"] == s else None).rename(
            folder / f"{source}.xlsx"
        )
        for source in SHEETS
    ]
    assert import_review(settings, halves).n_open == 0


def test_open_lines_are_taken_only_when_asked_and_counted(drawn):
    settings, folder, key = drawn
    path = _change(_filled(folder, key, _all_match), "terminations", 2, "Verdict", None)
    assert import_review(settings, [path], is_partial_accepted=True).n_open == 1
    results = _results(settings)
    assert results.loc[(results["source"] == "terminations") & (results["measure"] == "f1"), "n_open"].tolist() == [1]


@pytest.mark.parametrize("is_partial_accepted", [False, True], ids=["whole", "partial"])
def test_a_workbook_without_a_verdict_is_no_review(drawn, is_partial_accepted):
    settings, folder, _ = drawn
    with pytest.raises(PipelineError, match="There is no verdict"):
        import_review(settings, [folder / "review.xlsx"], is_partial_accepted)
    assert _nothing_was_imported(settings)


def test_a_file_of_another_sample_or_data_folder_is_refused(drawn):
    settings, folder, key = drawn
    path = _filled(folder, key, _all_match)
    workbook = load_workbook(path)
    workbook["Instructions"]["B3"] = "20200101-00000000-10-1"
    workbook.save(path)
    with pytest.raises(PipelineError, match="no such sample in this data folder"):
        import_review(settings, [path])
    assert _nothing_was_imported(settings)


def _link_otherwise(settings, case_id: str) -> None:
    own = shutil.copy(settings.warehouse, settings.data_dir / "own.duckdb")  # the file is shared until now
    os.replace(own, settings.warehouse)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("update linkage.reoffending_outcomes set rule = 'another' where case_id = ?", [case_id])


def test_a_sample_of_other_links_is_not_imported(drawn):
    settings, folder, key = drawn
    path = _filled(folder, key, _all_match)
    _link_otherwise(settings, next(p["case_id"] for p in key["pairs"] if p["source"] == "reoffending"))
    with pytest.raises(PipelineError, match="1 cases are linked differently"):
        import_review(settings, [path])
    assert _nothing_was_imported(settings)


def test_estimates_of_links_that_changed_are_not_shown(drawn):
    settings, folder, key = drawn
    import_review(settings, [_filled(folder, key, _all_match)])
    assert _results(settings)["value"].notna().any()
    _link_otherwise(settings, next(p["case_id"] for p in key["pairs"] if p["source"] == "reoffending"))
    results = _results(settings)
    assert set(results["status"]) == {"stale"}
    assert set(results["n_cases_changed"]) == {1}
    assert results[["value", "ci_low", "ci_high"]].isna().all(axis=None)


def test_a_later_review_of_the_sample_replaces_the_earlier(drawn):
    settings, folder, key = drawn
    assert not import_review(settings, [_filled(folder, key, lambda _: "unsure")]).is_replacing
    assert import_review(settings, [_filled(folder, key, _all_match)]).is_replacing
    results = _results(settings)
    assert results["n_unsure"].sum() == 0
    assert len(list(reviews.filled_dir(settings).glob("*/*.json"))) == 2


def test_without_a_review_the_table_is_empty(drawn):
    settings, _, _ = drawn
    results = _results(settings)
    assert results.empty
    assert {"source", "stratum", "measure", "value", "ci_low", "ci_high", "status"} <= set(results.columns)


def test_the_same_sample_is_not_drawn_over(drawn):
    settings, folder, _ = drawn
    if not folder.name.startswith(f"{date.today():%Y%m%d}"):
        pytest.skip("midnight has passed since the sample was drawn")
    with pytest.raises(PipelineError, match="drawn already"):
        drawing.draw_sample(settings, CASES, seed=3)


def test_a_sample_too_small_for_its_strata_is_refused(drawn):
    settings, _, _ = drawn
    with pytest.raises(PipelineError, match="too small for the source"):
        drawing.draw_sample(settings, 20, seed=4)
