"""Explaining one case: why it is linked as it is, or why it is not.

Belongs here: the question and who may ask it. Not here: reading the tables (`reading.py`) and the wording (`text.py`).
"""

import sys

from orchestration.errors import PipelineError
from orchestration.linkage.explaining.reading import find_case, read_explanation
from orchestration.linkage.explaining.text import explanation_text
from orchestration.linkage.review.links import linked_warehouse
from orchestration.settings import Settings
from orchestration.storage.warehouse import has_table

SOURCES = ("terminations", "reoffending")
READ = ("linkage.explanations", "linkage.probable_pairs", "staging.offence_verdicts")


def explain(settings: Settings, case: str, is_showing_identifiers: bool = False) -> str:
    """The explanation of a case, named by its case_id or case_key, as text of at most 100 columns.

    Without `is_showing_identifiers` it holds states and agreements only: no name, number or date. Raises PipelineError
    where the case is unknown, a run holds the warehouse, or identifiers would leave the terminal.
    """
    if is_showing_identifiers and not sys.stdout.isatty():
        raise PipelineError(
            "Identifiers are shown on a terminal only, never written into a file or another program.",
            "Leave out SHOW=1, or run the command without a pipe or redirection.",
        )
    with linked_warehouse(settings) as connection:
        if not all(has_table(connection, table) for table in READ):
            raise PipelineError(
                "The links were made before they could be explained.", "Make them again: make bulletin."
            )
        case_id, case_key = find_case(connection, case.strip())
        explanations = [read_explanation(connection, source, case_id, is_showing_identifiers) for source in SOURCES]
    return explanation_text(case_id, case_key, explanations, settings.parameters.match_window_days)
