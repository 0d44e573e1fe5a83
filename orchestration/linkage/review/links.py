"""The links of the warehouse as a review sees them: one row an eligible case, and whether they have changed since.

Belongs here: reading links, and comparing them with those a sample was drawn from. Not here: samples and verdicts.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pandas as pd

from orchestration.errors import PipelineError
from orchestration.ledger.current import expected_fingerprint
from orchestration.ledger.records import recorded_inputs, recorded_stages
from orchestration.settings import Settings
from orchestration.storage import fingerprints
from orchestration.storage.locks import is_run_alive
from orchestration.storage.warehouse import has_table, open_warehouse

COLUMNS = ["source", "case_id", "status", "rule", "record_id"]
CASE = ["source", "case_id"]
OVERRIDES = "linkage.overrides_outcomes"
_OF_SOURCE = """
    select '{source}' as source, outcomes.case_id, outcomes.status, outcomes.rule, matches.record_id
    from linkage.{table}_outcomes as outcomes
    left join linkage.{table}_matches as matches on outcomes.case_id = matches.case_id
"""
_TABLES = {"terminations": "termination", "reoffending": "reoffending"}


@contextmanager
def linked_warehouse(settings: Settings, is_current: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, read only, with finished links. `is_current`: they must also stem from today's code and settings.

    Raises PipelineError where there is no warehouse, a run holds it, or the links are not finished.
    """
    if not settings.warehouse.exists():
        raise PipelineError("There is no warehouse yet.", "Make it first: make bulletin.", str(settings.warehouse))
    if is_run_alive(settings.run_dir):
        raise PipelineError(
            "A run holds the warehouse.", "Wait until it has finished, then ask again.", str(settings.warehouse)
        )
    with open_warehouse(settings.warehouse, settings.limits, read_only=True) as connection:
        recorded = recorded_stages(connection)
        if "linkage" not in recorded:
            raise PipelineError("The links are not finished.", "Make them first: make bulletin (or make link).")
        made_from = recorded_inputs(connection).get("linkage")
        expected = expected_fingerprint("linkage", recorded, settings, made_from)
        if is_current and recorded["linkage"] != expected:
            raise PipelineError(
                "The links in the warehouse were made with other code, reference tables or settings.",
                "Make them again first: make bulletin (or make link).",
            )
        yield connection


def links(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row an eligible case and source, in a fixed order: status, rule, and the record linked (null where none)."""
    union = " union all ".join(_OF_SOURCE.format(source=source, table=table) for source, table in _TABLES.items())
    return connection.execute(f"select {', '.join(COLUMNS)} from ({union}) order by source, case_id").df()


def fingerprint(frame: pd.DataFrame) -> str:
    """Hash of the links: the same links have the same hash, whatever code or order made them."""
    return fingerprints.of(frame[COLUMNS].astype(object).where(frame[COLUMNS].notna(), None).values.tolist())


def overridden(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Source and case of every override that took effect; empty where there are none."""
    if not has_table(connection, OVERRIDES):
        return pd.DataFrame(columns=CASE, dtype="str")
    return connection.execute(
        f"select distinct source, case_id from {OVERRIDES} where outcome = 'applied' order by all"
    ).df()


def n_changed(drawn: pd.DataFrame, now: pd.DataFrame, by_override: pd.DataFrame) -> int:
    """Cases whose link differs between the two, gone and new ones included, but for those a reviewer has set.

    A case corrected after its review does not change what the review says of the rules.
    """
    both = drawn[COLUMNS].merge(now[COLUMNS], on=CASE, how="outer", suffixes=("_drawn", "_now"), indicator=True)
    is_same = both["_merge"] == "both"
    for column in ("status", "rule", "record_id"):
        is_same &= both[f"{column}_drawn"].fillna("") == both[f"{column}_now"].fillna("")
    changed = both.loc[~is_same, CASE]
    set_by_hand = pd.MultiIndex.from_frame(by_override[CASE])
    return int((~pd.MultiIndex.from_frame(changed).isin(set_by_hand)).sum())
