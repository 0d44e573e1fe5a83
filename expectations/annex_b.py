"""Expectations on Annex B and the match rates.

Belongs here: cells that must add up, and agree with their p-values. Not here: cells one by one (`annex_cells.py`), the
cells' agreement with the bulletin (the back-test).
"""

from typing import Any

import pandas as pd

from expectations.annex_cells import Annex, events, items, with_part_of_a_case
from expectations.runner import RUN_AGAIN, about

MEANS = ("reoffences",)
ANNEX_B = Annex(
    table="results.annex_b",
    n_rows=168,
    means=MEANS,
    least_mean=1,
    most_mean=None,
    mean_problem="mean reoffences of reoffenders lie below 1",
    verdict="significance_follows_p",
    verdict_problem="cells are marked significant against their p-value",
)


def cells_with_p_values(annex_b: pd.DataFrame, significance_level: float) -> pd.DataFrame:
    """Annex B with `part_of_a_case` and `marked_rightly`: `significant` says whether the p-value is below the level,
    and nothing without one."""
    marked, p_value = annex_b["significant"].astype("boolean"), annex_b["p_value"].astype("float64")
    rightly = (marked == (p_value < significance_level)).fillna(False)
    rightly = rightly.where(p_value.notna(), marked.isna()).astype(bool)
    return with_part_of_a_case(annex_b, MEANS).assign(marked_rightly=rightly)


def category_sums(annex_b: pd.DataFrame) -> pd.DataFrame:
    """One row an item and outcome: n and events summed over its categories, and of all cases."""
    rows = annex_b.assign(n=annex_b["n"].astype("float64"), events=events(annex_b, MEANS).round())
    totals = rows[rows["item"] == "all_cases"].set_index("outcome")[["n", "events"]]
    sums = rows[rows["item"] != "all_cases"].groupby(["item", "outcome"], sort=False)[["n", "events"]].sum()
    return sums.reset_index().join(totals, on="outcome", rsuffix="_all")


def sums_suite(sums: pd.DataFrame) -> list[Any]:
    """On `category_sums`: categories may fall short of all cases by missing values, never pass them."""
    import great_expectations.expectations as gxe

    pairs = {"n": "more cases than there are", "events": "more events than there are"}
    return [
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A=f"{column}_all",
            column_B=column,
            or_equal=True,
            ignore_row_if="neither",
            meta=about(
                "categories_add_up",
                column,
                f"categories of {items(sums[~(sums[column] <= sums[f'{column}_all'])])} add up to {problem}",
                RUN_AGAIN,
            ),
        )
        for column, problem in pairs.items()
    ]


def with_expected_rate(match_rates: pd.DataFrame) -> pd.DataFrame:
    """Match rates with `rate_gap`: how far rate is from 100 * matched / eligible."""
    eligible = match_rates["eligible"].astype("float64")
    expected = 100 * match_rates["matched"].astype("float64") / eligible.where(eligible > 0)
    return match_rates.assign(rate_gap=(match_rates["rate"].astype("float64") - expected).abs())


def match_rates_suite() -> list[Any]:
    """On `with_expected_rate`."""
    import great_expectations.expectations as gxe

    def words(name: str, problem: str) -> dict[str, Any]:
        return about(name, "results.match_rates", problem, RUN_AGAIN)

    return [
        gxe.ExpectTableRowCountToBeBetween(min_value=1, meta=words("rows_present", "there are no match rates")),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="eligible",
            column_B="matched",
            or_equal=True,
            ignore_row_if="neither",
            meta=words("matched_within_eligible", "groups have more matched than eligible cases"),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="rate_gap", max_value=1e-6, meta=words("rate_is_matched_of_eligible", "rates do not fit")
        ),
    ]
