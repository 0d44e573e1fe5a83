"""The records a reviewer is shown with a case: those the linkage looked at, and those looser comparisons find.

Belongs here: finding records near a case. Not here: which cases are drawn and how pairs are laid out.

A reviewer who saw only the pairs of the linkage's own blocks could never find a link lost to blocking, and recall
would come out too high. The looser comparisons share no field with each other that must be right in all of them.
"""

import duckdb
import pandas as pd

from orchestration.tables.contract import REOFFENDING, TERMINATIONS

MOST_SHOWN = 5  # records a case
OUTSIDE_SHOWN = 1
# Equalities any of which is enough, inside the window. Received text finds identifiers that the cleaning refused.
LOOSER = {
    "same date of birth": "cases.date_of_birth = records.date_of_birth",
    "same surname and first initial": """
        cases.surname = records.surname and left(cases.first_forename, 1) = left(records.first_forename, 1)""",
    "same surname and year of birth": """
        cases.surname = records.surname and year(cases.date_of_birth) = year(records.date_of_birth)""",
    "same first forename, month and year of birth": """
        cases.first_forename = records.first_forename
        and date_trunc('month', cases.date_of_birth) = date_trunc('month', records.date_of_birth)""",
    "one surname is the other's first forename, same year of birth": """
        cases.surname = records.first_forename and year(cases.date_of_birth) = year(records.date_of_birth)""",
    "same PNC identifier as received": "cases.pnc_text = records.pnc_text",
    "same case reference number as received": "cases.crn_text = records.crn_text",
}
_TEXTS = ", ".join(
    f"nullif(upper(regexp_replace({column}, '[^A-Za-z0-9]', '', 'g')), '') as {name}"
    for column, name in (("pnc_id", "pnc_text"), ("crn", "crn_text"))
)
_AGREEING = " + ".join(
    f"coalesce((cases.{field} = records.{field})::integer, 0)"
    for field in ("pnc_id", "crn", "date_of_birth", "surname", "forenames", "first_forename")
)
COLUMNS = ["source", "case_id", "record_id", "date_difference_days", "is_in_window", "is_linked", "is_compared"]


def records_near(connection: duckdb.DuckDBPyConnection, cases: pd.DataFrame, window: int) -> pd.DataFrame:
    """One row a case and record worth showing: `COLUMNS` and n_agreeing, the number of fields that agree.

    `cases`: source, case_id, record_id (the linked one or null). In the window: every record that shares a block with
    the case or is found by `LOOSER`. Outside: those the linkage looked at and did not contradict. `is_compared`:
    whether the linkage looked at it.
    """
    connection.register("cases_wanted", cases[["source", "case_id", "record_id"]])
    try:
        connection.execute(f"create or replace temp table cases_near as {_CASES}")
        connection.execute(f"create temp table if not exists records_received as {_RECORDS}")
        query = " union ".join(
            f"""select cases.source, cases.case_id, records.record_id, false as is_compared
                from cases_near as cases inner join records_received as records
                on cases.source = records.source and {condition}
                where abs(records.record_date - cases.start_date) <= {int(window)}"""
            for condition in LOOSER.values()
        )
        return connection.execute(_JOINED.format(loose=query, window=int(window))).df()
    finally:
        connection.unregister("cases_wanted")


def shown(pairs: pd.DataFrame) -> pd.DataFrame:
    """The records shown of each case: the linked one, then the most alike in the window; outside it only without any.

    At most `MOST_SHOWN` a case; the linked record is always among them.
    """
    order = ["is_linked", "is_in_window", "n_agreeing", "distance", "record_id"]
    ranked = pairs.assign(distance=pairs["date_difference_days"].abs()).sort_values(
        ["source", "case_id", *order], ascending=[True, True, False, False, False, True, True], kind="stable"
    )
    by_case = ranked.groupby(["source", "case_id"], sort=False)
    place = by_case.cumcount()
    has_any_in_window = by_case["is_in_window"].transform("any")
    inside = ranked["is_in_window"] & (place < MOST_SHOWN)
    outside = ~has_any_in_window & (place < OUTSIDE_SHOWN)
    return ranked.loc[inside | outside | ranked["is_linked"], COLUMNS].reset_index(drop=True)


_CASES = f"""
    select eligible.*, wanted.record_id as linked_record_id, received.pnc_text, received.crn_text
    from linkage.eligible_cases as eligible
    inner join cases_wanted as wanted on eligible.source = wanted.source and eligible.case_id = wanted.case_id
    inner join (select case_id, {_TEXTS} from raw.parsed_inspections) as received on eligible.case_id = received.case_id
"""
# All records, as received and normalised: those that share no block with any case are what is looked for.
_RECORDS = " union all ".join(
    f"""
    select
        '{source}' as source, records.record_id, records.{own_date} as record_date, records.pnc_id, records.crn,
        records.date_of_birth, records.surname, records.forenames, records.first_forename,
        received.pnc_text, received.crn_text
    from staging.staged_{source} as records
    inner join (select record_id, {_TEXTS} from raw.parsed_{source}) as received
        on records.record_id = received.record_id
    """
    for source, own_date in ((source.name, source.date_column) for source in (TERMINATIONS, REOFFENDING))
)
_JOINED = f"""
    with found as (
        select source, case_id, record_id, bool_or(is_compared) as is_compared
        from (
            select explanations.source, explanations.case_id, explanations.record_id, true as is_compared
            from linkage.explanations as explanations
            inner join cases_near using (source, case_id)
            where explanations.record_id is not null
                and (explanations.is_in_window or not explanations.is_contradicted)
            union all
            {{loose}}
        )
        group by all
    )
    select
        found.source, found.case_id, found.record_id,
        (records.record_date - cases.start_date)::integer as date_difference_days,
        abs(records.record_date - cases.start_date) <= {{window}} as is_in_window,
        coalesce(found.record_id = cases.linked_record_id, false) as is_linked,
        found.is_compared,
        {_AGREEING} as n_agreeing
    from found
    inner join cases_near as cases on found.source = cases.source and found.case_id = cases.case_id
    inner join records_received as records
        on found.source = records.source and found.record_id = records.record_id
    order by found.source, found.case_id, found.record_id
"""
