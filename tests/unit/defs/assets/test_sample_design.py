"""The sample design as a stage: with a caseload, without one, and not done twice."""

import dagster as dg
import duckdb
import pytest

from orchestration.defs.assets.sample_design import sample_design
from orchestration.defs.resources import Pipeline
from orchestration.ledger.records import record_stage, recorded_stages
from orchestration.settings import read_settings
from orchestration.storage.warehouse import open_warehouse
from orchestration.tables.sample_design import SAMPLE_TABLES
from tests.made_up.caseloads import CASELOAD, judged, listed, with_ids

INSPECTED = {key: max(n // 3, 1) for key, n in CASELOAD.items()} | {("Wales", "male", "community", "low"): 2}


def _settings(folder, **environment):
    return read_settings({"PROBATION_DATA_DIR": str(folder), **environment})


def _open(folder):
    settings = _settings(folder)
    return open_warehouse(settings.warehouse, settings.limits)


def _folder(folder, caseload):
    with _open(folder) as connection:
        cases = judged(listed(INSPECTED)).assign(case_key=lambda frame: frame.index.astype(str))
        connection.register("inspected", cases)
        connection.register("eligible", with_ids(listed(caseload)))
        connection.execute("create table marts.cases as select * from inspected")
        connection.execute("create table linkage.case_keys as select case_key, case_key as case_id from marts.cases")
        connection.execute("create table raw.parsed_caseload as select * from eligible")
        for stage in ("marts", "caseload"):
            record_stage(connection, stage, "a fingerprint", "a run", None)
    return folder


def _run(folder, **environment):
    return dg.materialize([sample_design], resources={"pipeline": Pipeline.of(_settings(folder, **environment))})


def _rows(folder):
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        assert "sample_design" in recorded_stages(connection)
        return {name: len(connection.execute(f"select * from results.{name}").fetchall()) for name in SAMPLE_TABLES}


def test_with_a_caseload_it_writes_every_table_once(tmp_path, capfd):
    folder = _folder(tmp_path, CASELOAD)
    first, second = _run(folder), _run(folder)
    assert "Wales (CRC) was inspected but has no caseload." in capfd.readouterr().err
    assert min(_rows(folder).values()) > 0
    for result, is_kept in ((first, False), (second, True)):
        events = result.get_asset_materialization_events()
        assert len(events) == len(SAMPLE_TABLES)
        assert {event.materialization.metadata["unchanged"].value for event in events} == {is_kept}


def test_a_smaller_margin_is_a_parameter_that_asks_for_a_larger_sample(tmp_path):
    folder = _folder(tmp_path, CASELOAD)
    found = {}
    for margin in ("0.05", "0.03"):
        _run(folder, PROBATION_SAMPLE_MARGIN=margin)
        with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
            found[margin] = connection.execute(
                "select max(margin_wanted), max(confidence), sum(required), (select sum(allocated) "
                "from results.sample_allocation) from results.sample_design"
            ).fetchone()
    (wide, confidence, required, allocated), (narrow, _, more, more_allocated) = found.values()
    assert (wide, narrow, confidence) == pytest.approx((5, 3, 80))
    assert more > required == allocated
    assert more_allocated == more


def test_without_a_caseload_it_writes_empty_tables_and_fails_nothing(tmp_path):
    folder = _folder(tmp_path, {})
    assert _run(folder).success
    assert set(_rows(folder).values()) == {0}


@pytest.mark.parametrize("missing", ["marts", "caseload"])
def test_it_is_not_made_without_what_it_rests_on(tmp_path, missing):
    folder = _folder(tmp_path, CASELOAD)
    with _open(folder) as connection:
        connection.execute("delete from quality.stages where stage = ?", [missing])
    with pytest.raises(dg.Failure, match=missing):
        _run(folder)
