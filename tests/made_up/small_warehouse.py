"""A small linked warehouse of made-up people, for Splink to be trained on in a second.

Belongs here: drawing it. People have two records each; every tenth case has a slip in one identifier.
"""

import datetime
import random
from pathlib import Path

import duckdb
import pandas as pd

N_CASES, N_PEOPLE = 240, 700
OWN_DATE = {"terminations": "sentence_date", "reoffending": "index_date"}
START = datetime.date(2019, 5, 1)
FIRST = ("ANNA", "BORIS", "CLARA", "DAVID", "ELENA", "FELIX", "GRETA", "HUGO", "IRENE", "JAKOB", "KAREN", "LUKAS")
LAST = tuple(
    a + b for a in ("AL", "BER", "COR", "DUN", "EST", "FAR", "GOS", "HOL") for b in ("LEY", "TON", "WICK", "FORD")
)
SECRET = "ZEBEDEEQUIRKE"


def person(rng: random.Random, number: int) -> dict:
    """The normalised identifiers of somebody."""
    return {
        "pnc_id": f"2001/{number:07d}A",
        "crn": f"X{number:06d}",
        "date_of_birth": datetime.date(1960, 1, 1) + datetime.timedelta(days=rng.randrange(15000)),
        "surname": SECRET if number == 0 else rng.choice(LAST),
        "forenames": (first := rng.choice(FIRST)),
        "first_forename": first,
    }


def small_warehouse(path: Path, seed: int = 1) -> Path:
    """Write the tables of the linkage that the second opinion reads, the same rows for both sources.

    Our links are the truth, but every 40th case is left out.
    """
    tables: dict[str, list[dict]] = {}
    for source, own_date in OWN_DATE.items():
        made = _tables(random.Random(seed))
        records = made.pop("records")
        for name, rows in made.items():
            tables.setdefault(f"linkage.{name}", []).extend({"source": source, **row} for row in rows)
        tables[f"staging.staged_{source}"] = [_without(row, "record_date") for row in records]
        tables[f"raw.parsed_{source}"] = [
            {"record_id": row["record_id"], own_date: row["record_date"]} for row in records
        ]
    _write(path, tables)
    return path


def _tables(rng: random.Random) -> dict[str, list[dict]]:
    people = [person(rng, number) for number in range(N_PEOPLE)]
    cases = [{"case_id": f"c{n:03d}", "start_date": START, **people[n]} for n in range(N_CASES)]
    for n in range(0, N_CASES, 10):
        cases[n] = cases[n] | {rng.choice(("pnc_id", "crn", "date_of_birth", "surname")): None}
    for n in range(5, N_CASES, 25):
        cases[n] = cases[n] | {"surname": people[n]["first_forename"], "first_forename": people[n]["surname"]}
    records = [
        {"record_id": f"r{n:04d}{k}", "record_date": START + datetime.timedelta(days), **people[n]}
        for n in range(N_PEOPLE)
        for k, days in enumerate((n % 8, 100))
    ]
    ours = [n for n in range(N_CASES) if n % 40 != 39]
    statuses = ["matched" if n in ours else "no_person" for n in range(N_CASES)]
    return {
        "eligible_cases": cases,
        "records": records,
        "decisions": [{"case_id": f"c{n:03d}", "status": status} for n, status in enumerate(statuses)],
        "decided_records": [
            {"case_id": f"c{n:03d}", "record_id": f"r{n:04d}0", "rule": "pnc", "record_order": 1} for n in ours
        ],
    }


def _without(row: dict, column: str) -> dict:
    return {name: value for name, value in row.items() if name != column}


def _write(path: Path, tables: dict[str, list[dict]]) -> None:
    with duckdb.connect(str(path)) as con:
        for schema in ("linkage", "staging", "raw"):
            con.execute(f"create schema {schema}")
        for name, rows in tables.items():
            con.register("frame", pd.DataFrame(rows))
            dates = [column for column in rows[0] if "date" in column]
            typed = ", ".join(f"try_cast({column} as date) as {column}" for column in dates)
            con.execute(f"create table {name} as select * {f'replace ({typed})' if dates else ''} from frame")
            con.unregister("frame")
