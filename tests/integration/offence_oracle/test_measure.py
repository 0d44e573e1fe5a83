"""The measure in SQL against plain loops: every index event of thousands of made-up histories, in one build."""

import csv
import random

import pandas as pd
import pytest

from orchestration.linkage.explaining.words import VERDICTS
from orchestration.settings import CODES_DIR
from tests.integration.linkage_oracle import compiled
from tests.integration.offence_oracle.histories import draw_history, worked_by_hand
from tests.integration.offence_oracle.oracle import Choices, Kind, Result, measure

N_HISTORIES = 6_000
MEASURED = (
    "reoffended",
    "reoffences",
    "days_to_first_reoffence",
    "offence_groups",
    "most_severe_group",
    "severity_highest",
    "severity_total",
    "reoffences_quarter_1",
    "reoffences_quarter_2",
    "reoffences_quarter_3",
    "reoffences_quarter_4",
)
COLUMNS = {
    "record_id": "varchar", "crn": "varchar", "pnc_id": "varchar", "surname": "varchar", "forenames": "varchar",
    "date_of_birth": "date", "offence_reference": "varchar", "offence_date": "date", "offence_end_date": "date",
    "offence_code": "varchar", "disposal_date": "date", "disposal": "varchar", "country": "varchar",
    "index_date": "date", "file": "varchar", "line": "bigint",
}  # fmt: skip
VERDICTS_BY_HAND = {
    "counted": 2, "index_offence": 1, "pseudo_reconviction": 1, "not_a_reoffence": 1, "outside_england_and_wales": 1,
    "not_proven": 1, "overturned": 1, "proven_too_late": 1, "after_followup": 1,
}  # fmt: skip


def kinds() -> dict[str, Kind]:
    with open(CODES_DIR / "offence_codes.csv", encoding="utf-8") as file:
        return {
            row["offence_code"]: Kind(
                row["offence_group"], row["counts_as_reoffence"] == "true", int(row["severity_weight"])
            )
            for row in csv.DictReader(file)
        }


def measured_by_sql(project, histories: list[list[Result]]):
    """A warehouse in which the measure was made of these histories; each person has a surname, CRN and birthday."""
    con = compiled.open_warehouse(project)
    compiled.load(con, [])
    rows = [
        {
            "record_id": row.record_id, "crn": None, "pnc_id": None, "surname": f"Q{row.person}", "forenames": "Ann",
            "date_of_birth": "1980-05-05", "offence_reference": row.reference, "offence_date": row.offence_date,
            "offence_end_date": row.end_date, "offence_code": row.code, "disposal_date": row.disposal_date,
            "disposal": row.disposal, "country": row.country, "index_date": row.index_date,
        }
        for history in histories for row in history
    ]  # fmt: skip
    for row in rows:  # digits are no letters of a name
        row["surname"] = row["surname"].translate(str.maketrans("0123456789", "abcdefghij"))
    load_offences(con, pd.DataFrame(rows, dtype=object))
    compiled.run(con, project, "staging")
    return con


def load_offences(con, rows: pd.DataFrame) -> None:
    """Put rows (columns of the data contract) into raw.parsed_offences."""
    con.register("given", rows.assign(file="f", line=2))
    names = ", ".join(COLUMNS)
    casts = ", ".join(f"try_cast({name} as {kind}) as {name}" for name, kind in COLUMNS.items())
    con.execute(f"insert into raw.parsed_offences ({names}) select {casts} from given")


def found(con) -> dict[str, tuple]:
    rows = con.execute(f"select record_id, {', '.join(MEASURED)} from staging.measured_reoffending").fetchall()
    return {record_id: tuple(values) for record_id, *values in rows}


@pytest.mark.parametrize(
    "choices",
    [Choices(), Choices(followup_months=24, waiting_months=9, first_day=1)],
    ids=["bulletin", "longer"],
)
def test_sql_and_loops_agree_on_every_history(tmp_path_factory, choices):
    variables = {
        "followup_months": choices.followup_months,
        "waiting_months": choices.waiting_months,
        "followup_first_day": choices.first_day,
    }
    project = compiled.compile_with(tmp_path_factory.mktemp("dbt"), variables)
    histories = [draw_history(random.Random(number), number) for number in range(N_HISTORIES)]
    known = kinds()
    expected = {name: values for rows in histories for name, values in measure(rows, known, choices).items()}
    con = measured_by_sql(project, histories)
    got = found(con)
    assert got.keys() == expected.keys()
    wrong = {name: (expected[name], got[name]) for name in expected if expected[name] != got[name]}
    assert not wrong, f"{len(wrong)} of {len(expected)}, first {next(iter(wrong.items()))}"
    # a comparison in which nothing happens would prove nothing
    assert 0.2 < sum(values[0] for values in expected.values()) / len(expected) < 0.9
    seen = {verdict for (verdict,) in con.execute("select distinct verdict from staging.offence_verdicts").fetchall()}
    assert seen == VERDICTS.keys()  # each has words in an explanation


def test_the_history_of_the_docs(tmp_path):
    rows, expected = worked_by_hand()
    assert measure(rows, kinds(), Choices()) == expected
    con = measured_by_sql(compiled.compile_project(tmp_path), [rows])
    assert found(con) == expected
    verdicts = con.execute("select verdict, count(*) from staging.offence_verdicts group by all").fetchall()
    assert dict(verdicts) == VERDICTS_BY_HAND
    staged = con.execute("select reoffended, reoffences, days_to_first_reoffence from staging.staged_reoffending")
    assert staged.fetchall() == [(1, 2, 115)]
