"""Seeking the records that can meet a case loses none: the links are those of cleaning every record.

The records of a dirty population are written in every way that cleaning undoes. Linked once as the pipeline does, and
once with every record of staging in the place of those sought, they give the same tables row for row.
"""

from dataclasses import replace

import pytest

from orchestration.synthetic.population.files import write_population
from orchestration.synthetic.population.size import PRESETS
from tests.benchmarks.linkage_data import DATES, IN_MEMORY, Files, open_linking

N_CASES, N_TERMINATIONS, N_REOFFENDING = 1_500, 3_000, 9_000
TABLES = (
    "candidate_pairs", "pair_agreements", "case_persons", "records_of_persons", "rule_steps", "decisions",
    "decided_records", "termination_matches", "reoffending_matches", "termination_outcomes", "reoffending_outcomes",
)  # fmt: skip
PNC_WRITTEN = (
    "pnc_id", "lower(pnc_id)", "replace(pnc_id, '/', '')", "' ' || pnc_id", "pnc_id || chr(160)",
    "replace(pnc_id, '/', ' / ')", "split_part(pnc_id, '/', 1) || '/' || ltrim(split_part(pnc_id, '/', 2), '0')",
    "right(split_part(pnc_id, '/', 1), 2) || '/' || split_part(pnc_id, '/', 2)",
    "right(split_part(pnc_id, '/', 1), 2) || ltrim(split_part(pnc_id, '/', 2), '0')", "replace(pnc_id, '/', chr(9))",
)  # fmt: skip
CRN_WRITTEN = ("crn", "lower(crn)", "' ' || crn || ' '", "left(crn, 3) || chr(160) || substr(crn, 4)")
NAME_WRITTEN = (
    "{0}", "upper({0})", "lower({0})", "'Mr ' || {0}", "'dr. Mrs ' || {0}", "'  ' || {0}",
    "translate({0}, 'aeo', 'áéö')", "left({0}, 3) || '''' || substr({0}, 4)", "replace({0}, ' ', '-')",
    "replace({0}, ' ', '   ')", "{0} || '.'",
)  # fmt: skip


REFERENCE_TABLES = {
    "as shipped": "select 1",
    "no block by PNC identifier": "delete from reference.match_blocks where block = 'pnc'",
    "no block by CRN": "delete from reference.match_blocks where block = 'crn'",
    "a guard that exempts other fields": (
        "update reference.match_guards set fields = 'dob surname' where guard = 'conflict_exempt'"
    ),
    "a block that cannot be sought": (
        "insert into reference.match_blocks values (9, 'names', 'surname forenames', true)"
    ),
    "a reviewer's links": (
        "insert into linkage.overrides "
        "select 'reoffending', case_id, record_id, 'must_link', 'R', '2026-01-05', 'seen' "
        "from (select case_id, row_number() over () as n from raw.parsed_inspections limit 400) "
        "inner join (select record_id, row_number() over () as n from raw.parsed_reoffending limit 400) using (n)"
    ),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dirty")
    population = replace(PRESETS["dirty"], n_cases=N_CASES, n_terminations=N_TERMINATIONS, n_reoffending=N_REOFFENDING)
    write_population(population, 7, folder / "landing", folder / "truth", "parquet")
    return Files(folder, N_TERMINATIONS + N_REOFFENDING)


@pytest.fixture
def extracts(project, files):
    """A warehouse with the extracts, the records rewritten at random."""
    con = open_linking(project, files, IN_MEMORY, {})
    for source in ("terminations", "reoffending"):
        con.execute(
            f"create table raw.rewritten as select * replace ({_at_random('pnc_id', PNC_WRITTEN)}, "
            f"{_at_random('crn', CRN_WRITTEN)}, {_at_random('surname', NAME_WRITTEN)}, "
            f"{_at_random('forenames', NAME_WRITTEN)}) from raw.parsed_{source}"
        )
        con.execute(f"drop view raw.parsed_{source}")
        con.execute(f"alter table raw.rewritten rename to parsed_{source}")
    yield con
    con.close()


def _at_random(column: str, ways: tuple[str, ...]) -> str:
    """One of the ways of writing the column, by the row's id; half of the rows stay as they are."""
    choices = " ".join(f"when {number} then {way.format(column)}" for number, way in enumerate(ways))
    return f"case hash('{column}', record_id) % {2 * len(ways)} {choices} else {column} end as {column}"


def _put_every_record(con) -> None:
    """Every record of staging in the place of those sought."""
    columns = "pnc_id, crn, date_of_birth, surname, forenames, first_forename"
    records = " union all ".join(
        f"select '{source}' as source, record_id, {day} as record_date, {columns} from staging.staged_{source}"
        for source, day in DATES.items()
    )
    con.execute(f"""
        create or replace table linkage.match_records as
        select *, coalesce(
            'pnc|' || pnc_id, 'crn|' || crn, 'name|' || surname || '|' || forenames || '|' || date_of_birth::varchar,
            'record|' || record_id
        ) as person_key, true as is_changed
        from ({records})
    """)


def _linked(con, models) -> dict[str, set]:
    for model in models:
        con.execute(model.statement)
    return {table: set(con.execute(f"select * from linkage.{table}").fetchall()) for table in TABLES}


@pytest.mark.parametrize("change", REFERENCE_TABLES.values(), ids=REFERENCE_TABLES)
def test_the_links_are_those_of_cleaning_every_record(project, extracts, change):
    extracts.execute(change)
    models = [m for m in project.models("staging", "linkage") if m.name != "explanations"]
    sought = _linked(extracts, models)
    n_sought = extracts.execute("select count(*) from linkage.match_records").fetchall()[0][0]
    _put_every_record(extracts)
    names = [model.name for model in models]
    of_all = _linked(extracts, [m for m in models if names.index(m.name) > names.index("match_records")])
    assert {table for table in TABLES if sought[table] != of_all[table]} == set()
    assert len(sought["decided_records"]) > N_CASES
    all_are_needed = "'names'" in change
    assert (n_sought == N_TERMINATIONS + N_REOFFENDING) == all_are_needed
