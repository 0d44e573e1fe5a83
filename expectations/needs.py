"""The gate before Bulletin 2020/03: cells add up, shaded cells are those of the models, models converged.

Belongs here: expectations on the tables of needs and strengths. Not here: agreement with the bulletin's figures
(the back-test), which real extracts need not reach.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from expectations.annex_cells import cells_suite
from expectations.model_tables import coefficients_suite, models_suite, terms_suite
from expectations.needs_cells import (
    ANNEX_C,
    category_totals,
    cells_with_verdicts,
    cooccurrence_frame,
    cooccurrence_suite,
    counts_frame,
    counts_suite,
    totals_suite,
)
from expectations.runner import RUN_AGAIN, Checked, GateResult, about, check, nowhere
from orchestration.ingest.parsing import no_places
from orchestration.methods.layouts.layout_2020 import MODELLED
from orchestration.methods.statistics.firth_models import SUFFIX

GATE = "needs"


@dataclass(frozen=True)
class NeedsTables:
    """What is about to be published: marts.cases, and the bulletin's rows of the results tables."""

    cases: pd.DataFrame
    annex_c: pd.DataFrame
    needs_counts: pd.DataFrame
    needs_cooccurrence: pd.DataFrame
    stepwise_terms: pd.DataFrame
    models: pd.DataFrame
    model_terms: pd.DataFrame
    model_coefficients: pd.DataFrame
    headlines: pd.DataFrame


def run_needs_gate(tables: NeedsTables) -> GateResult:
    """Judge the tables of the bulletin before a release is made."""
    totals = category_totals(tables.annex_c, tables.cases)
    counts = counts_frame(tables.needs_counts, tables.annex_c)
    checked: list[Checked] = [
        *check(GATE, cells_with_verdicts(tables.annex_c, tables.stepwise_terms), cells_suite(ANNEX_C), nowhere),
        *check(GATE, totals, totals_suite(totals), nowhere),
        *check(GATE, counts, counts_suite(counts), nowhere),
        *check(GATE, cooccurrence_frame(tables.needs_cooccurrence, tables.annex_c), cooccurrence_suite(), nowhere),
        *check(GATE, tables.headlines, headlines_suite(), nowhere),
        *check(GATE, tables.models, models_suite(tables.models), nowhere),
        *check(GATE, tables.models[~tables.models["model_id"].str.endswith(SUFFIX)], selections_suite(), nowhere),
        *check(GATE, tables.model_terms, terms_suite(tables.model_terms), nowhere),
        *check(GATE, tables.model_coefficients, coefficients_suite(), nowhere),
    ]
    return GateResult(GATE, tuple(item.outcome for item in checked), no_places())


def selections_suite() -> list[Any]:
    """On results.models: every measure has its selected and its forced-entry model."""
    import great_expectations.expectations as gxe

    return [
        gxe.ExpectTableRowCountToEqual(
            value=2 * len(MODELLED),
            meta=about(
                "selections_complete",
                "results.models",
                f"each of {len(MODELLED)} measures has a selected and a forced-entry model",
                RUN_AGAIN,
            ),
        )
    ]


def headlines_suite() -> list[Any]:
    """On results.headlines."""
    import great_expectations.expectations as gxe

    subject = "results.headlines"
    return [
        gxe.ExpectColumnValuesToBeUnique(
            column="id", meta=about("headlines_unique", subject, "headlines stand there twice", RUN_AGAIN)
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="value",
            min_value=0,
            max_value=100,
            row_condition='unit == "percent"',
            condition_parser="pandas",
            meta=about("headlines_in_range", subject, "percentages lie outside 0 to 100", RUN_AGAIN),
        ),
    ]
