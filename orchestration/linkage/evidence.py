"""The truth beside the links in the warehouse: the frames that the evaluation works on.

All that touches many rows happens here, in DuckDB; what comes out is about one row a case and one a record that
is true or was taken.

Belongs here: reading truth and warehouse together. Not here: what is counted (`methods/linkage/`).
"""

from pathlib import Path

import duckdb
import pandas as pd

from orchestration.ingest.truth import TRUTH_SOURCES, read_truth, require_known, require_same_people
from orchestration.linkage.records import accepted_records, received_records
from orchestration.methods.linkage.accuracy.evidence import CHARACTERISTICS, FIELDS, OUTCOMES, Evidence
from orchestration.tables.contract import CONTRACT

_RULES = "(select * from reference.match_rules where is_used)"
MATCHES = {"terminations": "linkage.termination_matches", "reoffending": "linkage.reoffending_matches"}
# The normalised records of a source that its truth or the linkage names: cleaning all of them is what costs.
NAMED_RECORDS = {source: f"temp.named_{source}" for source in TRUTH_SOURCES}
# Field -> its column in the matching tables, and the column in which staging says what is wrong with it.
COLUMNS = {
    "pnc": ("pnc_id", "pnc_problem"),
    "crn": ("crn", "crn_problem"),
    "dob": ("date_of_birth", "date_of_birth_problem"),
    "surname": ("surname", "surname_problem"),
    "forenames": ("forenames", "forenames_problem"),
    "first_forename": ("first_forename", "forenames_problem"),
}
# NULLs drop out of the lists, so that nothing but two values that are there can agree.
_HAS_SOMETHING_IN_COMMON = " or ".join(
    [
        *(f"coalesce(cases.{column} = records.{column}, false)" for column in ("pnc_id", "crn", "date_of_birth")),
        "list_has_any([cases.surname, cases.first_forename], [records.surname, records.first_forename])",
    ]
)
# The outcome that true records give, by the same choice among them as the linkage makes.
TRUE_OUTCOME = {
    "termination_reason": "first(records.termination_reason order by abs(days), days desc, record_id)",
    "reoffended": "max(records.reoffended)",
    "reoffences": "max(records.reoffences)",
}


def collect_evidence(connection: duckdb.DuckDBPyConnection, truth_dir: Path, match_window_days: int) -> list[Evidence]:
    """The evidence of each source that has a truth file. The warehouse is read, never written.

    A truth covers all eligible cases where the extracts are synthetic and no row of it says "no record"; else
    exactly the cases it names. Raises PipelineError where a truth file cannot be used: then nothing is evaluated.
    """
    truths = {source: read_truth(truth_dir, source) for source in TRUTH_SOURCES}
    given = {source: truth for source, truth in truths.items() if truth is not None}
    for source, truth in given.items():
        _require_known_ids(connection, source, truth)
        _keep_named_records(connection, source, truth)
        _require_same_people(connection, source, truth)
    evidence = [_evidence(connection, source, truth, match_window_days) for source, truth in given.items()]
    for source in given:
        connection.execute(f"drop table {NAMED_RECORDS[source]}")
    return evidence


def _require_known_ids(connection: duckdb.DuckDBPyConnection, source: str, truth: pd.DataFrame) -> None:
    """Rows that ingest or its gate rejected are known too: their loss is counted, not refused."""
    connection.register("truth_rows", truth)
    for column, extract in (("case_id", "inspections"), ("record_id", source)):
        unknown = connection.execute(
            f"select line from (select * from truth_rows where {column} is not null) as truth "
            f"anti join (select {column} from {accepted_records(extract)} "
            f"union all select trim({column}) as {column} from {received_records(extract)}) as known "
            f"using ({column}) order by line"
        ).fetchall()
        require_known(source, column, [line for (line,) in unknown], int(truth[column].notna().sum()))
    connection.unregister("truth_rows")


