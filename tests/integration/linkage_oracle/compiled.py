"""The dbt project's SQL, compiled once and run on DuckDB in memory.

Belongs here: compiling, loading rows and reference tables, running models and singular tests in order. Not
here: any expectation. Running dbt itself for each of thousands of data sets would take hours.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import duckdb
import pandas as pd

from orchestration.dbt.layers import read_project
from orchestration.dbt.targets import in_duckdb
from orchestration.settings import DBT_DIR
from orchestration.storage.tables import write_table
from orchestration.tables.probable_pairs import PROBABLE_PAIRS
from tests.conftest import settings_for
from tests.integration.linkage_oracle.oracle import Override, Row, Rule
from tests.integration.linkage_oracle.worlds import World

DATABASE = "warehouse"
IDENTIFIERS = ("crn", "pnc_id", "surname", "forenames", "date_of_birth")


@dataclass(frozen=True)
class Node:
    """A model, seed or singular test of the compiled project."""

    unique_id: str
    relation: str
    sql: str
    depends_on: tuple[str, ...]
    tags: tuple[str, ...]
    path: Path
    column_types: dict[str, str]
    materialized: str = "table"

    @property
    def kind(self) -> str:
        return self.unique_id.split(".")[0]

    @property
    def name(self) -> str:
        return self.unique_id.split(".")[2]

    @property
    def statement(self) -> str:
        """What builds the model anew, whatever was there: a view where the project keeps it as one, else a table."""
        kind = "view" if self.materialized == "view" else "table"
        return f"create or replace {kind} {self.relation} as {self.sql}"


class Project:
    """The compiled project: its nodes by id, models in an order that can be run."""

    def __init__(self, nodes: dict[str, Node]) -> None:
        self.nodes = nodes

    def seeds(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.kind == "seed"]

    def models(self, *layers: str) -> list[Node]:
        """Models of the layers, each after those it is built on."""
        wanted = {i for i, node in self.nodes.items() if node.kind == "model" and set(layers) & set(node.tags)}
        done: list[Node] = []
        while wanted:
            ready = sorted(i for i in wanted if not wanted & set(self.nodes[i].depends_on))
            done += [self.nodes[i] for i in ready]
            wanted -= set(ready)
        return done

    def resting_on(self, unique_id: str, *layers: str) -> list[Node]:
        """The node itself, if it is a model, and the models of the layers built on it, in an order that can be run."""
        reached = {unique_id}
        for model in self.models(*layers):
            if reached & set(model.depends_on):
                reached.add(model.unique_id)
        return [model for model in self.models(*layers) if model.unique_id in reached]

    def singular_test(self, name: str) -> Node:
        return self.nodes[f"test.probation_outcomes.{name}"]


def compile_project(folder: Path, match_window_days: int = 7, pnc_reference_year: int = 2021) -> Project:
    """Compile dbt_project into `folder` with the parameters given."""
    return compile_with(folder, {"match_window_days": match_window_days, "pnc_reference_year": pnc_reference_year})


def compile_with(folder: Path, variables: dict[str, object], blocks: Sequence[tuple] | None = None) -> Project:
    """Compile models, seeds and singular tests with these of the project's variables, the others at their defaults.

    `blocks`: rows of match_blocks, of which SQL is made as it is compiled; those of the project where not given.
    """
    manifest = _project_read(folder)
    _load_reference_tables(folder / f"{DATABASE}.duckdb", manifest, blocks)
    options = ["--vars", json.dumps(variables), "--exclude", "test_type:generic", "test_type:unit"]
    result = _invoke(folder, "compile", options, manifest)
    if not result.success:
        raise RuntimeError(f"the dbt project does not compile: {result.exception}")
    compiled = {r.node.unique_id: r.node for r in result.result.results}
    return Project({i: _node(compiled.get(i, node)) for i, node in manifest.nodes.items()})


def compile_for(folder: Path, engine: str) -> Project:
    """Compile dbt_project through the dialect macros of another engine, which need not be there: dbt stays connected to
    DuckDB, and its own macros, which say their namespace, stay those of DuckDB."""
    from dbt.context.providers import BaseDatabaseWrapper

    _project_read(folder)  # what is kept of it must not be read through other macros
    dispatch = BaseDatabaseWrapper.dispatch

    def to_engine(self: BaseDatabaseWrapper, name: str, macro_namespace: str | None = None):
        if macro_namespace:
            return dispatch(self, name, macro_namespace)
        found = (self._namespace.get_from_package(None, f"{prefix}__{name}") for prefix in (engine, "default"))
        return next(macro for macro in found if macro)

    with mock.patch.object(BaseDatabaseWrapper, "dispatch", to_engine):
        return compile_project(folder)


def _load_reference_tables(database: Path, manifest, blocks: Sequence[tuple] | None) -> None:
    con = duckdb.connect(str(database))
    con.execute("create schema if not exists reference")
    seeds = [_node(node) for node in manifest.nodes.values() if node.unique_id.endswith(".match_blocks")]
    for seed in seeds:
        _load_seed(con, seed)
    if blocks is not None:
        con.execute("delete from reference.match_blocks")
        con.executemany("insert into reference.match_blocks values (?, ?, ?, ?)", blocks)
    con.close()


def _project_read(folder: Path):
    settings = settings_for(folder)
    return read_project(settings, in_duckdb(settings))


def _invoke(folder: Path, command: str, options: list[str], manifest):
    from dbt.cli.main import dbtRunner

    os.environ["PROBATION_WAREHOUSE"] = str(folder / f"{DATABASE}.duckdb")
    os.environ["DO_NOT_TRACK"] = "1"
    places = ["--project-dir", DBT_DIR, "--profiles-dir", DBT_DIR, "--target-path", folder, "--log-path", folder]
    quiet = ["--quiet", "--no-version-check", "--log-level-file", "none"]
    return dbtRunner(manifest=manifest).invoke([command, *map(str, places), *options, *quiet])


def _node(node) -> Node:
    types = getattr(node.config, "column_types", None) or {}
    return Node(
        unique_id=node.unique_id,
        relation=node.relation_name or "",
        sql=getattr(node, "compiled_code", None) or "",
        depends_on=tuple(node.depends_on.nodes) if hasattr(node.depends_on, "nodes") else (),
        tags=tuple(node.tags),
        path=Path(DBT_DIR / node.original_file_path),
        column_types=dict(types),
        materialized=getattr(node.config, "materialized", ""),
    )


def open_warehouse(project: Project) -> duckdb.DuckDBPyConnection:
    """A warehouse in memory with the reference tables loaded."""
    con = duckdb.connect()
    con.execute(f"attach ':memory:' as {DATABASE}")
    con.execute(f"use {DATABASE}")
    for schema in ("raw", "staging", "linkage", "marts", "reference"):
        con.execute(f"create schema {schema}")
    for seed in project.seeds():
        _load_seed(con, seed)
    return con


def _load_seed(con: duckdb.DuckDBPyConnection, seed: Node) -> None:
    columns = ", ".join(f'"{name}" {kind}' for name, kind in seed.column_types.items())
    con.execute(f"create or replace table {seed.relation} ({columns})")
    con.execute(f"copy {seed.relation} from '{seed.path}' (format csv, header true)")


def load(con: duckdb.DuckDBPyConnection, worlds: list[World]) -> None:
    """Replace the parsed extracts with the rows of the worlds, in the order given."""
    _load(con, "inspections", "case_id", "start_date", [row for w in worlds for row in w.cases])
    _load(con, "terminations", "record_id", "sentence_date", [row for w in worlds for row in w.terminations])
    _load(con, "reoffending", "record_id", "index_date", [row for w in worlds for row in w.reoffending])
    _load(con, "offences", "record_id", "index_date", [])  # the other road: tests/integration/offence_oracle
    con.execute(
        "create or replace table linkage.case_keys as "
        "select case_id, sha256(case_id) as case_key from raw.parsed_inspections"
    )
    load_overrides(con, [])
    load_probable_pairs(con, [])


def load_probable_pairs(con: duckdb.DuckDBPyConnection, pairs: Sequence[tuple[str, str, str]]) -> None:
    """Replace the pairs that Splink holds probable: source, case_id, record_id."""
    given = pd.DataFrame(pairs, columns=["source", "case_id", "record_id"], dtype="str")
    write_table(con, PROBABLE_PAIRS, given.assign(probability=0.99))


def load_overrides(con: duckdb.DuckDBPyConnection, overrides: list[Override]) -> None:
    """Replace the reviewers' overrides."""
    con.execute(
        "create or replace table linkage.overrides (source varchar, case_id varchar, record_id varchar, "
        "decision varchar, reviewer varchar, reviewed_on date, reason varchar)"
    )
    given = pd.DataFrame(
        [vars(o) for o in overrides], columns=["source", "case_id", "record_id", "decision"], dtype="str"
    )
    con.register("overrides_given", given)
    con.execute("insert into linkage.overrides select *, 'R', date '2026-01-05', 'seen' from overrides_given")
    con.unregister("overrides_given")


