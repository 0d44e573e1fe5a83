"""Why linkable cases of a population are missed: one cause each, from the truth.

Belongs here: the causes, in SQL, over a database in which cases are linked. Not here: drawing and linking
(`linkage_populations.py`).
"""

import duckdb

from tests.benchmarks.linkage_splink import DAY

WINDOW_DAYS = 7
# Of each missed case's true records in the window, what is said of the one that came furthest: the first that holds.
CAUSES = """
    case
        when decisions.status = 'ambiguous' then 'ambiguous'
        when decisions.status = 'matched' then 'somebody else was linked'
        when pairs.is_contradicted then 'contradiction guard'
        when has_number and coalesce(len(rule_ranks), 0) = 0 then 'corroboration guard'
        when has_conflict and names_agree and dob_agrees then 'veto: names and birthday agree'
        when has_conflict and n_agreeing >= 2 then 'veto: two of names and birthday agree'
        when has_conflict then 'veto: less agrees'
        when names_agree and dob_state = 'missing' then 'no number; birthday missing'
        when names_agree and is_near_dob then 'no number; birthday near'
        when names_agree then 'no number; birthday another'
        when dob_agrees and n_agreeing = 2 and has_missing_name then 'no number; a name missing'
        when dob_agrees and n_agreeing = 2 then 'no number; a name another'
        else 'no number; two or more of names and birthday'
    end
"""


def linkable_cases(connection: duckdb.DuckDBPyConnection, source: str, truth: str) -> int:
    """How many eligible cases have a true record inside the window; `truth` is a relation in SQL."""
    query = f"select count(distinct case_id) from ({_true_pairs(source, truth)})"
    return connection.execute(query).fetchall()[0][0]


def missed_by_cause(connection: duckdb.DuckDBPyConnection, source: str, stem: str, truth: str) -> list[tuple[str, int]]:
    """Cause and number of the linkable cases whose link is not true; `stem`: of the source's table of matches."""
    return connection.execute(f"""
with true_pairs as ({_true_pairs(source, truth)}),
linked as (
    select case_id from linkage.{stem}_matches inner join {truth} using (case_id, record_id)
),
described as (
    select
        case_id,
        record_id,
        coalesce(c.pnc_id <> r.pnc_id, false) as has_conflict,
        coalesce(c.pnc_id = r.pnc_id or c.crn = r.crn, false) or coalesce(c.crn = r.crn, false) as has_number,
        case when c.date_of_birth = r.date_of_birth then 'agrees' when c.date_of_birth <> r.date_of_birth then 'differs'
        else 'missing' end as dob_state,
        dob_state = 'agrees' as dob_agrees,
        dob_state = 'differs' and (
            hamming(c.date_of_birth::varchar, r.date_of_birth::varchar) = 1
            or (month(c.date_of_birth) = day(r.date_of_birth) and day(c.date_of_birth) = month(r.date_of_birth))
        ) as is_near_dob,
        coalesce(c.surname = r.surname, false)::integer as surname_agrees,
        coalesce(c.first_forename = r.first_forename, false)::integer as forename_agrees,
        surname_agrees + forename_agrees = 2 as names_agree,
        surname_agrees + forename_agrees + dob_agrees::integer as n_agreeing,
        c.surname is null or r.surname is null or c.first_forename is null or r.first_forename is null
        as has_missing_name
    from true_pairs
    inner join linkage.eligible_cases as c using (case_id)
    inner join staging.staged_{source} as r using (record_id)
    where c.source = '{source}' and case_id not in (select case_id from linked)
),
caused as (
    select
        described.case_id,
        {CAUSES} as cause,
        n_agreeing + 3 * has_number::integer - has_conflict::integer as came
    from described
    inner join linkage.decisions as decisions on described.case_id = decisions.case_id and decisions.source = '{source}'
    left join linkage.pair_agreements as pairs
        on described.case_id = pairs.case_id and described.record_id = pairs.record_id and pairs.source = '{source}'
)
select cause, count(*) from (select case_id, arg_max(cause, came) as cause from caused group by case_id)
group by cause order by 2 desc
""").fetchall()


def _true_pairs(source: str, truth: str) -> str:
    """Each eligible case with its true records inside the window."""
    return f"""
select cases.case_id, records.record_id
from linkage.eligible_cases as cases
inner join {truth} as truth using (case_id)
inner join (select record_id, {DAY[source]} as record_date from raw.parsed_{source}) as records
    on truth.record_id = records.record_id
where cases.source = '{source}' and abs(records.record_date - cases.start_date) <= {WINDOW_DAYS}
"""
