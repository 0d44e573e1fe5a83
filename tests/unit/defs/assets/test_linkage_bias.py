"""The study of match bias as a stage: what it is told of a run's parameters."""

import dagster as dg
import pandas as pd
import pytest

from orchestration.defs.assets.linkage_bias import linkage_bias
from orchestration.defs.resources import Pipeline
from orchestration.ledger.records import record_stage
from orchestration.methods.layouts.frames import frame_of
from orchestration.methods.linkage.bias import summary as bias_summary
from orchestration.methods.linkage.bias.weights import Truncation
from orchestration.publications.bulletin_2023_04.contents import BULLETIN_2023_04
from orchestration.settings import read_settings
from orchestration.storage.warehouse import open_warehouse
from orchestration.tables.linkage_bias import LINKAGE_BIAS_TABLES

KEY = pd.DataFrame({"case_key": ["a key"]})
OF_BULLETIN = pd.DataFrame({"bulletin": [BULLETIN_2023_04.bulletin], "model_id": ["a model"]})
READ = {
    "marts.cases": KEY,
    "linkage.case_keys": KEY.assign(case_id="a case"),
    "results.annex_b": KEY,
    "results.model_coefficients": OF_BULLETIN,
    "results.model_terms": OF_BULLETIN,
}


@pytest.mark.parametrize(
    ("environment", "truncation"),
    [
        ({}, Truncation(1, 99)),
        ({"PROBATION_WEIGHT_PERCENTILE_LOW": "0", "PROBATION_WEIGHT_PERCENTILE_HIGH": "95"}, Truncation(0, 95)),
    ],
    ids=["default", "given"],
)
def test_the_percentiles_of_the_weights_are_parameters(tmp_path, monkeypatch, environment, truncation):
    given = []

    def tables(*arguments):
        given.append(arguments[-1])
        return {name: frame_of(table, []) for name, table in LINKAGE_BIAS_TABLES.items()}

    monkeypatch.setattr(bias_summary, "bias_tables", tables)
    settings = read_settings({"PROBATION_DATA_DIR": str(tmp_path), **environment})
    with open_warehouse(settings.warehouse, settings.limits) as connection:
        for table, frame in READ.items():
            connection.register("read", frame)
            connection.execute(f"create table {table} as select * from read")
        record_stage(connection, "tables", "a fingerprint", "a run", None)
    dg.materialize([linkage_bias], resources={"pipeline": Pipeline.of(settings)})
    assert given == [truncation]