def rule_row(rule: Rule) -> list[object]:
    """A rule as a row of match_rules, in use."""
    unless = "; ".join(" ".join(fields) for fields in rule.unless) or None
    return [rule.rank, rule.name, " ".join(rule.fields), rule.is_unique, unless, True, rule.tier]


SOURCE_COLUMNS = {
    "inspections": {"case_type": "varchar"},
    "terminations": {"termination_reason": "varchar", "termination_date": "date"},
    "reoffending": {"reoffended": "integer", "reoffences": "integer", "days_to_first_reoffence": "integer"},
    "offences": {
        "offence_reference": "varchar",
        "offence_date": "date",
        "offence_end_date": "date",
        "offence_code": "varchar",
        "disposal_date": "date",
        "disposal": "varchar",
        "country": "varchar",
    },
}


def _load(con: duckdb.DuckDBPyConnection, source: str, id_column: str, date_column: str, rows: list[Row]) -> None:
    own = SOURCE_COLUMNS[source]
    columns = {
        id_column: "varchar",
        **{name: "date" if name == "date_of_birth" else "varchar" for name in IDENTIFIERS},
        date_column: "date",
        **own,
        **(_judgement_columns() if source == "inspections" else {}),
        "file": "varchar",
        "line": "integer",
    }
    con.execute(f"create or replace table raw.parsed_{source} ({', '.join(f'{n} {t}' for n, t in columns.items())})")
    if not rows:
        return
    values = pd.DataFrame(
        {
            id_column: [row.id for row in rows],
            **{name: [getattr(row, name) for row in rows] for name in IDENTIFIERS},
            date_column: [row.own_date for row in rows],
            **{name: [getattr(row, name, None) for row in rows] for name in own},
            "line": range(2, len(rows) + 2),
        },
        dtype=object,
    )
    con.register("rows_given", values)
    names = ", ".join(values.columns)
    casts = ", ".join(f"try_cast({name} as {columns[name]})" for name in values.columns)
    con.execute(f"insert into raw.parsed_{source} ({names}) select {casts} from rows_given")
    con.unregister("rows_given")


def _judgement_columns() -> dict[str, str]:
    import yaml

    models = yaml.safe_load((DBT_DIR / "models" / "staging" / "inspections" / "staged_inspections.yml").read_text())
    columns = [column["name"] for column in models["models"][0]["columns"]]
    judgements = columns[columns.index("age") + 1 : columns.index("file")]
    whole_numbers = ("previous_sanctions", "ogrs_score")
    types = {name: "integer" if name in whole_numbers else "varchar" for name in judgements if name != "case_type"}
    return {"fieldwork_date": "date", **types}


def run(con: duckdb.DuckDBPyConnection, project: Project, *layers: str) -> None:
    """Build the models of the layers, views too as tables, so that a test can take rows out."""
    build(con, project.models(*layers))


def build(con: duckdb.DuckDBPyConnection, models: Sequence[Node]) -> None:
    """Build these models as tables, in the order given."""
    for model in models:
        con.execute(f"create or replace table {model.relation} as {model.sql}")
