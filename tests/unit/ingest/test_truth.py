"""Truth files: what is read, and what is refused with which place."""

import pandas as pd
import pytest

from orchestration.errors import PipelineError
from orchestration.ingest.truth import read_truth, require_known, require_same_people


def _written(folder, text):
    (folder / "terminations.csv").write_text(text)
    return folder


def test_a_truth_file_is_read_with_its_lines_and_its_empty_records(tmp_path):
    folder = _written(tmp_path, "Case ID,reviewer,record_id\n 000023 ,A,T1\n\n000024,B,\n")
    truth = read_truth(folder, "terminations")
    expected = pd.DataFrame({"case_id": ["000023", "000024"], "record_id": ["T1", None], "line": [2, 4]})
    pd.testing.assert_frame_equal(truth, expected.astype({"case_id": "str", "record_id": "str"}))


def test_no_truth_file_is_no_failure(tmp_path):
    assert read_truth(tmp_path, "terminations") is None


def test_a_truth_file_without_rows_names_nobody(tmp_path):
    assert read_truth(_written(tmp_path, "case_id,record_id\n"), "terminations").empty


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "truth/terminations.csv, line 1, column case_id, record_id"),
        ("case_id,record\nC1,T1\n", "truth/terminations.csv, line 1, column record_id"),
        ("case_id,record_id,Record ID\nC1,T1,T1\n", "truth/terminations.csv, line 1, column record_id"),
        ("case_id;record_id\nC1;T1\n", "truth/terminations.csv, line 1"),
        ("case_id,record_id\nC1,T1\n,T2\n", "truth/terminations.csv, line 3, column case_id"),
        ("case_id,record_id\nC1,T1\nC2\n", "truth/terminations.csv, line 3, whole row"),
        ("case_id,record_id\nC1,T1\nC2,T1\nC1, T1\n", "truth/terminations.csv, line 4, columns case_id and record_id"),
        ("case_id,record_id\nC1,\nC1,\n", "truth/terminations.csv, line 3, columns case_id and record_id"),
        ("case_id,record_id\nC1,\nC2,T2\nC1,T1\n", "truth/terminations.csv, line 2, column record_id"),
    ],
    ids=[
        "empty file",
        "column missing",
        "column twice",
        "semicolons",
        "case missing",
        "ragged row",
        "pair twice",
        "empty record twice",
        "both empty and named",
    ],
)
def test_a_truth_file_that_cannot_be_used_is_refused_with_its_place(tmp_path, text, place):
    with pytest.raises(PipelineError) as refused:
        read_truth(_written(tmp_path, text), "terminations")
    assert refused.value.where == place
    assert refused.value.remedy


def test_thousands_of_faults_are_counted_and_not_listed(tmp_path):
    folder = _written(tmp_path, "case_id,record_id\n" + "C1,T1\n" * 5001)
    with pytest.raises(PipelineError) as refused:
        read_truth(folder, "terminations")
    assert "lines 3, 4, 5, 6, 7 and 4995 more" in refused.value.where
    assert refused.value.problem.startswith("5000 rows")


def test_one_record_may_be_of_two_cases(tmp_path):
    assert len(read_truth(_written(tmp_path, "case_id,record_id\nC1,T1\nC2,T1\n"), "terminations")) == 2


@pytest.mark.parametrize(
    ("unknown", "says"),
    [(range(2, 9), "probably made for other extracts"), ([3], "1 of 10 rows")],
    ids=["most of them", "one of them"],
)
def test_ids_the_extracts_do_not_hold_are_refused(unknown, says):
    with pytest.raises(PipelineError, match=says) as refused:
        require_known("terminations", "record_id", list(unknown), 10)
    assert refused.value.where.startswith("truth/terminations.csv, line")
    assert refused.value.where.endswith("column record_id")


def test_known_ids_pass():
    require_known("terminations", "case_id", [], 10)


def test_a_truth_whose_pairs_mostly_have_nothing_in_common_is_of_other_people():
    with pytest.raises(PipelineError, match=r"6 of 11 rows .* name in common") as refused:
        require_same_people("terminations", n_strangers=6, n_pairs=11)
    assert refused.value.where == "truth/terminations.csv, columns case_id and record_id"


@pytest.mark.parametrize(("n_strangers", "n_pairs"), [(5, 10), (9, 9), (0, 0)], ids=["half", "too_few_to_tell", "none"])
def test_odd_pairs_among_genuine_ones_pass(n_strangers, n_pairs):
    require_same_people("terminations", n_strangers, n_pairs)
