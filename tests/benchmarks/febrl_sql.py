"""FEBRL through the project's own models: cleaned names, match fields, candidate pairs, agreements, rule verdicts.

Belongs here: loading FEBRL in the place of the extracts and running the models as dbt compiles them. Not here: rules
(`febrl_rules.py`), counting (`febrl.py`). Every row bears one date, so that no window and no age comes into play.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from tests.benchmarks.febrl_data import MORE_FIELDS, DataSet, Pair
from tests.benchmarks.febrl_rules import Configuration, reference_rows
from tests.integration.linkage_oracle import compiled
from tests.integration.linkage_oracle.oracle import Row
from tests.integration.linkage_oracle.worlds import World

SOURCE = "reoffending"  # every case is linked to this source, whatever its kind
ONE_DAY = datetime.date(2021, 1, 1)
LAST_MODEL = "pair_agreements"


@dataclass(frozen=True)
class Found:
    """Pairs compared because they share a block, pairs that satisfy a rule, of each pair its best rule, and the rows.

    `left` and `right`: the columns of eligible_cases and match_records with MORE_FIELDS, as normalised.
    """

    compared: frozenset[Pair]
    linked: frozenset[Pair]
    best_rule: dict[Pair, str]
    left: pd.DataFrame
    right: pd.DataFrame


def compile_for_febrl(folder: Path, configuration: Configuration) -> compiled.Project:
    """The dbt project compiled with FEBRL's fields among those that are compared, and the configuration's blocks."""
    variables = {"more_match_fields": list(MORE_FIELDS), "pnc_reference_year": ONE_DAY.year}
    return compiled.compile_with(folder, variables, reference_rows(configuration)["match_blocks"])


def link(project: compiled.Project, data: DataSet, configuration: Configuration) -> Found:
    """Run the models on a FEBRL data set. A pair of one file is kept once, the smaller rec_id first."""
    con = compiled.open_warehouse(project)
    try:
        _configure(con, configuration)
        compiled.load(con, [World(_rows(data.left), [], _rows(data.right))])
        compiled.run(con, project, "staging")
        for model in _models(project):
            con.execute(model.statement)
            if model.name in ("eligible_cases", "match_records"):
                _add_fields(con, model.relation, data.left if model.name == "eligible_cases" else data.right)
        return _found(con, data.is_deduplication)
    finally:
        con.close()


def _configure(con: duckdb.DuckDBPyConnection, configuration: Configuration) -> None:
    for table, rows in reference_rows(configuration).items():
        if table != "match_fields":
            con.execute(f"delete from reference.{table}")
        marks = ", ".join("?" for _ in rows[0])
        con.executemany(f"insert into reference.{table} values ({marks})", rows)


def _rows(frame: pd.DataFrame) -> list[Row]:
    columns = ("rec_id", "surname", "given_name", "date_of_birth")
    return [
        Row(id=rec_id, own_date=ONE_DAY, surname=surname, forenames=given, date_of_birth=born)
        for rec_id, surname, given, born in zip(*(frame[c] for c in columns), strict=True)
    ]


def _models(project: compiled.Project) -> list[compiled.Node]:
    """The models up to the last one wanted, each after those it is built on."""
    linkage = project.models("linkage")
    wanted = {node.unique_id for node in linkage if node.name == LAST_MODEL}
    for node in reversed(linkage):
        if node.unique_id in wanted:
            wanted |= set(node.depends_on)
    return [node for node in linkage if node.unique_id in wanted]


def _add_fields(con: duckdb.DuckDBPyConnection, relation: str, frame: pd.DataFrame) -> None:
    key = "case_id" if relation.strip('"').endswith("eligible_cases") else "record_id"
    con.register("more_fields", frame[["rec_id", *MORE_FIELDS]].rename(columns={"rec_id": key}))
    names = ", ".join(f"try_cast(more.{field} as varchar) as {field}" for field in MORE_FIELDS)
    con.execute(f"create table more_rows as select * from {relation}")
    con.execute(f"drop {'table' if key == 'case_id' else 'view'} {relation}")
    con.execute(
        f"create table {relation} as select rows.*, {names} "
        f"from more_rows as rows left join more_fields as more on rows.{key} = more.{key} where source = '{SOURCE}'"
    )
    con.execute("drop table more_rows")
    con.unregister("more_fields")


def _found(con: duckdb.DuckDBPyConnection, is_deduplication: bool) -> Found:
    once = "and case_id < record_id" if is_deduplication else ""
    compared = con.execute(
        f"select case_id, record_id from linkage.candidate_pairs where block_rank is not null {once}"
    ).fetchall()
    accepted = con.execute(
        "select case_id, record_id, split_part(rules_satisfied, ' ', 1) from linkage.pair_agreements "
        f"where len(rule_ranks) > 0 {once}"
    ).fetchall()
    best = {(case, record): rule for case, record, rule in accepted}
    left = con.execute("select * from linkage.eligible_cases order by case_id").df()
    right = con.execute("select * from linkage.match_records order by record_id").df()
    return Found(frozenset(compared), frozenset(best), best, left, right)
