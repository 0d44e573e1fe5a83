"""What stands on a reviewer's line: both sides' identifiers, as received and normalised, and the dates.

Belongs here: reading and writing out the values of pairs. Not here: which pairs, and how a sheet looks (`workbook.py`).

Everything is text as a person would type it, so that no spreadsheet program turns a value into another one.
"""

import re

import duckdb
import pandas as pd

from orchestration.linkage.records import accepted_records
from orchestration.storage import fingerprints

IDENTIFIERS = {
    "surname": "Surname",
    "forenames": "Forenames",
    "date_of_birth": "Date of birth",
    "pnc_id": "PNC identifier",
    "crn": "Case reference",
}
VIEWS = {
    "case_received": "case",
    "record_received": "record",
    "case": "case, normalised",
    "record": "record, normalised",
}
DATES = {"start_date": "Start date of the case", "record_date": "Date of the record", "days": "Days between"}
VALUES = [f"{side}_{identifier}" for identifier in IDENTIFIERS for side in VIEWS] + list(DATES)
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

_RECORDS = """
    select 'terminations' as source, record_id, sentence_date as own_date, {columns} from {terminations}
    union all
    select 'reoffending', record_id, index_date, {columns} from {reoffending}
"""


def identifiers_of(connection: duckdb.DuckDBPyConnection, pairs: pd.DataFrame) -> pd.DataFrame:
    """One row a pair in the order given: pair, source and `VALUES`, all text, empty where missing.

    `pairs`: pair, source, case_id, record_id.
    """
    columns = ", ".join(IDENTIFIERS)
    received = _RECORDS.format(
        columns=columns,
        terminations=accepted_records("terminations"),
        reoffending=accepted_records("reoffending"),
    )
    staged = _RECORDS.format(
        columns=columns, terminations="staging.staged_terminations", reoffending="staging.staged_reoffending"
    )
    sides = {"case_received": "inspections", "record_received": "received", "case": "cases", "record": "records"}
    values = ", ".join(
        f"cast({table}.{identifier} as varchar) as {side}_{identifier}"
        for identifier in IDENTIFIERS
        for side, table in sides.items()
    )
    connection.register("pairs_wanted", pairs[["pair", "source", "case_id", "record_id"]])
    try:
        frame = connection.execute(
            f"""
            select
                wanted.pair, wanted.source, {values},
                cast(inspections.start_date as varchar) as start_date,
                cast(received.own_date as varchar) as record_date,
                cast(received.own_date - inspections.start_date as varchar) as days
            from pairs_wanted as wanted
            inner join raw.parsed_inspections as inspections on wanted.case_id = inspections.case_id
            inner join staging.staged_inspections as cases on wanted.case_id = cases.case_id
            inner join ({received}) as received
                on wanted.source = received.source and wanted.record_id = received.record_id
            inner join ({staged}) as records
                on wanted.source = records.source and wanted.record_id = records.record_id
            """
        ).df()
    finally:
        connection.unregister("pairs_wanted")
    return frame.set_index("pair").loc[pairs["pair"]].reset_index().fillna("").astype(str)


def as_shown(text: str) -> str:
    """A value as a sheet can hold it: a question mark for each control character."""
    return _UNWRITABLE.sub("?", text)


def row_digest(contents: pd.DataFrame) -> list[str]:
    """A hash a pair over what stands on its line, by which a changed identifier is noticed."""
    return [digest(row) for row in contents[VALUES].itertuples(index=False)]


def digest(values: object) -> str:
    """Hash of a line's values as a sheet shows them, runs of blanks aside: programs change those in saving."""
    return fingerprints.of([" ".join(as_shown(str(value)).split()) for value in values])  # type: ignore[attr-defined]
