"""The suite of terminations: rules between the columns of a terminated sentence.

Belongs here: cross-field rules of this source. Not here: rules on one column (`contract_rules`).
"""

from typing import Any

from expectations.contract_rules import CORRECT_ROWS, born_before, column_rules, in_order
from expectations.runner import about
from orchestration.tables.contract import TERMINATIONS


def terminations_suite() -> list[Any]:
    """Expectations on `bounded_frame`."""
    words = about(
        "terminated_after_sentence",
        "termination_date, sentence_date",
        "termination_date lies before sentence_date",
        CORRECT_ROWS,
        rejects=True,
        columns=("termination_date",),
    )
    ordered = in_order("termination_date", "sentence_date", words)
    return [*column_rules(TERMINATIONS), ordered, born_before(TERMINATIONS)]
