"""Expectations on the published cells: Annex B and the match rates.

Belongs here: cells that must add up. Not here: the cells' agreement with the bulletins (the back-test).
"""

from typing import Any

import pandas as pd

from expectations.runner import RUN_AGAIN, about

CELL_KEY = ["table_id", "item", "category", "outcome"]


def annex_b_frame(annex_b: pd.DataFrame, significance_level: float) -> pd.DataFrame:
    """Annex B with `part_of_a_case`, how far a cell's events (n times value) are from a whole number, and
    `marked_rightly`: `significant` says whether the p-value is below the level, and nothing without one."""
    events = _events(annex_b)
    marked, p_value = annex_b["significant"].astype("boolean"), annex_b["p_value"].astype("float64")
    rightly = (marked == (p_value < significance_level)).fillna(False)
    return annex_b.assign(
        part_of_a_case=(events - events.round()).abs(),
        marked_rightly=rightly.where(p_value.notna(), marked.isna()).astype(bool),
    )


def annex_b_suite() -> list[Any]:
    """On `annex_b_frame`: the rows of Annex B one by one."""
    import great_expectations.expectations as gxe

    def words(name: str, problem: str) -> dict[str, Any]:
        return about(name, "results.annex_b", problem, RUN_AGAIN)

    percent = 'outcome != "reoffences"'
    mean = 'outcome == "reoffences"'
    return [
        gxe.ExpectTableRowCountToEqual(value=168, meta=words("rows_complete", "the annex has 168 rows")),
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=CELL_KEY, meta=words("cells_unique", "cells stand there twice")
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="n", min_value=0, meta=words("n_not_negative", "cells have a negative n")
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="value",
            min_value=0,
            max_value=100,
            row_condition=percent,
            condition_parser="pandas",
            meta=words("percent_in_range", "percentages lie outside 0 to 100"),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="value",
            min_value=1,
            row_condition=mean,
            condition_parser="pandas",
            meta=words("mean_in_range", "mean reoffences of reoffenders lie below 1"),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="part_of_a_case",
            max_value=1e-6,
            meta=words("cells_rest_on_whole_cases", "values do not come from a whole number of cases"),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="p_value",
            min_value=0,
            max_value=1,
            meta=words("p_in_range", "p-values lie outside 0 to 1"),
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="marked_rightly",
            value_set=[True],
            meta=words("significance_follows_p", "cells are marked significant against their p-value"),
        ),
    ]


def category_sums(annex_b: pd.DataFrame) -> pd.DataFrame:
    """One row an item and outcome: n and events summed over its categories, and of all cases."""
    rows = annex_b.assign(n=annex_b["n"].astype("float64"), events=_events(annex_b).round())
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
                f"categories of {_items(sums[~(sums[column] <= sums[f'{column}_all'])])} add up to {problem}",
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


def _events(annex_b: pd.DataFrame) -> pd.Series:
    """What a cell counts: n times value, in cases (percentages) or reoffences (means); nothing where n is 0, which
    leaves no value."""
    n, value = annex_b["n"].astype("float64"), annex_b["value"].astype("float64")
    divisor = annex_b["outcome"].map(lambda outcome: 1 if outcome == "reoffences" else 100)
    return (n * value / divisor).mask(n == 0, 0.0)


def _items(rows: pd.DataFrame) -> str:
    return ", ".join(sorted(set(rows["item"]))) or "no item"
