"""Reviewers' overrides are read as strictly as extracts: where, which line, which column, and nothing by halves."""

import stat
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from orchestration.errors import PipelineError
from orchestration.ingest.overrides import read_overrides, require_known

TODAY = date(2026, 3, 1)
HEADER = "source,case_id,record_id,decision,reviewer,reviewed_on,reason"
GOOD = "reoffending,I1,R1,must_link,A. Reviewer,2026-02-28,same tattoo"
CASES = pd.DataFrame({"case_id": ["I1", "I2"], "case_type": ["community", "post_release"]})
RECORDS = pd.DataFrame({"source": ["terminations", "reoffending"], "record_id": ["T1", "R1"]})


def written(folder: Path, *lines: str) -> Path:
    (folder / "review").mkdir()
    (folder / "review" / "overrides.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def refused(call, *words: str) -> None:
    with pytest.raises(PipelineError) as failure:
        call()
    for word in ("review/overrides.csv", *words):
        assert word in str(failure.value)


def test_without_the_file_there_are_no_overrides(tmp_path):
    assert read_overrides(tmp_path, TODAY).empty


def test_every_row_is_read_with_its_line_and_the_folder_is_closed_to_others(tmp_path):
    spaced = ' terminations ,I1, T1,must_not_link,B,01/03/2026,"another, older man"'
    found = read_overrides(written(tmp_path, HEADER, GOOD, "", spaced), TODAY)
    assert found.to_dict("list") == {
        "source": ["reoffending", "terminations"],
        "case_id": ["I1", "I1"],
        "record_id": ["R1", "T1"],
        "decision": ["must_link", "must_not_link"],
        "reviewer": ["A. Reviewer", "B"],
        "reviewed_on": ["2026-02-28", "2026-03-01"],
        "reason": ["same tattoo", "another, older man"],
        "line": [2, 4],
    }
    assert stat.S_IMODE((tmp_path / "review").stat().st_mode) == 0o700


BAD_LINES = {
    "unknown source": (GOOD.replace("reoffending", "inspections"), "column source", "terminations or reoffending"),
    "unknown decision": (GOOD.replace("must_link", "maybe"), "column decision", "must_link or must_not_link"),
    "date in the future": (GOOD.replace("2026-02-28", "2026-03-02"), "column reviewed_on", "future"),
    "impossible date": (GOOD.replace("2026-02-28", "2026-02-30"), "column reviewed_on", "no such day"),
    "no date": (GOOD.replace("2026-02-28", "last week"), "column reviewed_on", "YYYY-MM-DD"),
    "empty cell": (GOOD.replace("A. Reviewer", " "), "column reviewer", "empty"),
    "too many cells": (GOOD + ",more", "whole row", "7 cells"),
    "too few cells": ("reoffending,I1", "whole row", "7 cells"),
}


@pytest.mark.parametrize(("bad", "column", "words"), [pytest.param(*b, id=name) for name, b in BAD_LINES.items()])
def test_a_cell_that_cannot_be_used_is_named_by_line_and_column(tmp_path, bad, column, words):
    good = GOOD.replace("R1", "R2")
    refused(lambda: read_overrides(written(tmp_path, HEADER, good, bad), TODAY), "line 3", column, words)


@pytest.mark.parametrize(
    ("decision", "words"), [("must_link", "the same"), ("must_not_link", "the contrary")], ids=["again", "contradicted"]
)
def test_a_pair_that_stands_twice_is_refused(tmp_path, decision, words):
    again = GOOD.replace("must_link", decision).replace("2026-02-28", "2026-02-27")
    refused(lambda: read_overrides(written(tmp_path, HEADER, GOOD, again), TODAY), "line 3", f"line 2 says {words}")


def test_a_header_without_a_column_is_refused(tmp_path):
    header, row = HEADER.replace(",reason", ""), GOOD.rsplit(",", 1)[0]
    refused(lambda: read_overrides(written(tmp_path, header, row), TODAY), "reason")


def test_all_faults_are_told_at_once_without_a_value(tmp_path):
    lines = [GOOD.replace("R1", f"R{i}").replace("2026-02-28", "Zzcanary") for i in range(12)]
    with pytest.raises(PipelineError) as failure:
        read_overrides(written(tmp_path, HEADER, *lines), TODAY)
    assert str(failure.value).count("column reviewed_on") == 10
    assert "and 2 more" in str(failure.value)
    assert "Zzcanary" not in str(failure.value)


UNKNOWN = {
    "a case nobody inspected": ("reoffending,I9,R1", "column case_id", "no inspections extract holds"),
    "a record nobody delivered": ("reoffending,I1,R9", "column record_id", "no reoffending extract holds"),
    "another source's record": ("terminations,I1,R1", "column record_id", "no terminations extract holds"),
    "a case not searched for": ("terminations,I2,T1", "column case_id", "only community cases"),
}


@pytest.mark.parametrize(("pair", "column", "words"), [pytest.param(*u, id=name) for name, u in UNKNOWN.items()])
def test_cases_and_records_that_no_extract_holds_are_refused(tmp_path, pair, column, words):
    line = GOOD.replace("reoffending,I1,R1", pair)
    overrides = read_overrides(written(tmp_path, HEADER, GOOD.replace("R1", "R1"), line), TODAY)
    refused(lambda: require_known(overrides, CASES, RECORDS), "line 3", column, words)


def test_known_cases_and_records_are_accepted(tmp_path):
    lines = (GOOD, GOOD.replace("reoffending,I1,R1", "terminations,I1,T1"), GOOD.replace("I1", "I2"))
    require_known(read_overrides(written(tmp_path, HEADER, *lines), TODAY), CASES, RECORDS)
