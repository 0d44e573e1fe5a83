"""What the linkage kept of one case: linkage.explanations and the tables around it.

Belongs here: finding the case and reading. Not here: the wording (`text.py`).
"""

import difflib
from dataclasses import dataclass

import duckdb
import pandas as pd

from orchestration.errors import PipelineError
from orchestration.linkage.review.contents import identifiers_of
from orchestration.linkage.review.links import OVERRIDES
from orchestration.storage.warehouse import has_table

HINTS = 3
MOST_RECORDS = 8


@dataclass(frozen=True)
class SourceExplanation:
    """What the linkage kept of one case in one source.

    `looked_at`: its rows of linkage.explanations with Splink's `probability`, the chosen first, then by what came
    closest; empty where the case is not eligible. `steps`: one row a rule in rank order, null where it was not tried.
    `overrides`: reviewers' decisions. `outcome`: the combined reoffending outcome, if any. `offences`: what the measure
    made of each offence beside each record combined; empty where the outcome came ready-made. `identifiers`: values of
    the first records, or None.
    """

    source: str
    case_type: str | None
    looked_at: pd.DataFrame
    steps: pd.DataFrame
    overrides: pd.DataFrame
    outcome: dict[str, int] | None
    offences: pd.DataFrame
    identifiers: pd.DataFrame | None


def find_case(connection: duckdb.DuckDBPyConnection, case: str) -> tuple[str, str]:
    """case_id and case_key of the case with this id or key (or the first eight or more characters of a key).

    Raises PipelineError with the nearest ids where there is none; never with a name.
    """
    query = "select case_id, case_key from linkage.case_keys where case_id = $1 or case_key = $1"
    found = connection.execute(query, [case]).fetchall()
    if not found and len(case) >= 8:
        query = "select case_id, case_key from linkage.case_keys where starts_with(case_key, $1)"
        found = connection.execute(query, [case.lower()]).fetchall()
    if len(found) == 1:
        return found[0]
    ids = connection.execute("select case_id from linkage.case_keys order by 1").fetchall()
    known = {case_id.lstrip("0"): case_id for (case_id,) in ids}
    near = [known[match] for match in difflib.get_close_matches(case.lstrip("0"), known, n=HINTS, cutoff=0.6)]
    hint = f"The nearest ids are {', '.join(near)}. " if near else ""
    raise PipelineError(
        "No inspections extract holds this case.",
        f"{hint}Name a case_id (leading zeros count) or a case_key: make explain CASE=...",
    )


def read_explanation(
    connection: duckdb.DuckDBPyConnection, source: str, case_id: str, is_showing_identifiers: bool
) -> SourceExplanation:
    """What the linkage kept of a case in one source."""
    looked_at = _looked_at(connection, source, case_id)
    case_type = connection.execute(
        "select case_type from staging.staged_inspections where case_id = ?", [case_id]
    ).fetchall()
    return SourceExplanation(
        source=source,
        case_type=case_type[0][0] if case_type else None,
        looked_at=looked_at,
        steps=_steps(connection, source, case_id),
        overrides=_overrides(connection, source, case_id),
        outcome=_outcome(connection, case_id) if source == "reoffending" else None,
        offences=_offences(connection, case_id) if source == "reoffending" else pd.DataFrame(),
        identifiers=_identifiers(connection, looked_at) if is_showing_identifiers else None,
    )


def _looked_at(connection: duckdb.DuckDBPyConnection, source: str, case_id: str) -> pd.DataFrame:
    return connection.execute(
        """
        select explanations.*, probable_pairs.probability
        from linkage.explanations
        left join linkage.probable_pairs using (source, case_id, record_id)
        where source = ? and case_id = ?
        order by is_chosen desc, record_order nulls last, is_in_window desc, person_reached_by is null,
            len(string_split(fields_agreeing, ' ')) desc, abs(date_difference_days), record_id
        """,
        [source, case_id],
    ).df()


def _steps(connection: duckdb.DuckDBPyConnection, source: str, case_id: str) -> pd.DataFrame:
    return connection.execute(
        """
        select rules.rule_rank, rules.rule, rules.fields, rules.is_unique,
            steps.persons_reached, steps.persons_in_window, steps.records_in_window, steps.step_outcome,
            steps.smallest_difference_days
        from (
            select rule_rank, rule, fields, is_unique from reference.match_rules where is_used
            union all
            select 0, 'override', '', false
        ) as rules
        left join linkage.rule_steps as steps
            on steps.source = ? and steps.case_id = ? and steps.rule_rank = rules.rule_rank
        where rules.rule_rank > 0 or steps.persons_reached > 0
        order by rules.rule_rank
        """,
        [source, case_id],
    ).df()


def _overrides(connection: duckdb.DuckDBPyConnection, source: str, case_id: str) -> pd.DataFrame:
    if not has_table(connection, OVERRIDES):
        return pd.DataFrame()
    query = f"select * from {OVERRIDES} where source = ? and case_id = ? order by record_id"
    return connection.execute(query, [source, case_id]).df()


def _outcome(connection: duckdb.DuckDBPyConnection, case_id: str) -> dict[str, int] | None:
    names = ("records_combined", "reoffended", "reoffences", "days_to_first_reoffence")
    query = f"select {', '.join(names)} from linkage.reoffending_matches where case_id = ?"
    rows = connection.execute(query, [case_id]).fetchall()
    return dict(zip(names, rows[0], strict=True)) if rows else None


def _offences(connection: duckdb.DuckDBPyConnection, case_id: str) -> pd.DataFrame:
    """record_id, days_after_index, days_to_proof and verdict, in the order in which they were committed."""
    return connection.execute(
        """
        select verdicts.record_id, verdicts.days_after_index, verdicts.days_to_proof, verdicts.verdict
        from staging.offence_verdicts as verdicts
        inner join linkage.decided_records as decided using (record_id)
        where decided.source = 'reoffending' and decided.case_id = ?
        order by decided.record_order, verdicts.days_after_index, verdicts.days_to_proof, verdicts.offence_key
        """,
        [case_id],
    ).df()


def _identifiers(connection: duckdb.DuckDBPyConnection, looked_at: pd.DataFrame) -> pd.DataFrame:
    pairs = looked_at.loc[looked_at["record_id"].notna(), ["source", "case_id", "record_id"]].head(MOST_RECORDS)
    return identifiers_of(connection, pairs.assign(pair=pairs["record_id"]))
