"""dbt's unit tests: linkage and recode cases, each model on rows made up for it.

They judge the SQL and not the data, so they run here and in no run of the pipeline.
"""

import yaml

from orchestration.dbt.layers import run_unit_tests
from orchestration.settings import DBT_DIR


def test_every_unit_test_passes(run_copy):
    declared = {
        test["name"]
        for path in DBT_DIR.rglob("*.yml")
        for test in (yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}).get("unit_tests", ())
    }
    outcomes = {outcome.unique_id.rsplit(".", 1)[1]: outcome for outcome in run_unit_tests(run_copy)}
    assert outcomes.keys() == declared
    assert [name for name, outcome in outcomes.items() if not outcome.is_ok] == []
