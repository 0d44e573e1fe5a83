"""Splink's pairs as a stage: none and no Splink where no rule asks, found and kept where one does."""

import sys

import dagster as dg
import duckdb
import pytest

from orchestration.defs.assets.probable_pairs import linkage_probable_pairs
from orchestration.defs.resources import Pipeline
from orchestration.ledger.records import record_stage
from orchestration.linkage.probabilistic import probable_pairs, scoring
from orchestration.settings import DatabaseLimits, read_settings
from orchestration.storage.warehouse import open_warehouse
from tests.made_up.small_warehouse import N_CASES, small_warehouse


@pytest.fixture
def folder(tmp_path):
    """A data folder whose staging is done."""
    warehouse = small_warehouse(tmp_path / "warehouse.duckdb")
    with open_warehouse(warehouse, DatabaseLimits()) as connection:
        connection.execute(
            "create table staging.staged_inspections as select * exclude (source), 'community' as case_type "
            "from linkage.eligible_cases where source = 'reoffending'"
        )
        record_stage(connection, "staging", "a fingerprint", "a run", None)
    return tmp_path


@pytest.fixture
def with_the_rule_in_use(tmp_path, monkeypatch):
    rules = probable_pairs.RULES.read_text(encoding="utf-8")
    shipped = "24,probable_dob,probable dob certain_dob,true,,false,"
    assert shipped in rules
    edited = tmp_path / "match_rules.csv"
    edited.write_text(rules.replace(shipped, shipped.replace("false", "TRUE")), encoding="utf-8")
    monkeypatch.setattr(probable_pairs, "RULES", edited)


def run(folder, **options):
    pipeline = Pipeline.of(read_settings({"PROBATION_DATA_DIR": str(folder)}))
    return dg.materialize([linkage_probable_pairs], resources={"pipeline": pipeline}, **options)


def written(folder):
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(
            "select source, case_id, record_id, probability from linkage.probable_pairs"
        ).fetchall()


def without_splink(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "splink"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "splink", None)

    def missing(name):
        raise scoring.PackageNotFoundError(name)

    monkeypatch.setattr(scoring, "version", missing)


def test_as_shipped_there_are_no_pairs_and_splink_need_not_be_there(folder, monkeypatch):
    without_splink(monkeypatch)
    assert run(folder).success
    assert written(folder) == []


def test_a_rule_in_use_has_splink_asked_of_each_source_once(folder, with_the_rule_in_use):
    pytest.importorskip("splink")
    first, second = run(folder), run(folder)
    found = written(folder)
    assert {source for source, *_ in found} == {"terminations", "reoffending"}
    assert min(probability for *_, probability in found) >= 0.95
    people = {(case_id[1:].zfill(4), record_id[1:5]) for _, case_id, record_id, _ in found}
    assert len({case for case, record in people if case == record}) > 0.95 * N_CASES
    for result, is_kept in ((first, False), (second, True)):
        events = result.get_asset_materialization_events()
        assert [event.materialization.metadata["unchanged"].value for event in events] == [is_kept]


def test_a_rule_in_use_without_splink_stops_the_run_and_says_what_to_install(folder, with_the_rule_in_use, monkeypatch):
    without_splink(monkeypatch)
    result = run(folder, raise_on_error=False)
    said = [event.event_specific_data.user_failure_data.description for event in result.get_step_failure_events()]
    assert "pip install" in said[0]
    assert "a rule in use that holds the field `probable`" in said[0]
