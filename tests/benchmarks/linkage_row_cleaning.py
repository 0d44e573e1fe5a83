"""Cleaning as it is usually written before Splink: one SQL statement a source, every row cleaned by itself.

No text is cleaned once for all the rows that bear it; every rule of our cleaning is an expression on the row. Only the
columns that linking needs are written. The benchmark counts the rows whose values differ from those of our cleaning.

Belongs here: that SQL, from the same reference tables. Not here: our own cleaning (the models), or timing.
"""

import csv

import duckdb

from orchestration.settings import CODES_DIR
from tests.benchmarks.linkage_data import DATES

OWN_DATES = DATES | {"inspections": "start_date"}
COLUMNS = "pnc_id, crn, date_of_birth, surname, forenames, first_forename"
REFERENCE_YEAR = 2021
CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"


def clean_row_by_row(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """Write `rows_<source>`: the id, the row's own date, and its identifiers normalised (COLUMNS)."""
    key, day = "case_id" if source == "inspections" else "record_id", OWN_DATES[source]
    kind = "case_type, " if source == "inspections" else ""
    connection.execute(f"""
        create or replace table rows_{source} as
        select {key}, {kind}{day},
            {_pnc_id()} as pnc_id,
            case when regexp_full_match(crn_written, '[A-Z][0-9]{{6}}') then crn_written end as crn,
            {_date_of_birth(day)} as date_of_birth,
            replace({_name("surname_letters")}, ' ', '') as surname,
            {_name("forenames_letters")} as forenames,
            split_part({_name("forenames_letters")}, ' ', 1) as first_forename
        from (
            select *, {_numbers()}
            from (
                select {key}, {kind}{day}, date_of_birth,
                    {_without_blanks("crn")} as crn_written,
                    {_without_blanks("pnc_id")} as pnc_written,
                    {_letters("surname")} as surname_letters,
                    {_letters("forenames")} as forenames_letters
                from raw.parsed_{source}
            )
        )
    """)


def count_differing_rows(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    """Rows of `rows_<source>` that staging does not hold in just these values, and the reverse."""
    key = "case_id" if source == "inspections" else "record_id"
    ours = f"select {key}, {COLUMNS} from staging.staged_{source}"
    theirs = f"select {key}, {COLUMNS} from rows_{source}"
    query = f"select (select count(*) from ({ours} except {theirs})) + (select count(*) from ({theirs} except {ours}))"
    return connection.execute(query).fetchall()[0][0]


def _rows(table: str) -> list[dict[str, str]]:
    with (CODES_DIR / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _without_blanks(column: str) -> str:
    return f"upper(regexp_replace({column}, '[\\x{{09}}-\\x{{0d}}\\x{{1c}}-\\x{{1f}}\\x{{85}}\\p{{Z}}]', '', 'g'))"


def _letters(column: str) -> str:
    """Folds, apostrophes, accents, capitals, other characters to one blank; markers and titles off."""
    folds = _rows("letter_folds")
    single = [fold for fold in folds if len(fold["replacement"]) == 1]
    sources, targets = ("".join(fold[name] for fold in single) for name in ("letter", "replacement"))
    written = f"translate({column}, '{sources}', '{targets}')"
    for fold in folds:
        if len(fold["replacement"]) != 1:
            written = f"replace({written}, '{fold['letter']}', '{fold['replacement']}')"
    marks = "".join(f"\\x{{{row['code_point'][2:]}}}" for row in _rows("apostrophes"))
    written = f"upper(strip_accents(regexp_replace({written}, '[{marks}]', '', 'g')))"
    written = f"trim(regexp_replace({written}, '[^A-Z]+', ' ', 'g'))"
    markers = "|".join(row["marker"] for row in _rows("name_markers"))
    titles = "|".join(row["title"] for row in _rows("titles"))
    titles_after = "|".join(row["title"] for row in _rows("titles") if row["is_also_a_name"] == "false")
    joining = "|".join(row["particle"] for row in _rows("name_particles") if row["joins_the_next_word"] == "true")
    for pattern, instead in (
        (f"^({markers}) ", ""),
        (f"( |^)(({titles_after})( |$))+$", ""),
        (f"^(({titles}) )+", ""),
    ):
        written = f"regexp_replace({written}, '{pattern}', '{instead}')"
    return f"regexp_replace({written}, '\\b({joining}) ', '\\1', 'g')"


def _name(letters: str) -> str:
    placeholders = ", ".join(f"'{row['placeholder']}'" for row in _rows("name_placeholders"))
    filled_in = f"regexp_full_match({letters}, '(X+|Z+)( (X+|Z+))*')"
    return f"case when {letters} not in ('', {placeholders}) and not {filled_in} then {letters} end"


def _numbers() -> str:
    """Year and serial as each of the readings has them, null where the text has not that form."""
    forms = {
        "slash": "^([0-9]{2}|[0-9]{4})/([0-9]{1,7})[A-Z]$",
        "short": "^([0-9]{2})([0-9]{1,7})[A-Z]$",
        "long": "^([0-9]{4})([0-9]{1,7})[A-Z]$",
    }
    columns = []
    for reading, form in forms.items():
        for number, (name, group) in enumerate((("year", 1), ("serial", 2))):
            digits = f"regexp_extract(pnc_written, '{form}', {group})"
            columns.append(f"try_cast(nullif({digits}, '') as integer) as {reading}_{name}")
            if number == 0:
                columns.append(f"length({digits}) as {reading}_digits")
    return ", ".join(columns)


def _pnc_id() -> str:
    """The canonical form where exactly one reading of the text has a possible year and the right check letter."""
    limits = {row["limit_name"]: row["limit_value"] for row in _rows("limits")}
    slash = _is_right("slash", limits["pnc_earliest_year"])
    short = _is_right("short", limits["pnc_earliest_year_without_slash"])
    long = _is_right("long", limits["pnc_earliest_year_without_slash"])
    return f"""
        case
            when {slash} then {_canonical("slash")}
            when {short} and not {long} then {_canonical("short")}
            when {long} and not {short} then {_canonical("long")}
        end"""


def _is_right(reading: str, earliest_year: str) -> str:
    year, serial = f"{reading}_year", f"{reading}_serial"
    letter = f"substr('{CHECK_LETTERS}', ((({year} % 100)::bigint * 10000000 + {serial}) % 23)::integer + 1, 1)"
    possible = f"({reading}_digits = 2 or {year} between {earliest_year} and {REFERENCE_YEAR})"
    return f"coalesce({serial} is not null and {possible} and right(pnc_written, 1) = {letter}, false)"


def _canonical(reading: str) -> str:
    year, serial, century = f"{reading}_year", f"{reading}_serial", REFERENCE_YEAR - REFERENCE_YEAR % 100
    whole = (
        f"case when {reading}_digits = 4 then {year} when {year} > {REFERENCE_YEAR % 100} "
        f"then {century - 100} + {year} else {century} + {year} end"
    )
    return f"case when {serial} > 0 then format('{{:04d}}/{{:07d}}{{}}', {whole}, {serial}, right(pnc_written, 1)) end"


def _date_of_birth(day: str) -> str:
    placeholders = ", ".join(f"date '{row['placeholder_date']}'" for row in _rows("date_placeholders"))
    years = next(row["limit_value"] for row in _rows("limits") if row["limit_name"] == "oldest_age_years")
    turned = f"(date_of_birth + to_years({years}))::date"
    leap = f"case when strftime(date_of_birth, '%m-%d') = '02-29' and day({turned}) = 28 then 1 else 0 end"
    return (
        f"case when date_of_birth not in ({placeholders}) and date_of_birth <= {day} "
        f"and {turned} + {leap} >= {day} then date_of_birth end"
    )
