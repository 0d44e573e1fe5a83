"""Annex C of Bulletin 2020/03: prevalence of needs and strengths, and sufficiency of what was done about them.

Belongs here: the counts and percentages of Tables C1 to C6 with the verdicts of the stepwise models. Not here: those
models (`stepwise`), what the tables list (`layout_2020`).
"""

import pandas as pd

from orchestration.methods.layouts.frames import frame_of
from orchestration.methods.layouts.layout_2020 import DECIMALS, EVERYBODY, GROUPS, MEASURES, rows
from orchestration.methods.layouts.measures import cases_with_measure
from orchestration.methods.layouts.rounding import round_half_up
from orchestration.methods.statistics.group_means import grouped
from orchestration.tables.needs import ANNEX_C


def annex_c(cases: pd.DataFrame, retained_terms: pd.DataFrame) -> pd.DataFrame:
    """Tables C1 to C6: one row an item, category and measure, 816 in published order.

    `retained_terms` has outcome (the measure's code), term (the item), is_retained and p_value: of the last removal
    test where the term was retained, else of its last entry test. `significant` (the shaded cells) is is_retained;
    both are missing for all cases, for means, and for terms that could not be tested.
    """
    cells = _cells(cases)
    verdicts = retained_terms.set_index(["outcome", "term"])[["is_retained", "p_value"]].to_dict("index")
    no_verdict = {"is_retained": pd.NA, "p_value": float("nan")}
    records = []
    for group, category, measure in rows():
        n, value = cells.get((group.item, category.code, measure.code), (0, float("nan")))
        verdict = verdicts.get((measure.code, group.item), no_verdict)
        records.append(
            {
                "table_id": measure.table_id,
                "item": group.item,
                "category": category.code,
                "outcome": measure.code,
                "n": n,
                "value": value,
                "value_published": round_half_up(value, DECIMALS),
                "p_value": verdict["p_value"],
                "significant": verdict["is_retained"],
            }
        )
    return frame_of(ANNEX_C, records)


def _cells(cases: pd.DataFrame) -> dict[tuple[str, str, str], tuple[int, float]]:
    """(item, category, measure) -> (n, value)."""
    cells = {}
    for measure in MEASURES:
        base = cases_with_measure(cases, measure)
        for group in (EVERYBODY, *GROUPS):
            by = [group.column] if group.column else []
            table = grouped(base, by, 1 if measure.is_mean else 100)
            categories = table[group.column] if by else pd.Series(["all"])
            for category, n, value in zip(categories, table["n"], table["value"], strict=True):
                cells[group.item, str(category), measure.code] = (int(n), float(value))
    return cells
