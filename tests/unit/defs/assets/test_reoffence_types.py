"""What the reoffences were as a stage: made from offences, with the measure ready-made, and not done twice."""

import dagster as dg
import duckdb
import pandas as pd

from orchestration.defs.assets.reoffence_types import reoffence_types
from orchestration.defs.resources import Pipeline
from orchestration.ledger.records import record_stage, recorded_stages
from orchestration.settings import read_settings
from orchestration.storage.warehouse import open_warehouse
from orchestration.tables.reoffence_types import REOFFENCE_TYPE_TABLES
from tests.made_up.populations import population

N_CASES = 300
WAYS = ("published", "breaches_count", "followup_24", "waiting_9")


def _settings(folder):
    return read_settings({"PROBATION_DATA_DIR": str(folder)})


def _marts(cases: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """marts.reoffence_types and marts.reoffence_measures of the matched cases."""
    own = cases[cases["reoffended"].notna()]
    number = own["reoffences"].astype("int64")
    weight = (number > 0) * 10
    types = own[["case_key", "offence_groups", "most_severe_group"]].assign(
        severity_highest=weight,
        severity_total=weight * number,
        **{f"reoffences_quarter_{quarter}": number * (quarter == 1) for quarter in range(1, 5)},
    )
    measures = pd.concat(
        own[["case_key"]].assign(measure=way, followup_months=12, waiting_months=6, is_covered=True, reoffences=number)
        for way in WAYS
    )
    return types, measures


def _folder(folder, is_made_from_offences: bool):
    cases = population(seed=3, n=N_CASES)
    types, measures = _marts(cases) if is_made_from_offences else (frame.head(0) for frame in _marts(cases))
    controls = {
        "age": pd.Series(range(N_CASES)) % 40 + 18, "previous_sanctions": pd.Series(range(N_CASES)) % 7,
        "ogrs_score": pd.Series(range(N_CASES)) % 90,
    }  # fmt: skip
    own = [name for name in types if name != "case_key"]
    settings = _settings(folder)
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        for name, frame in (
            ("cases", cases.drop(columns=own, errors="ignore").assign(**controls)),
            ("reoffence_types", types),
            ("reoffence_measures", measures),
        ):
            connection.register("given", frame)
            connection.execute(f"create table marts.{name} as select * from given")
        connection.execute("create table linkage.case_keys as select case_key, case_key as case_id from marts.cases")
        record_stage(connection, "marts", "a fingerprint", "a run", None)
    return folder, int(cases["reoffended"].notna().sum()), int(cases["reoffended"].eq(1).sum())


def _run(folder):
    return dg.materialize([reoffence_types], resources={"pipeline": Pipeline.of(_settings(folder))})


def _rows(folder, query: str):
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        assert "reoffence_types" in recorded_stages(connection)
        return connection.execute(query).fetchall()


def test_every_table_is_written_once_of_the_matched_cases(tmp_path):
    folder, n_matched, n_reoffended = _folder(tmp_path, is_made_from_offences=True)
    for is_kept in (False, True):
        events = _run(folder).get_asset_materialization_events()
        assert len(events) == len(REOFFENCE_TYPE_TABLES) == 4
        assert {event.materialization.metadata["unchanged"].value for event in events} == {is_kept}
    assert _rows(folder, "select distinct n from results.reoffence_types where judgement = 'all'") == [(n_matched,)]
    assert _rows(folder, "select n from results.reoffence_severity where judgement = 'all'") == [(n_reoffended,)]
    assert _rows(folder, "select measure, n from results.reoffending_measures") == [(way, n_matched) for way in WAYS]
    assert {model for (model,) in _rows(folder, "select model from results.reoffence_models")} == {
        "severity_highest", "rate_year", "rate_first_half", "rate_second_half",
    }  # fmt: skip


def test_where_the_measure_came_ready_made_every_table_is_empty_and_nothing_fails(tmp_path):
    folder, _, _ = _folder(tmp_path, is_made_from_offences=False)
    assert _run(folder).success
    for name in REOFFENCE_TYPE_TABLES:
        assert _rows(folder, f"select count(*) from results.{name}") == [(0,)]
