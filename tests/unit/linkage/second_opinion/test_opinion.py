"""Splink runs quietly, in memory, beside the warehouse, and says the same thing twice."""

import hashlib
import logging

import duckdb
import pandas as pd
import pytest

from orchestration.errors import PipelineError
from orchestration.linkage.second_opinion.disagreements import COLUMNS
from orchestration.linkage.second_opinion.opinion import source_opinion
from tests.made_up.small_warehouse import N_CASES, SECRET, small_warehouse


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    return small_warehouse(tmp_path_factory.mktemp("opinion") / "warehouse.duckdb")


@pytest.fixture(scope="module")
def opinion(warehouse):
    pytest.importorskip("splink")
    return source_opinion(warehouse, "terminations", 7)


def test_splink_confirms_our_links_and_finds_those_we_left_out(opinion):
    table = opinion["second_opinion"].query("threshold == 0.95").set_index(["ours", "splink"])["n"]
    n_left_out = N_CASES // 40
    assert table["no_person", "a_record"] == n_left_out
    assert table["matched", "same_record"] == N_CASES - n_left_out
    assert table.sum() == N_CASES


def test_the_cases_left_out_are_listed_for_review_with_the_fields_that_agree(opinion):
    listed = opinion["second_opinion_disagreements"]
    assert list(listed.columns) == ["source", *COLUMNS]
    assert set(listed["case_id"]) == {f"c{n:03d}" for n in range(39, N_CASES, 40)}
    assert set(listed["side"]) == {"only_splink"}
    assert (listed["splink_record_id"] == "r" + listed["case_id"].str[1:].str.zfill(4) + "0").all()
    assert listed["review_rank"].tolist() == list(range(1, len(listed) + 1))
    assert listed["strength"].is_monotonic_decreasing
    assert listed["splink_fields_agreeing"].str.split().map(len).ge(4).all()
    assert listed["our_fields_agreeing"].isna().all()


def test_every_level_of_agreement_is_reported_with_its_probabilities(opinion):
    found = opinion["second_opinion_parameters"].set_index(["comparison", "level_order"])
    assert 0 < found.loc[("any_two_rows", 0), "m"] < 0.01
    assert found.loc[("pnc_id", 1), "m"] > 0.9
    assert found.loc[("pnc_id", 1), "u"] < 0.01
    assert found.loc[("pnc_id", 1), "match_weight"] > 5


def test_the_same_seed_gives_the_same_opinion(opinion, warehouse):
    again = source_opinion(warehouse, "terminations", 7)
    for name, frame in opinion.items():
        pd.testing.assert_frame_equal(again[name], frame, check_exact=True)


def test_nothing_is_printed_logged_left_behind_or_written_to_the_warehouse(
    warehouse, tmp_path, monkeypatch, capfd, caplog
):
    pytest.importorskip("splink")
    monkeypatch.chdir(tmp_path)
    before = hashlib.sha256(warehouse.read_bytes()).hexdigest()
    with caplog.at_level(logging.DEBUG):
        found = source_opinion(warehouse, "terminations", 7)
    printed = "".join(capfd.readouterr()) + caplog.text
    assert printed == ""
    assert list(tmp_path.iterdir()) == []
    assert [path.name for path in warehouse.parent.iterdir()] == ["warehouse.duckdb"]
    assert hashlib.sha256(warehouse.read_bytes()).hexdigest() == before
    assert not any(SECRET in frame.to_csv() for frame in found.values())


@pytest.mark.parametrize(
    ("table", "missing"), [("linkage.eligible_cases", "cases"), ("staging.staged_terminations", "records")]
)
def test_a_source_without_rows_is_named(tmp_path, table, missing):
    pytest.importorskip("splink")
    path = small_warehouse(tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(path)) as con:
        con.execute(f"delete from {table}")
    with pytest.raises(PipelineError, match=f"no {missing} of this source"):
        source_opinion(path, "terminations", 7)