def _keep_named_records(connection: duckdb.DuckDBPyConnection, source: str, truth: pd.DataFrame) -> None:
    """The linkage keeps records that can meet a case; a true one that cannot is the very loss that is looked for."""
    connection.register("truth_rows", truth)
    connection.execute(
        f"create or replace temp table {NAMED_RECORDS[source].removeprefix('temp.')} as "
        f"select *, {CONTRACT[source].date_column} as record_date from staging.staged_{source} where record_id in ("
        "select record_id from truth_rows where record_id is not null "
        f"union all select record_id from {MATCHES[source]} "
        f"union all select record_id from linkage.decided_records where source = '{source}')"
    )
    connection.unregister("truth_rows")


def _require_same_people(connection: duckdb.DuckDBPyConnection, source: str, truth: pd.DataFrame) -> None:
    """Ids alone do not tell two runs apart: extracts of other people may well number their rows alike."""
    connection.register("truth_rows", truth)
    found = connection.execute(
        f"select count(*), count(*) filter (where not ({_HAS_SOMETHING_IN_COMMON})) "
        "from truth_rows as truth "
        "inner join staging.staged_inspections as cases on truth.case_id = cases.case_id "
        f"inner join {NAMED_RECORDS[source]} as records on truth.record_id = records.record_id"
    ).fetchall()
    connection.unregister("truth_rows")
    require_same_people(source, n_strangers=found[0][1], n_pairs=found[0][0])


def _evidence(
    connection: duckdb.DuckDBPyConnection, source: str, truth: pd.DataFrame, match_window_days: int
) -> Evidence:
    connection.register("truth_rows", truth)
    tables = {
        "evaluated_cases": _evaluated_cases(source, _is_complete(connection, truth)),
        "true_pairs": _true_pairs(source, match_window_days),
        "taken_pairs": _taken_pairs(source),
    }
    for name, query in tables.items():
        connection.execute(f"create or replace temp table {name} as {query}")
    evidence = Evidence(
        source=source,
        cases=connection.execute(_cases(source, match_window_days)).df(),
        pairs=connection.execute(_pairs(source)).df(),
        rules=connection.execute(
            f"select rule_rank, rule, tier, tier_rank from {_RULES} inner join reference.match_tiers using (tier) "
            "order by rule_rank"
        ).df(),
        blocks=connection.execute("select block, fields from reference.match_blocks order by block_rank").df(),
    )
    for name in tables:
        connection.execute(f"drop table temp.{name}")
    connection.unregister("truth_rows")
    return evidence


def _is_complete(connection: duckdb.DuckDBPyConnection, truth: pd.DataFrame) -> bool:
    found = connection.execute("select coalesce(bool_and(is_synthetic), false) from raw.deliveries").fetchall()
    return bool(found[0][0]) and not truth["record_id"].isna().any()


def _evaluated_cases(source: str, is_complete: bool) -> str:
    named = "true" if is_complete else "case_id in (select case_id from truth_rows)"
    return f"select * from linkage.eligible_cases where source = '{source}' and {named}"


def _true_pairs(source: str, days: int) -> str:
    return f"""
select cases.case_id, records.record_id, records.record_date - cases.start_date as days
from truth_rows as truth
inner join temp.evaluated_cases as cases on truth.case_id = cases.case_id
inner join {NAMED_RECORDS[source]} as records on truth.record_id = records.record_id
where abs(records.record_date - cases.start_date) <= {days}
"""


def _taken_pairs(source: str) -> str:
    """The record chosen for each matched case, and all that the choice was made from."""
    return f"""
select taken.case_id, taken.record_id, bool_or(taken.is_chosen) as is_chosen
from (
    select case_id, record_id, true as is_chosen from {MATCHES[source]}
    union all
    select case_id, record_id, false from linkage.decided_records where source = '{source}'
) as taken
inner join temp.evaluated_cases as cases on taken.case_id = cases.case_id
group by taken.case_id, taken.record_id
"""


