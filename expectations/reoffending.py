"""The suite of reoffending: rules between the columns of an index record.

Belongs here: cross-field rules of this source. Not here: rules on one column (`contract_rules`).
"""

from typing import Any

import pandas as pd

from expectations.contract_rules import CORRECT_ROWS, born_before, bounded_frame, column_rules, in_order
from expectations.coverage import coverage
from expectations.runner import Checked, about
from expectations.source_gate import SourceContext, SourceGate
from orchestration.ingest.extracts import SourceExtract
from orchestration.settings import Parameters
from orchestration.tables.contract import REOFFENDING


def reoffending_suite() -> list[Any]:
    """Expectations on `bounded_frame`."""
    return [
        *column_rules(REOFFENDING),
        _has_reoffences(),
        _no_reoffences_without_reoffending(),
        _no_days_without_reoffending(),
        _days_where_reoffended(),
        *born_before(REOFFENDING),
    ]


def _has_reoffences() -> Any:
    """Two rules in one comparison: `reoffended` is 0 or 1, so reoffences must be at least that many."""
    words = about(
        "reoffended_has_reoffences",
        "reoffended, reoffences",
        "reoffended without reoffences",
        CORRECT_ROWS,
        rejects=True,
        columns=("reoffended", "reoffences"),
    )
    return in_order("reoffences", "reoffended", words)


def _no_reoffences_without_reoffending() -> Any:
    import great_expectations.expectations as gxe

    words = about(
        "reoffences_only_where_reoffended",
        "reoffended, reoffences",
        "reoffences without reoffended",
        CORRECT_ROWS,
        rejects=True,
        columns=("reoffended", "reoffences"),
    )
    return gxe.ExpectColumnValuesToBeInSet(
        column="reoffences",
        value_set=[0],
        row_condition="reoffended == 0",
        condition_parser="pandas",
        meta=words,
    )


def _no_days_without_reoffending() -> Any:
    import great_expectations.expectations as gxe

    words = about(
        "days_only_where_reoffended",
        "days_to_first_reoffence",
        "days_to_first_reoffence is filled where reoffended is 0",
        CORRECT_ROWS,
        rejects=True,
    )
    return gxe.ExpectColumnValuesToBeNull(
        column="days_to_first_reoffence",
        row_condition="reoffended == 0",
        condition_parser="pandas",
        meta=words,
    )


def _days_where_reoffended() -> Any:
    import great_expectations.expectations as gxe

    words = about(
        "days_where_reoffended",
        "days_to_first_reoffence",
        "days_to_first_reoffence is empty where reoffended is 1",
        "The rows are kept; ask for the days if the time to reoffence is to be used.",
        warns=True,
    )
    return gxe.ExpectColumnValuesToNotBeNull(
        column="days_to_first_reoffence",
        row_condition="reoffended == 1",
        condition_parser="pandas",
        meta=words,
    )


def _rows(extract: SourceExtract, _context: SourceContext) -> tuple[pd.DataFrame, list[Any]]:
    return bounded_frame(REOFFENDING, extract.parsed), reoffending_suite()


def _whole(
    accepted: pd.DataFrame, extract: SourceExtract, parameters: Parameters, context: SourceContext
) -> list[Checked]:
    starts = context.cases(REOFFENDING.name)["start_date"]
    return coverage(REOFFENDING, accepted, extract.deliveries, starts, parameters)


GATE = SourceGate(_rows, _whole)
