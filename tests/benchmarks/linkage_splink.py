"""Splink's deterministic_link on cleaned cases and records, with the rules of the reference table.

Belongs here: Splink. Not here: cleaning, timing of ours, or the comparison.
"""

import csv
import logging

import duckdb

from orchestration.settings import CODES_DIR
from tests.benchmarks.linkage_data import stopwatch

COLUMNS = {"pnc": "pnc_id", "dob": "date_of_birth"}  # of a field where its column has another name
NEAR = {"near_surname": "surname", "near_forename": "first_forename"}
OURS_ALONE = {"nickname", "name_words"}  # of tables and lists that Splink is not given
SWAPPED = "(l.surname = r.first_forename and l.first_forename = r.surname)"
WINDOW_DAYS = 7
WITHIN = f"abs(record_date - start_date) <= {WINDOW_DAYS}"
DAY = {"terminations": "sentence_date", "reoffending": "index_date"}


def blocking_rules() -> list[str]:
    """Every rule that Splink is given, as a condition on the two rows `l` and `r`, in rank order."""
    return [" and ".join(map(_condition, fields)) for fields in rules_given().values()]


def rules_given() -> dict[str, list[str]]:
    """The used match rules of fields that Splink is given, in rank order: rule -> its fields."""
    with (CODES_DIR / "match_rules.csv").open(encoding="utf-8", newline="") as table:
        rules = sorted(csv.DictReader(table), key=lambda rule: int(rule["rule_rank"]))
    used = {rule["rule"]: rule["fields"].split() for rule in rules if rule["is_used"] == "true"}
    return {rule: fields for rule, fields in used.items() if not OURS_ALONE & set(fields)}


def _condition(field: str) -> str:
    if field == "certain_dob":
        return "(month(l.date_of_birth) > 1 or day(l.date_of_birth) > 1)"
    if field == "swapped_names":
        return SWAPPED
    if field in NEAR:
        return _is_near(f"l.{NEAR[field]}", f"r.{NEAR[field]}")
    column = COLUMNS.get(field, field)
    return f"l.{column} = r.{column}"


def _is_near(one: str, other: str) -> str:
    """Two names that differ, by one typing fault or because one is the other cut short."""
    typing = f"greatest(length({one}), length({other})) >= 4 and damerau_levenshtein({one}, {other}) = 1"
    cut = " or ".join(f"(length({b}) >= 3 and starts_with({a}, {b}))" for a, b in ((one, other), (other, one)))
    return f"({one} <> {other} and (({typing}) or {cut}))"


def timed_links(connection: duckdb.DuckDBPyConnection, cases: str, records: str) -> tuple[tuple[float, float], str]:
    """Seconds by the clock and of CPU, and the table of pairs. `cases`, `records`: relations cleaned already."""
    import splink.comparison_library as comparisons
    from splink import DuckDBAPI, Linker, SettingsCreator

    logging.getLogger("splink").setLevel(logging.ERROR)
    columns = "pnc_id, crn, date_of_birth, surname, forenames, first_forename"
    connection.execute(f"create or replace view cases as select case_id as unique_id, {columns} from {cases}")
    connection.execute(f"create or replace view records as select record_id as unique_id, {columns} from {records}")
    with stopwatch() as spent:
        settings = SettingsCreator(
            link_type="link_only",
            blocking_rules_to_generate_predictions=blocking_rules(),
            comparisons=[comparisons.ExactMatch("pnc_id")],
        )
        database = DuckDBAPI(connection=connection)
        linker = Linker([database.register("cases"), database.register("records")], settings)
        links = linker.inference.deterministic_link()
    return spent(), links.physical_name


def keep_the_closest(connection: duckdb.DuckDBPyConnection, source: str, links: str) -> None:
    """Add the closest pair of each case inside the window, of the table `links`, to splink_closest."""
    connection.execute("create table if not exists splink_closest (source varchar, case_id varchar, record_id varchar)")
    connection.execute(f"""
        insert into splink_closest
        select source, case_id, record_id
        from (
            select '{source}' as source, unique_id_l as case_id, unique_id_r as record_id, cases.start_date,
                records.{DAY[source]} as record_date
            from {links} as links
            inner join linkage.eligible_cases as cases on cases.source = '{source}' and cases.case_id = unique_id_l
            inner join staging.staged_{source} as records on records.record_id = unique_id_r
        )
        where {WITHIN}
        qualify row_number() over (
            partition by case_id
            order by abs(record_date - start_date), record_date - start_date desc, record_id
        ) = 1
    """)
