"""`make explain` on a finished run: every kind of case, nothing personal, and hints for a mistyped id."""

import csv
import io

import duckdb
import pytest

from orchestration.errors import PipelineError
from orchestration.linkage.explaining.explain import explain
from tests.another_process import run_lock_held_elsewhere

KINDS = {
    "chosen": ("status = 'matched' and record_outcome = 'chosen'", "CHOSEN"),
    "combined": ("record_outcome = 'combined'", "Combined outcome"),
    "tie": ("record_outcome = 'tie_lost_to_smaller_id'", "equally near: a tie"),
    "farther": ("record_outcome = 'farther'", "farther from the start date"),
    "ambiguous": ("status = 'ambiguous'", "AMBIGUOUS: reaches 2 people"),
    "outside": ("status = 'no_record_in_window'", "none with a record in"),
    "vetoed": ("record_outcome = 'vetoed' and status = 'no_person'", "vetoed)"),
    "contradicted": ("record_outcome = 'contradicted'", "set aside: contradicts the case"),
    "nothing": ("record_id is null", "none shares a block with the case"),
    "wrong letter": ("case_pnc_state = 'wrong_letter'", "not usable: the check letter is wrong"),
}


@pytest.fixture(scope="module")
def explained(finished_run):
    """Kind -> a case of that kind and its explanation."""
    with duckdb.connect(str(finished_run.warehouse), read_only=True) as connection:
        wanted = ", ".join(f"min(case_id) filter (where {where})" for where, _ in KINDS.values())
        cases = connection.execute(f"select {wanted} from linkage.explanations").fetchall()[0]
    return {kind: (case, explain(finished_run, case)) for kind, case in zip(KINDS, cases, strict=True)}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_case_is_told_in_words(explained, kind):
    case, text = explained[kind]
    assert text.startswith(f"Case {case}\n")
    assert KINDS[kind][1] in text
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "nan" not in text.lower().split()


def test_no_name_number_or_date_of_either_side_is_printed(finished_run, explained):
    with duckdb.connect(str(finished_run.warehouse), read_only=True) as connection:
        for case, text in explained.values():
            values = connection.execute(
                """
                select unnest([i.pnc_id, i.crn, i.surname, i.forenames, cast(i.date_of_birth as varchar),
                    cast(i.start_date as varchar), r.pnc_id, r.crn, r.surname, r.forenames,
                    cast(r.record_date as varchar)])
                from linkage.explanations as e
                inner join raw.parsed_inspections as i using (case_id)
                left join linkage.match_records as r on e.source = r.source and e.record_id = r.record_id
                where case_id = ?
                """,
                [case],
            ).fetchall()
            found = {value for (value,) in values if value and len(value) > 3 and value.upper() in text.upper()}
            assert found == set()


def test_values_are_shown_on_a_terminal_only(finished_run, explained, monkeypatch):
    case, _ = explained["chosen"]
    with pytest.raises(PipelineError, match="on a terminal only"):
        explain(finished_run, case, is_showing_identifiers=True)
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stdout", terminal)
    text = explain(finished_run, case, is_showing_identifiers=True)
    with duckdb.connect(str(finished_run.warehouse), read_only=True) as connection:
        surname = connection.execute(
            "select surname from staging.staged_inspections where case_id = ?", [case]
        ).fetchall()[0][0]
    assert surname[:19] in text


def test_a_case_key_or_its_beginning_names_the_case_too(finished_run, explained):
    case, text = explained["chosen"]
    with duckdb.connect(str(finished_run.warehouse), read_only=True) as connection:
        key = connection.execute("select case_key from linkage.case_keys where case_id = ?", [case]).fetchall()[0][0]
    assert explain(finished_run, key) == explain(finished_run, key[:12]) == text


def test_an_unknown_case_gets_the_nearest_ids_and_no_name(finished_run):
    path = next((finished_run.landing_dir / "inspections").glob("*.csv"))
    with open(path, encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    with pytest.raises(PipelineError, match="nearest ids") as refusal:
        explain(finished_run, row["case_id"].lstrip("0") + "x")
    assert row["surname"] not in str(refusal.value)


def test_while_a_run_holds_the_warehouse_it_says_so(run_copy):
    with (
        run_lock_held_elsewhere(run_copy.run_dir, "some-run"),
        pytest.raises(PipelineError, match="A run holds the warehouse"),
    ):
        explain(run_copy, "000001")


def test_without_a_warehouse_it_says_what_to_do(tmp_path, finished_run):
    empty = finished_run.model_copy(update={"data_dir": tmp_path})
    with pytest.raises(PipelineError, match="There is no warehouse yet"):
        explain(empty, "000001")
    assert list(tmp_path.iterdir()) == []


def test_the_table_agrees_with_the_links(finished_run):
    """Chosen, runner-up and combined records are those of the tables that the results rest on."""
    with duckdb.connect(str(finished_run.warehouse), read_only=True) as connection:
        for source, table in (("terminations", "termination_matches"), ("reoffending", "reoffending_matches")):
            chosen = connection.execute(
                "select case_id, record_id, date_difference_days from linkage.explanations "
                "where is_chosen and source = ? order by all",
                [source],
            ).fetchall()
            query = f"select case_id, record_id, date_difference_days from linkage.{table} order by all"
            assert chosen == connection.execute(query).fetchall()
        satisfied = connection.execute(
            "select count(*) from linkage.explanations where rules_satisfied <> '' and brought_by <> 'person'"
        ).fetchall()
        pairs = connection.execute("select count(*) from linkage.pair_agreements where len(rule_ranks) > 0").fetchall()
        assert satisfied == pairs
        twice = "select count(*) - count(distinct (source, case_id, record_id)) from linkage.explanations"
        assert connection.execute(twice).fetchall() == [(0,)]
