"""The gate before publication: rows reconcile from source to mart, cells add up, models converged.

Belongs here: expectations on what is about to be published. Not here: agreement with the bulletins'
figures (the back-test), which real extracts need not reach.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from expectations.annex_b import (
    ANNEX_B,
    category_sums,
    cells_with_p_values,
    match_rates_suite,
    sums_suite,
    with_expected_rate,
)
from expectations.annex_cells import cells_suite
from expectations.model_tables import coefficients_suite, models_suite, terms_suite
from expectations.runner import RUN_AGAIN, Checked, GateResult, about, check, nowhere
from orchestration.ingest.parsing import no_places
from orchestration.settings import Parameters
from orchestration.tables.contract import CONTRACT

GATE = "publication"


@dataclass(frozen=True)
class PublicationTables:
    """What is about to be published, and the row counts behind it (see the package's docstring)."""

    row_counts: dict[str, int]
    cases: pd.DataFrame
    annex_b: pd.DataFrame
    match_rates: pd.DataFrame
    models: pd.DataFrame
    model_terms: pd.DataFrame
    model_coefficients: pd.DataFrame


def run_publication_gate(tables: PublicationTables, parameters: Parameters) -> GateResult:
    """Judge the tables of a release before it is made."""
    counts = reconciliation(tables)
    sums = category_sums(tables.annex_b)
    checked: list[Checked] = [
        *check(GATE, counts, reconciliation_suite(counts), nowhere),
        *check(GATE, cells_with_p_values(tables.annex_b, parameters.significance_level), cells_suite(ANNEX_B), nowhere),
        *check(GATE, sums, sums_suite(sums), nowhere),
        *check(GATE, with_expected_rate(tables.match_rates), match_rates_suite(), nowhere),
        *check(GATE, tables.models, models_suite(tables.models), nowhere),
        *check(GATE, tables.model_terms, terms_suite(tables.model_terms), nowhere),
        *check(GATE, tables.model_coefficients, coefficients_suite(), nowhere),
    ]
    return GateResult(GATE, tuple(item.outcome for item in checked), no_places())


def reconciliation(tables: PublicationTables) -> pd.DataFrame:
    """One row of counts: for each pair `<what>_from` and `<what>_to` must be equal."""
    counts, cases, annex_b = tables.row_counts, tables.cases, tables.annex_b
    outcome = cases["termination_outcome"]
    pairs = {f"received_{source}": _accounted(counts, source) for source in CONTRACT} | {
        "cases": (counts["accepted.inspections"], len(cases)),
        "matches_terminations": (counts["matches.terminations"], _sum(cases["termination_matched"])),
        "matches_reoffending": (counts["matches.reoffending"], _sum(cases["reoffending_matched"])),
        "all_cases_terminations": (
            int(outcome.isin(["positive", "negative"]).sum()),
            _all_cases(annex_b, "termination_positive"),
        ),
        "all_cases_reoffended": (_sum(cases["reoffending_matched"]), _all_cases(annex_b, "reoffended")),
        "all_cases_reoffences": (_sum(cases["reoffended"]), _all_cases(annex_b, "reoffences")),
    }
    ends = {f"{what}_{end}": [pair[i]] for what, pair in pairs.items() for i, end in enumerate(("from", "to"))}
    return pd.DataFrame(ends)


RECONCILED = {
    **{
        f"received_{source}": f"{source}: rows received, and rows accepted, rejected, superseded or repeated"
        for source in CONTRACT
    },
    "cases": "accepted inspections, and cases in marts.cases",
    "matches_terminations": "termination matches, and matched cases in marts.cases",
    "matches_reoffending": "reoffending matches, and matched cases in marts.cases",
    "all_cases_terminations": "cases with a positive or negative termination, and n of Table B1's first row",
    "all_cases_reoffended": "cases matched to reoffending, and n of Table B1's first row",
    "all_cases_reoffences": "cases that reoffended, and n of Table B1's first row",
}


def reconciliation_suite(counts: pd.DataFrame) -> list[Any]:
    """On `reconciliation`: one expectation a pair of counts."""
    import great_expectations.expectations as gxe

    seen = counts.iloc[0]
    return [
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A=f"{what}_from",
            column_B=f"{what}_to",
            ignore_row_if="neither",
            meta=about(
                "rows_reconcile",
                what,
                f"{words}, differ",
                RUN_AGAIN,
                observed=f"{seen[f'{what}_from']:,} and {seen[f'{what}_to']:,}",
            ),
        )
        for what, words in RECONCILED.items()
    ]


def _accounted(counts: dict[str, int], source: str) -> tuple[int, int]:
    parts = ("accepted", "rejected", "superseded", "repeated")
    return counts[f"received.{source}"], sum(counts[f"{part}.{source}"] for part in parts)


def _all_cases(annex_b: pd.DataFrame, outcome: str) -> int:
    is_cell = (annex_b["item"] == "all_cases") & (annex_b["outcome"] == outcome)
    return _sum(annex_b.loc[is_cell, "n"])


def _sum(values: pd.Series) -> int:
    return int(values.astype("Int64").sum())  # whole numbers or booleans, some missing
