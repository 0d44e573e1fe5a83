"""The suite of terminations: rules between the columns of a terminated sentence.

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
    return [*column_rules(TERMINATIONS), ordered, *born_before(TERMINATIONS)]


def _rows(extract: SourceExtract, _context: SourceContext) -> tuple[pd.DataFrame, list[Any]]:
    return bounded_frame(TERMINATIONS, extract.parsed), terminations_suite()


def _whole(
    accepted: pd.DataFrame, extract: SourceExtract, parameters: Parameters, context: SourceContext
) -> list[Checked]:
    cases = context.cases(TERMINATIONS.name)
    community = cases[cases["case_type"] == "community"]  # 2023/04, Annex A (ii): community sentences only
    starts = community["start_date"]
    return coverage(TERMINATIONS, accepted, extract.deliveries, starts, parameters)


GATE = SourceGate(_rows, _whole)
