"""What the sensitivity study reads of the restricted schemas, as numbers.

Belongs here: SQL from linkage and staging to frames without names, identifiers or keys. Not here: any decision or
model (`methods/linkage`). Cases are numbered in the order of their case_id, as `cases` returns them.
"""

import duckdb
import numpy as np
import pandas as pd

from orchestration.methods.linkage.choices.deciding import FINDINGS, Reached, reached_records
from orchestration.methods.linkage.choices.false_links import Pool
from orchestration.storage.case_keys import read_cases

SOURCES = ("terminations", "reoffending")
LARGEST_POOL = 200_000

_CASE_NUMBERS = "select case_id, row_number() over (order by case_id) - 1 as case_number from linkage.case_keys"
_RECORD_FINDINGS = """
    select
        'terminations' as source, t.record_id, t.sentence_date as record_date,
        case r.termination_outcome when 'positive' then 1 when 'negative' then 0 end as termination,
        null as reoffended, null as reoffences, null as days_to_first_reoffence
    from raw.parsed_terminations as t
    left join reference.termination_reasons as r on t.termination_reason = r.termination_reason
    union all
    select 'reoffending', record_id, index_date, null, reoffended, reoffences, days_to_first_reoffence
    from staging.staged_reoffending
"""
# All records of the persons that any rule reached, not only those that satisfied it.
RECORDS_OF_PERSONS = (
    "select * from linkage.pair_agreements semi join linkage.persons_reached using (source, case_id, person_key)"
)
# Numbers in binary order of the ids: a tie goes to the smaller.
RECORD_NUMBERS = f"""
    select source, record_id, row_number() over (partition by source order by record_id) - 1 as record
    from (select distinct source, record_id from ({RECORDS_OF_PERSONS}))
"""
# A reviewer's links, applied ones only: they stand before every rule.
_OVERRIDES = (
    "select source, case_id, record_id, person_key, 0 as rule_rank from linkage.pair_agreements "
    "where override_decision = 'must_link'"
)
_STEM = {"terminations": "termination", "reoffending": "reoffending"}
_JOINT_FINDINGS = {
    "terminations": (
        "m.n_records_in_window as records_combined, f.termination, "
        "null as reoffended, null as reoffences, null as days_to_first_reoffence"
    ),
    "reoffending": ("m.records_combined, null as termination, m.reoffended, m.reoffences, m.days_to_first_reoffence"),
}
_DAY = "datediff('day', date '1970-01-01', {})"
_PERSON = (
    "(hash({}) >> 24)::bigint"  # 40 bits: two persons sharing a number is a one in a trillion matter of no consequence
)


