"""The suite of offences: rules between the columns of a result, and what the measure needs of the extract.

Belongs here: cross-field rules of this source, codes and results that no reference table knows, people without an index
event. Not here: rules on one column (`contract_rules`), the measure (`dbt_project/models/staging/offences`).
"""

from typing import Any

import pandas as pd

from expectations.contract_rules import CORRECT_ROWS, born_before, bounded_frame, column_rules, in_order
from expectations.coverage import coverage
from expectations.runner import Checked, about, check, file_places
from expectations.source_gate import SourceContext, SourceGate
from orchestration.ingest.extracts import SourceExtract
from orchestration.settings import CODES_DIR, Parameters
from orchestration.tables.contract import OFFENCES

CLASS_LENGTH = 3  # a Home Office code begins with its class


def offences_frame(extract: SourceExtract) -> pd.DataFrame:
    """`bounded_frame` with, by row: delivered_date (today where the file's name has no day),
    and the row's id in unknown_code and unknown_disposal where the reference tables do not know them, and in
    undated_proof where a proof has no day."""
    parsed = extract.parsed
    days = dict(zip(extract.deliveries["delivery"], extract.deliveries["delivered_date"], strict=True))
    codes = _known("offence_codes.csv").index
    code = parsed["offence_code"].str.strip().str.upper()
    is_known = code.isin(codes) | code.str[:CLASS_LENGTH].isin(codes)
    proves = _proves(parsed)
    delivered = pd.to_datetime(parsed["file"].map(days)).astype("datetime64[us]")
    return bounded_frame(OFFENCES, parsed).assign(
        delivered_date=delivered.fillna(pd.Timestamp.now().normalize()),
        unknown_code=parsed["record_id"].where(~is_known),
        unknown_disposal=parsed["record_id"].where(proves.isna()),
        undated_proof=parsed["record_id"].where(proves.eq("true") & parsed["disposal_date"].isna()),
    )


def _proves(rows: pd.DataFrame) -> pd.Series:
    """`true` or `false` by row: whether its result proves the offence; missing where no table knows the result."""
    result = rows["disposal"].str.strip().str.lower().str.replace(r"[ -]+", "_", regex=True)
    return result.map(_known("disposals.csv")["is_proven"])


def _known(table: str) -> pd.DataFrame:
    """The rows of a reference table by their code, the first column."""
    return pd.read_csv(CODES_DIR / table, dtype=str, index_col=0).drop(index="unknown")


def offences_suite() -> list[Any]:
    """Expectations on `offences_frame`."""
    return [
        *column_rules(OFFENCES),
        _ordered("disposal_after_offence", "disposal_date", "offence_date", "disposal_date lies before offence_date"),
        *(
            _ordered(f"{name}_before_delivery", "delivered_date", name, f"{name} lies after the extract's end", name)
            for name in ("offence_date", "disposal_date", "index_date")
        ),
        _kept(
            "offence_ends_after_it_began",
            ("offence_end_date", "offence_date"),
            "The row is kept and counts by its offence_date; look whether the two are exchanged.",
        ),
        _kept(
            "offence_led_to_index_date",
            ("index_date", "offence_date"),
            "The row is kept and index_date counts; look which of the two is wrong.",
        ),
        _proof_has_its_day(),
        _known_to("offence_codes.csv", "unknown_code", "offence_code"),
        _known_to("disposals.csv", "unknown_disposal", "disposal"),
        *born_before(OFFENCES),
    ]


def _ordered(name: str, later: str, earlier: str, problem: str, at_fault: str = "") -> Any:
    column = at_fault or later
    return in_order(later, earlier, about(name, column, problem, CORRECT_ROWS, rejects=True))


def _kept(name: str, order: tuple[str, str], remedy: str) -> Any:
    later, earlier = order
    return in_order(later, earlier, about(name, later, f"{later} lies before {earlier}", remedy, warns=True))


def _proof_has_its_day() -> Any:
    import great_expectations.expectations as gxe

    words = about(
        "proof_has_its_day",
        "disposal_date",
        "disposal proves the offence but has no disposal_date, so that it cannot be in time: it does not count",
        "Have the day of the result filled.",
        warns=True,
    )
    return gxe.ExpectColumnValuesToBeNull(column="undated_proof", meta=words)


def _known_to(table: str, column: str, subject: str) -> Any:
    import great_expectations.expectations as gxe

    words = about(
        f"{subject}_known",
        subject,
        f"{table} does not have the {subject}, or the row has none; it counts as the table's row 'unknown' says",
        f"Add it to dbt_project/seeds/codes/{table} with what it counts as.",
        warns=True,
    )
    return gxe.ExpectColumnValuesToBeNull(column=column, meta=words)


def index_rules() -> list[Any]:
    """On `without_index`: offences must lead to index events and be proven, and each person should have an event."""
    import great_expectations.expectations as gxe

    never_proven = about(
        "offences_proven",
        "disposal, disposal_date",
        "no result proves an offence on a day, so that nobody could reoffend",
        "Look whether disposal and disposal_date are filled, and add the extract's own words to disposals.csv.",
    )
    none_at_all = about(
        "index_events_present",
        "index_date",
        "no offence leads to an index disposal or release, so that there is nothing to count from",
        "Have index_date filled for the offences behind each sentence or release.",
    )
    nobody = about(
        "person_has_index_event",
        "index_date",
        "rows are of people without an index event; their offences are counted for nobody",
        "Nothing needs to be done where the extract holds more people than were sentenced or released.",
        warns=True,
    )
    return [
        gxe.ExpectColumnValuesToNotBeNull(column="has_index_events", meta=none_at_all),
        gxe.ExpectColumnValuesToNotBeNull(column="has_proofs", meta=never_proven),
        gxe.ExpectColumnValuesToBeNull(column="without_index", meta=nobody),
    ]


def without_index(accepted: pd.DataFrame) -> pd.DataFrame:
    """The accepted rows by place: has_index_events and has_proofs (1; missing where no row has any), and in
    without_index the id of each row whose person, by the PNC identifier as written or else by name and birthday, has no
    index event."""
    names = accepted["surname"].fillna("") + "|" + accepted["forenames"].fillna("")
    person = accepted["pnc_id"].fillna(names + "|" + accepted["date_of_birth"].astype(str)).str.upper().str.strip()
    has_index = accepted["index_date"].notna()
    is_proof = _proves(accepted).eq("true") & accepted["disposal_date"].notna()
    is_without = ~person.isin(set(person[has_index]))
    return accepted[["file", "line"]].assign(
        has_index_events=1.0 if has_index.any() else None,
        has_proofs=1.0 if is_proof.any() else None,
        without_index=accepted["record_id"].where(is_without),
    )


def _rows(extract: SourceExtract, _context: SourceContext) -> tuple[pd.DataFrame, list[Any]]:
    return offences_frame(extract), offences_suite()


def _whole(
    accepted: pd.DataFrame, extract: SourceExtract, parameters: Parameters, context: SourceContext
) -> list[Checked]:
    starts = context.cases(OFFENCES.name)["start_date"]
    people = check(OFFENCES.name, without_index(accepted), index_rules(), file_places)
    return people + coverage(OFFENCES, accepted, extract.deliveries, starts, parameters)


GATE = SourceGate(_rows, _whole)
