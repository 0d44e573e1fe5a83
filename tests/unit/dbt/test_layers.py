"""What a layer that could not be built says to do, and what an earlier design left in its schema."""

from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.dbt.graph import relations_of_schema
from orchestration.dbt.layers import _drop_what_nobody_makes, variables
from orchestration.dbt.outcomes import NodeOutcome, failed
from orchestration.dbt.targets import in_duckdb
from orchestration.errors import PipelineError
from orchestration.settings import DBT_DIR, Parameters, Settings

IN_DUCKDB = in_duckdb(Settings(data_dir=Path("/data"), parameters=Parameters()))


@pytest.mark.parametrize(
    ("status", "remedy"), [("error", "delete warehouse.duckdb if it is damaged"), ("fail", "look there first")]
)
def test_a_model_that_could_not_be_built_has_another_remedy_than_a_test_that_failed(status, remedy):
    error = failed("marts", [NodeOutcome("model.probation_outcomes.cases", "model", status, 0)], IN_DUCKDB.remedy)
    assert isinstance(error, PipelineError)
    assert remedy in error.remedy


def test_a_model_that_broke_over_what_a_test_tells_of_is_not_told_of():
    told = "Rules may name only fields that the SQL compares. Here: 'match_blocks', 'shoe_size'"
    broken = NodeOutcome("test.p.match_tables_name_known_fields", "test", "fail", 1, told=told)
    error = failed("linkage", [NodeOutcome("model.p.candidate_pairs", "model", "error", 0), broken], "")
    assert error.problem.endswith(f"(1):\n- match_tables_name_known_fields: fail, 1 rows. {told}")
    assert "look there first" in error.remedy


def test_a_layer_that_found_no_room_says_where_and_nothing_of_the_models():
    full = PipelineError("The disk is full.", "Make room.", "/data/warehouse.duckdb")
    broken = [NodeOutcome("model.p.a", "model", "error", 0), NodeOutcome("model.p.b", "model", "error", 0, full)]
    assert failed("marts", broken, "") is full


def test_the_projects_own_variables_are_those_of_a_run_with_every_parameter_at_its_default():
    project = yaml.safe_load((DBT_DIR / "dbt_project.yml").read_text(encoding="utf-8"))
    assert project["vars"] == variables(Parameters())


def test_a_layer_keeps_what_is_made_and_loses_what_nobody_makes_any_more(tmp_path):
    manifest = {
        "nodes": {"model.p.decisions": {"name": "decisions", "schema": "linkage"}},
        "sources": {
            "source.p.linkage.case_keys": {"name": "case_keys", "schema": "linkage"},
            "source.p.raw.records_in_blocks": {"name": "records_in_blocks", "schema": "raw"},
        },
    }
    settings = Settings(data_dir=tmp_path, parameters=Parameters())
    with duckdb.connect(settings.warehouse) as connection:
        connection.execute("create schema linkage; create schema marts")
        for name in ("linkage.decisions", "linkage.case_keys", "linkage.records_in_blocks", "marts.cases"):
            connection.execute(f"create table {name} (x integer)")
        connection.execute("create view linkage.unusual_names as select * from linkage.records_in_blocks")
    _drop_what_nobody_makes(settings, "linkage", relations_of_schema(manifest, "linkage"))
    with duckdb.connect(settings.warehouse) as connection:
        left = connection.execute("select table_schema, table_name from information_schema.tables order by all")
        assert left.fetchall() == [("linkage", "case_keys"), ("linkage", "decisions"), ("marts", "cases")]