def cases(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """marts.cases in the order in which cases are numbered."""
    return read_cases(connection)


def rules(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The match rules as the linkage read them: rule_rank, rule, is_unique, tier, tier_rank."""
    return connection.execute(
        "select rule_rank, rule, is_unique, tier, tier_rank from reference.match_rules "
        "inner join reference.match_tiers using (tier) where is_used order by rule_rank"
    ).df()


def eligible_cases(connection: duckdb.DuckDBPyConnection, source: str) -> np.ndarray:
    """The numbers of a source's eligible cases."""
    query = (
        f"select n.case_number from linkage.eligible_cases as e join ({_CASE_NUMBERS}) as n on e.case_id = n.case_id "
        "where e.source = ? order by 1"
    )
    return connection.execute(query, [source]).df()["case_number"].to_numpy(dtype=np.int64)


def reached(connection: duckdb.DuckDBPyConnection, source: str, n_cases: int) -> Reached:
    """The records, contradicted ones left out, that each rule reaches for each case, whatever their date."""
    rows = connection.execute(
        f"""
        select
            c.case_number as case, p.rule_rank, n.record, r.date_difference_days as days,
            case when r.pnc_id is not null then dense_rank() over (order by r.pnc_id) end as pnc,
            case when r.crn is not null then dense_rank() over (order by r.crn) end as crn,
            {_PERSON.format("r.person_key")} as person,
            case when r.name_key is not null then {_PERSON.format("r.name_key")} end as names,
            p.any_crn is not null as has_crn,
            o.person_key is not null as is_override,
            coalesce(o.person_key is not null and r.record_id = o.record_id, false) as is_forced,
            f.termination, f.reoffended, f.reoffences, f.days_to_first_reoffence
        from (select *, unnest(rule_ranks) as rule_rank from linkage.persons_reached) as p
        join linkage.pair_agreements as r
            on p.source = r.source and p.case_id = r.case_id and p.person_key = r.person_key
        left join ({_OVERRIDES}) as o
            on p.source = o.source and p.case_id = o.case_id and p.rule_rank = o.rule_rank
            and p.person_key = o.person_key
        join ({_CASE_NUMBERS}) as c on p.case_id = c.case_id
        join ({RECORD_NUMBERS}) as n on r.source = n.source and r.record_id = n.record_id
        join ({_RECORD_FINDINGS}) as f on r.source = f.source and r.record_id = f.record_id
        where p.source = ? and not r.is_contradicted
        """,
        [source],
    ).df()
    return reached_records(rows, n_cases)


def linked(connection: duckdb.DuckDBPyConnection, source: str) -> pd.DataFrame:
    """What the linkage itself decided, in the study's numbers; one row an eligible case, by case number."""
    return connection.execute(
        f"""
        select
            c.case_number as case, d.status, d.rule_rank, n.record, m.date_difference_days as days, m.is_tied,
            {_JOINT_FINDINGS[source]}
        from linkage.{_STEM[source]}_outcomes as d
        join ({_CASE_NUMBERS}) as c on d.case_id = c.case_id
        left join linkage.{_STEM[source]}_matches as m on d.case_id = m.case_id
        left join ({RECORD_NUMBERS}) as n on n.source = ? and m.record_id = n.record_id
        left join ({_RECORD_FINDINGS}) as f on f.source = ? and m.record_id = f.record_id
        order by 1
        """,
        [source, source],
    ).df()


def pool(connection: duckdb.DuckDBPyConnection, source: str, n_cases: int, window_days: int) -> Pool:
    """Records to link falsely to: those within the window of some case's start, at most `LARGEST_POOL`.

    Where there are more, the same ones are taken each time, by a hash of their id.
    """
    rows = connection.execute(
        f"""
        with span as (select min(start_date) as first, max(start_date) as last from linkage.eligible_cases),
        chosen as (
            select f.*
            from ({_RECORD_FINDINGS}) as f cross join span
            where f.source = ? and f.record_date between span.first - {window_days} and span.last + {window_days}
            order by hash(f.record_id), f.record_id limit {LARGEST_POOL}
        )
        select
            {_DAY.format("c.record_date")} as day, {_PERSON.format("r.person_key")} as person,
            c.termination, c.reoffended, c.reoffences, c.days_to_first_reoffence
        from chosen as c
        join linkage.match_records as r on c.source = r.source and c.record_id = r.record_id
        order by c.record_date, c.record_id
        """,
        [source],
    ).df()
    case, person = _own_persons(connection, source)
    return Pool(
        day=rows["day"].to_numpy(dtype=np.int64),
        person=rows["person"].to_numpy(dtype=np.int64),
        findings={name: rows[name].to_numpy(dtype=float, na_value=np.nan) for name in FINDINGS},
        start_day=_start_days(connection, n_cases),
        own_case=case,
        own_person=person,
    )


def _own_persons(connection: duckdb.DuckDBPyConnection, source: str) -> tuple[np.ndarray, np.ndarray]:
    """The persons that any rule reached: pairs of case number and person number."""
    rows = connection.execute(
        f"""
        select distinct c.case_number as case, {_PERSON.format("p.person_key")} as person
        from linkage.persons_reached as p join ({_CASE_NUMBERS}) as c on p.case_id = c.case_id
        where p.source = ?
        """,
        [source],
    ).df()
    return rows["case"].to_numpy(dtype=np.int64), rows["person"].to_numpy(dtype=np.int64)


def _start_days(connection: duckdb.DuckDBPyConnection, n_cases: int) -> np.ndarray:
    rows = connection.execute(
        f"""
        select distinct c.case_number as case, {_DAY.format("e.start_date")} as day
        from linkage.eligible_cases as e join ({_CASE_NUMBERS}) as c on e.case_id = c.case_id
        """
    ).df()
    days = np.zeros(n_cases, dtype=np.int64)
    days[rows["case"].to_numpy(dtype=np.int64)] = rows["day"].to_numpy(dtype=np.int64)
    return days
