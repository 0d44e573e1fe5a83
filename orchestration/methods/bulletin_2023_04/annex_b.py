"""Outcomes by sub-group, and Annex B.

Belongs here: counts, percentages and means of the bulletin's tables with their significance. Not here: the
models the significance comes from (`models`), match rates (`match_rates`).
"""

from collections.abc import Sequence

import pandas as pd

from orchestration.methods.layouts import layout_2023
from orchestration.methods.layouts.frames import frame_of
from orchestration.methods.layouts.outcomes import cases_with_outcome
from orchestration.methods.layouts.rounding import round_half_up
from orchestration.methods.layouts.specification import model_id
from orchestration.methods.statistics.group_means import grouped
from orchestration.tables.annexes import ANNEX_B


def outcome_by(cases: pd.DataFrame, by: Sequence[str], outcome: str) -> pd.DataFrame:
    """An outcome by one or more columns: `by`, n (Int64) and value, unrounded in the published unit.

    Cases without the outcome or with any of `by` missing leave the base (data contract, Annex cells); groups
    without a case have no row. Rows in published order. With `by` empty: one row, all cases.
    """
    table = grouped(cases_with_outcome(cases, outcome), by, _scale(outcome))
    return table.sort_values(list(by), key=_published_order, ignore_index=True) if by else table


def _scale(outcome: str) -> int:
    return 100 if layout_2023.OUTCOME_BY_CODE[outcome].unit == "percent" else 1


def annex_b(cases: pd.DataFrame, model_terms: pd.DataFrame, significance_level: float = 0.05) -> pd.DataFrame:
    """Tables B1 to B3: one row an item, category and outcome, 168 in published order.

    `model_terms` is results.model_terms; a row's p-value is its term's Wald p in the model that the notes
    under the tables name (B1 and prompts: the prompts model; key questions: theirs). It and `significant` are
    missing for all cases, for terms outside the model and for terms that are not estimable.
    """
    cells = _cells(cases)
    p_values = model_terms.set_index(["model_id", "term"])["wald_p"].to_dict()
    rows = []
    for item, category, outcome in layout_2023.rows():
        n, value = cells.get((item.item, category.code, outcome.code), (0, float("nan")))
        p_value = p_values.get((model_id(outcome.code, item.judgements), item.term), float("nan"))
        if is_outside := layout_2023.is_outside_the_table(item, category, outcome):
            p_value = float("nan")
        rows.append(
            {
                "table_id": item.table_id,
                "item": item.item,
                "category": category.code,
                "outcome": outcome.code,
                "n": pd.NA if is_outside else n,
                "value": value,
                "value_published": round_half_up(value, outcome.decimals),
                "p_value": p_value,
                "significant": pd.NA if pd.isna(p_value) else bool(p_value < significance_level),
            }
        )
    return frame_of(ANNEX_B, rows)


def _cells(cases: pd.DataFrame) -> dict[tuple[str, str, str], tuple[int, float]]:
    """(item, category, outcome) -> (n, value)."""
    cells = {}
    for outcome in layout_2023.OUTCOMES:
        with_outcome = cases_with_outcome(cases, outcome.code)
        for item in layout_2023.ANNEX_B:
            by = [] if item is layout_2023.ALL_CASES else [item.item]
            table = grouped(with_outcome, by, _scale(outcome.code))
            categories = table[item.item] if by else pd.Series(["all"])
            for category, n, value in zip(categories, table["n"], table["value"], strict=True):
                cells[item.item, category, outcome.code] = (int(n), float(value))
    return cells


def _published_order(column: pd.Series) -> pd.Series:
    order = layout_2023.ordered_codes(str(column.name), set(column.unique()))
    return column.map({code: position for position, code in enumerate(order)})
