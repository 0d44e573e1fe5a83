"""The links of a whole run judged against its truth, and what a changed truth file does."""

import duckdb
import pandas as pd
import pytest

from orchestration.commands.linkage_report import print_linkage_quality
from orchestration.defs.assets.linkage_quality import evaluate_links
from orchestration.defs.resources import Pipeline
from orchestration.errors import PipelineError
from orchestration.ledger.inputs import stage_inputs
from orchestration.tables.contract import CONTRACT

RESTRICTED = ("linkage.false_links", "linkage.missed_links")
RESULTS = ("results.linkage_quality", "results.linkage_losses", "results.linkage_loss_fields")


def _query(settings, sql):
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(sql).df()


def _whole(settings):
    rows = _query(settings, "from results.linkage_quality where item = 'all_cases'")
    return rows.set_index(["source", "measure"])[["numerator", "n"]].astype(int)


def _by_hand(settings, source):
    """Matched, true and linkable cases from truth file and warehouse, by set arithmetic."""
    truth = pd.read_csv(settings.truth_dir / f"{source}.csv", dtype=str)
    true_pairs = set(zip(truth["case_id"], truth["record_id"], strict=True))
    table = {"terminations": "termination_matches", "reoffending": "reoffending_matches"}[source]
    matches = _query(settings, f"select case_id, record_id from linkage.{table}")
    chosen = set(zip(matches["case_id"], matches["record_id"], strict=True))
    eligible = _query(settings, f"select case_id, start_date from linkage.eligible_cases where source = '{source}'")
    recorded = _query(settings, f"select record_id, {CONTRACT[source].date_column} from raw.parsed_{source}")
    starts, dates = (dict(frame.itertuples(index=False, name=None)) for frame in (eligible, recorded))
    linkable = {
        case
        for case, record in true_pairs
        if case in starts and record in dates and abs((dates[record] - starts[case]).days) <= 7
    }
    return len(chosen), len(chosen & true_pairs), len(linkable)


@pytest.mark.parametrize("source", ["terminations", "reoffending"])
def test_a_run_holds_the_counts_that_set_arithmetic_gives(finished_run, source):
    matched, true_links, linkable = _by_hand(finished_run, source)
    whole = _whole(finished_run)
    assert tuple(whole.loc[(source, "precision")]) == (true_links, matched)
    assert tuple(whole.loc[(source, "recall")]) == (true_links, linkable)


def test_the_calibrated_extracts_are_linked_without_a_false_link(finished_run):
    whole = _whole(finished_run)
    precision = whole.xs("precision", level="measure")
    assert (precision["numerator"] == precision["n"]).all()


def test_results_carry_no_case_and_no_record(finished_run):
    columns = {c for table in RESULTS for c in _query(finished_run, f"from {table} limit 0").columns}
    assert not columns & {"case_id", "record_id"}


def test_two_exchanged_cases_show_up_as_false_and_as_missed_links(run_copy):
    before = _whole(run_copy)
    path = run_copy.truth_dir / "terminations.csv"
    truth = pd.read_csv(path, dtype=str)
    matched = _query(run_copy, "select case_id from linkage.termination_matches order by case_id limit 2")
    one, other = matched["case_id"]
    truth["case_id"] = truth["case_id"].replace({one: other, other: one})
    truth.to_csv(path, index=False)
    evaluate_links(Pipeline.of(run_copy))
    after = _whole(run_copy)
    change = after - before
    assert tuple(change.loc[("terminations", "precision")]) == (-2, 0)
    assert tuple(change.loc[("reoffending", "precision")]) == (0, 0)
    listed = _query(run_copy, "from linkage.false_links")
    assert set(listed["case_id"]) == {one, other}


def test_without_truth_files_the_tables_are_empty_and_nothing_fails(run_copy, capsys):
    for source in ("terminations", "reoffending"):
        (run_copy.truth_dir / f"{source}.csv").unlink()
    evaluate_links(Pipeline.of(run_copy))
    for table in (*RESTRICTED, *RESULTS):
        found = _query(run_copy, f"from {table}")
        assert found.empty
        assert len(found.columns) > 4
    with pytest.raises(PipelineError, match="no truth to judge"):
        print_linkage_quality(run_copy)


def test_a_truth_of_other_extracts_changes_no_table(run_copy):
    before = _query(run_copy, "from results.linkage_quality")
    (run_copy.truth_dir / "terminations.csv").write_text("case_id,record_id\nno-such-case,no-such-record\n")
    with pytest.raises(PipelineError, match="probably made for other extracts"):
        evaluate_links(Pipeline.of(run_copy))
    pd.testing.assert_frame_equal(_query(run_copy, "from results.linkage_quality"), before)


def test_a_truth_of_other_people_under_the_same_ids_changes_no_table(run_copy):
    before = _query(run_copy, "from results.linkage_quality")
    path = run_copy.truth_dir / "reoffending.csv"
    truth = pd.read_csv(path, dtype=str)
    cases = truth["case_id"].unique()
    truth["case_id"] = truth["case_id"].map(dict(zip(cases, [*cases[1:], cases[0]], strict=True)))
    truth.to_csv(path, index=False)
    with pytest.raises(PipelineError, match=r"name in common\. The file was made for other extracts"):
        evaluate_links(Pipeline.of(run_copy))
    pd.testing.assert_frame_equal(_query(run_copy, "from results.linkage_quality"), before)


def test_another_truth_file_is_another_input_of_the_stage(run_copy):
    before = stage_inputs(run_copy, "linkage_quality")
    (run_copy.truth_dir / "terminations.csv").write_text("case_id,record_id\n")
    after = stage_inputs(run_copy, "linkage_quality")
    assert before["reoffending"] == after["reoffending"]
    assert before["terminations"] != after["terminations"]
