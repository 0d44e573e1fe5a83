"""The suite of reoffending: rules between the columns of an index record.

Belongs here: cross-field rules of this source. Not here: rules on one column (`contract_rules`).
"""

from typing import Any

from expectations.contract_rules import CORRECT_ROWS, born_before, column_rules
from expectations.runner import about
from orchestration.ingest.contract import REOFFENDING


def reoffending_suite() -> list[Any]:
    """Expectations on the typed rows."""
    return [
        *column_rules(REOFFENDING),
        _reoffences("reoffended == 1", "reoffended_has_reoffences", "reoffended without reoffences", low=1),
        _reoffences(
            "reoffended == 0", "reoffences_only_where_reoffended", "reoffences without reoffended", high=0
        ),
        _no_days_without_reoffending(),
        _days_where_reoffended(),
        born_before(REOFFENDING),
    ]


def _reoffences(
    condition: str, name: str, problem: str, low: int | None = None, high: int | None = None
) -> Any:
    import great_expectations.expectations as gxe

    words = about(
        name,
        "reoffended, reoffences",
        problem,
        CORRECT_ROWS,
        rejects=True,
        columns=("reoffended", "reoffences"),
    )
    return gxe.ExpectColumnValuesToBeBetween(
        column="reoffences",
        min_value=low,
        max_value=high,
        row_condition=condition,
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