def _pairs(source: str) -> str:
    """One row a true record inside the window or record taken: what agrees, and what was seen of it at each step."""
    return f"""
select
    seen.*,
    records.record_date - cases.start_date as date_difference_days,
    truth.case_id is not null as is_true,
    true_pairs.case_id is not null as is_true_in_window,
    coalesce(cases.pnc_id <> records.pnc_id, false) as has_conflicting_pnc,
    taken_pairs.case_id is not null as is_decided,
    coalesce(taken_pairs.is_chosen, false) as is_chosen,
    {_states()},
    coalesce(cases.surname = records.first_forename and cases.first_forename = records.surname, false) as is_swapped
from ({_seen(source)}) as seen
inner join temp.evaluated_cases as cases using (case_id)
inner join staging.staged_inspections as staged_cases using (case_id)
inner join {NAMED_RECORDS[source]} as records using (record_id)
left join truth_rows as truth on seen.case_id = truth.case_id and seen.record_id = truth.record_id
left join temp.true_pairs as true_pairs using (case_id, record_id)
left join temp.taken_pairs as taken_pairs using (case_id, record_id)
order by seen.case_id, seen.record_id
"""


def _seen(source: str) -> str:
    """How far the linkage itself came with each of those pairs: compared, set aside, accepted by a rule."""
    return f"""
select
    wanted.*,
    coalesce(agreements.block_rank is not null, false) as is_candidate,
    coalesce(agreements.is_contradicted, false) as is_contradicted,
    coalesce(len(agreements.rule_ranks) > 0, false) as is_satisfying,
    exists (
        select 1 from {_RULES} as rules
        where list_has_all(string_split(agreements.fields_agreeing, ' '), string_split(trim(rules.fields), ' '))
    ) as is_satisfying_unguarded
from (
    select case_id, record_id from temp.true_pairs
    union
    select case_id, record_id from temp.taken_pairs
) as wanted
left join (select * from linkage.pair_agreements where source = '{source}') as agreements using (case_id, record_id)
"""


def _states() -> str:
    return ",\n    ".join(
        f"case when cases.{column} = records.{column} then 'agrees' "
        f"when cases.{column} <> records.{column} then 'disagrees' "
        f"when cases.{column} is null and staged_cases.{problem} is not null then 'invalid' "
        f"when records.{column} is null and records.{problem} is not null then 'invalid' "
        f"else 'missing' end as state_{field}"
        for field, (column, problem) in ((field, COLUMNS[field]) for field in FIELDS)
    )


def _cases(source: str, days: int) -> str:
    """One row an evaluated case. A rejected record whose date cannot be read may have been inside the window."""
    characteristics = ", ".join(f"marts_cases.{name}" for name in CHARACTERISTICS)
    linked = ", ".join(f"matches.{name} as linked_{name}" for name in OUTCOMES[source])
    true_values = ", ".join(f"{TRUE_OUTCOME[name]} as true_{name}" for name in OUTCOMES[source])
    return f"""
with
true_outcomes as (
    select true_pairs.case_id, {true_values}
    from temp.true_pairs as true_pairs
    inner join {NAMED_RECORDS[source]} as records using (record_id)
    group by true_pairs.case_id
),
lost as (
    select distinct truth.case_id
    from (select * from truth_rows where record_id is not null) as truth
    anti join {NAMED_RECORDS[source]} as accepted using (record_id)
    inner join temp.evaluated_cases as cases on truth.case_id = cases.case_id
    inner join {received_records(source)} as received on truth.record_id = trim(received.record_id)
    where coalesce(abs(try_cast(received.{CONTRACT[source].date_column} as date) - cases.start_date) <= {days}, true)
)
select
    cases.case_id,
    decisions.status,
    coalesce(matches.rule, decisions.rule) as rule,
    {characteristics},
    lost.case_id is not null as has_rejected_record,
    {linked},
    true_outcomes.* exclude (case_id)
from temp.evaluated_cases as cases
inner join linkage.decisions as decisions on cases.case_id = decisions.case_id and decisions.source = '{source}'
inner join linkage.case_keys as keys on cases.case_id = keys.case_id
inner join marts.cases as marts_cases on keys.case_key = marts_cases.case_key
left join {MATCHES[source]} as matches on cases.case_id = matches.case_id
left join true_outcomes on cases.case_id = true_outcomes.case_id
left join lost on cases.case_id = lost.case_id
order by cases.case_id
"""
