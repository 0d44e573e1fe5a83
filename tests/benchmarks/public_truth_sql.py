"""Public data through the project's own models: cleaned names, match fields, candidate pairs, agreements, verdicts.

Belongs here: loading it in the place of the extracts and running the models as dbt compiles them. Not here: rules
(`public_truth_rules.py`), counting (`public_truth.py`). Every row bears one date, so that no window comes into play.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from tests.benchmarks.public_truth_data import DataSet, Pair
from tests.benchmarks.public_truth_rules import Configuration, reference_rows
from tests.integration.linkage_oracle import compiled
from tests.integration.linkage_oracle.oracle import Row
from tests.integration.linkage_oracle.worlds import World

SOURCE = "reoffending"  # every case is linked to this source, whatever its kind
ONE_DAY = datetime.date(2021, 1, 1)
LAST_MODEL = "pair_agreements"


@dataclass(frozen=True)
class Found:
    """Pairs compared because they share a block, pairs that satisfy a rule, of each pair its best rule, and the rows.

    `left` and `right`: the columns of eligible_cases and match_records, as normalised, with the further fields.
    """

    compared: frozenset[Pair]
    linked: frozenset[Pair]
    best_rule: dict[Pair, str]
    left: pd.DataFrame
    right: pd.DataFrame


def compile_for(folder: Path, configuration: Configuration) -> compiled.Project:
    """The dbt project compiled with the configuration's fields among those that are compared, and with its blocks."""
    variables = {"more_match_fields": list(configuration.more_fields), "pnc_reference_year": ONE_DAY.year}
    return compiled.compile_with(folder, variables, reference_rows(configuration).get("match_blocks"))


def link(project: compiled.Project, data: DataSet, configuration: Configuration) -> Found:
    """Run the models on a data set. A pair of one file is kept once, the smaller rec_id first."""
    con = compiled.open_warehouse(project)
    try:
        _configure(con, configuration)
        numbers = coded_numbers(data)
        compiled.load(con, [World(rows_of(data.left, numbers), [], rows_of(data.right, numbers))])
        compiled.run(con, project, "staging")
        for model in _models(project):
            con.execute(model.statement)
            if configuration.more_fields and model.name in ("eligible_cases", "match_records"):
                frame = data.left if model.name == "eligible_cases" else data.right
                _add_fields(con, model.relation, frame, configuration.more_fields)
        return _found(con, data.is_deduplication)
    finally:
        con.close()


def _configure(con: duckdb.DuckDBPyConnection, configuration: Configuration) -> None:
    for table, rows in reference_rows(configuration).items():
        if table != "match_fields":
            con.execute(f"delete from reference.{table}")
        marks = ", ".join("?" for _ in rows[0])
        con.executemany(f"insert into reference.{table} values ({marks})", rows)
    if not configuration.is_guarded:
        con.execute("delete from reference.match_guards where guard like 'contradicted%'")
        # every row bears one date: something then always agrees
        con.execute(
            "update reference.match_guards set fields = fields || ' same_day' where guard = 'contradiction_agreeing'"
        )
        con.execute("update reference.match_rules set unless_differing = null")


def coded_numbers(data: DataSet) -> dict[str, str]:
    """Number -> a case reference number of its own, so that numbers agree where they are the same."""
    numbers = sorted({number for frame in (data.left, data.right) for number in frame["number"] if number})
    return {number: f"A{code:06d}" for code, number in enumerate(numbers)}


def rows_of(frame: pd.DataFrame, numbers: dict[str, str]) -> list[Row]:
    """The rows of a data set as those of an extract: the number, coded, is the case reference number."""
    columns = ("rec_id", "surname", "forenames", "date_of_birth", "number")
    return [
        Row(rec_id, ONE_DAY, crn=numbers.get(number), surname=surname, forenames=forenames, date_of_birth=born)
        for rec_id, surname, forenames, born, number in zip(*(frame[c] for c in columns), strict=True)
    ]


def _models(project: compiled.Project) -> list[compiled.Node]:
    """The models up to the last one wanted, each after those it is built on."""
    linkage = project.models("linkage")
    wanted = {node.unique_id for node in linkage if node.name == LAST_MODEL}
    for node in reversed(linkage):
        if node.unique_id in wanted:
            wanted |= set(node.depends_on)
    return [node for node in linkage if node.unique_id in wanted]


def _add_fields(con: duckdb.DuckDBPyConnection, relation: str, frame: pd.DataFrame, fields: tuple[str, ...]) -> None:
    key = "case_id" if relation.strip('"').endswith("eligible_cases") else "record_id"
    con.register("more_fields", frame[["rec_id", *fields]].rename(columns={"rec_id": key}))
    names = ", ".join(f"try_cast(more.{field} as varchar) as {field}" for field in fields)
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
    left = con.execute(f"select * from linkage.eligible_cases where source = '{SOURCE}' order by case_id").df()
    right = con.execute(f"select * from linkage.match_records where source = '{SOURCE}' order by record_id").df()
    return Found(frozenset(compared), frozenset(best), best, left, right)
