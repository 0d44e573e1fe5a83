"""Spark links as plain loops do: the same models, a sample of the worlds, every rule, overrides and Splink's pairs."""

import re
from pathlib import Path

import duckdb

from tests.integration.linkage_oracle import compiled
from tests.integration.linkage_oracle.comparing import differences, outcomes_of_oracle, outcomes_of_sql
from tests.integration.linkage_oracle.oracle import RULE_OF_SPLINK, RULES, RULES_WITH_THE_DAY
from tests.integration.linkage_oracle.worlds import apart, overrides_of, probable_pairs_of, world

N_WORLDS = 400
_IN_DUCKDB = re.compile(r'"\w+"\."(\w+)"\."(\w+)"')


def test_spark_links_every_case_as_plain_loops_link_it(spark, own_warehouse, tmp_path):
    worlds = apart([world(16, number) for number in range(N_WORLDS)])
    overrides = [override for w in worlds for override in overrides_of(w, 16)]
    rules = (*RULES, *RULES_WITH_THE_DAY, RULE_OF_SPLINK)
    own_warehouse.execute("update reference.match_rules set is_used = true")
    compiled.load(own_warehouse, worlds)
    compiled.load_overrides(own_warehouse, overrides)
    compiled.load_probable_pairs(own_warehouse, [pair for w in worlds for pair in probable_pairs_of(w)])
    _build(spark, own_warehouse, compiled.compile_for(tmp_path, "spark"), tmp_path)
    expected = outcomes_of_oracle(worlds, rules, overrides=overrides)
    assert differences(expected, outcomes_of_sql(own_warehouse))[:5] == []
    assert {outcome.status for outcome in expected.values()} == {
        "matched", "ambiguous", "no_record_in_window", "no_person",
    }  # fmt: skip
    assert len({outcome.rule for outcome in expected.values()}) > 20


def _build(spark, warehouse: duckdb.DuckDBPyConnection, project: compiled.Project, folder: Path) -> None:
    """Build staging and linkage on Spark from what the warehouse holds, and put the tables into it."""
    models = project.models("staging", "linkage")
    for schema in ("raw", "reference", "staging", "linkage"):
        spark.sql(f"create database {schema}")
    for schema, name in warehouse.execute(
        "select table_schema, table_name from information_schema.tables where table_catalog = 'warehouse'"
    ).fetchall():
        rows = folder / f"{schema}.{name}.parquet"
        warehouse.execute(f"copy {schema}.{name} to '{rows}' (format parquet)")
        spark.sql(f"create table {schema}.{name} using parquet location '{rows}'")
    for model in models:
        table, rows = _named(model.relation), folder / f"made.{model.name}"
        spark.sql(f"create table {table} using parquet location '{rows}' as {_named(model.sql)}")
        warehouse.execute(f"create table {table} as from read_parquet('{rows}/*.parquet')")


def _named(sql: str) -> str:
    """Tables as Spark names them."""
    return _IN_DUCKDB.sub(r"\1.\2", sql)
