"""Expectations on the published cells of an annex, whichever bulletin it belongs to.

Belongs here: the rows of Annex B or Annex C one by one, and what a cell counts. Not here: how cells add up, and whose
verdicts they carry (`annex_b.py`, `needs_cells.py`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd

from expectations.runner import RUN_AGAIN, about

CELL_KEY = ["table_id", "item", "category", "outcome"]
ALMOST = 1e-6


@dataclass(frozen=True)
class Annex:
    """What must hold of the rows of one annex.

    `means`: the outcomes whose cells are means, within `least_mean` and `most_mean`; `mean_problem` says what is wrong
    where they are not. `verdict` and `verdict_problem`: name and words of the rule that `marked_rightly` holds.
    """

    table: str
    n_rows: int
    means: tuple[str, ...]
    least_mean: float
    most_mean: float | None
    mean_problem: str
    verdict: str
    verdict_problem: str


def with_part_of_a_case(cells: pd.DataFrame, means: Collection[str]) -> pd.DataFrame:
    """The cells with `part_of_a_case`: how far what each counts is from a whole number."""
    counted = events(cells, means)
    return cells.assign(part_of_a_case=(counted - counted.round()).abs())


def events(cells: pd.DataFrame, means: Collection[str]) -> pd.Series:
    """What a cell counts, n times value: cases (percentages), or what its mean is of; none where n is 0."""
    n, value = cells["n"].astype("float64"), cells["value"].astype("float64")
    divisor = cells["outcome"].map(lambda outcome: 1 if outcome in means else 100)
    return (n * value / divisor).mask(n == 0, 0.0)


def cells_suite(annex: Annex) -> list[Any]:
    """On the cells with `part_of_a_case` and `marked_rightly`: the rows of an annex one by one."""
    import great_expectations.expectations as gxe

    def words(name: str, problem: str) -> dict[str, Any]:
        return about(name, annex.table, problem, RUN_AGAIN)

    means = " or ".join(f'outcome == "{code}"' for code in annex.means)
    return [
        gxe.ExpectTableRowCountToEqual(
            value=annex.n_rows, meta=words("rows_complete", f"the annex has {annex.n_rows} rows")
        ),
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
            row_condition=f"not ({means})",
            condition_parser="pandas",
            meta=words("percent_in_range", "percentages lie outside 0 to 100"),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="value",
            min_value=annex.least_mean,
            max_value=annex.most_mean,
            row_condition=means,
            condition_parser="pandas",
            meta=words("mean_in_range", annex.mean_problem),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="part_of_a_case",
            max_value=ALMOST,
            meta=words("cells_rest_on_whole_cases", "values do not come from a whole number of cases"),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="p_value", min_value=0, max_value=1, meta=words("p_in_range", "p-values lie outside 0 to 1")
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="marked_rightly", value_set=[True], meta=words(annex.verdict, annex.verdict_problem)
        ),
    ]


def items(cells: pd.DataFrame) -> str:
    """The items of some rows in words, for a message."""
    return ", ".join(sorted(set(cells["item"]))) or "no item"
