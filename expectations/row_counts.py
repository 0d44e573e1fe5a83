"""Expectations on how many rows a delivery has: against the one before it, and against what programs hold or fetch.

Belongs here: a file that may be cut short, by its number of rows alone. Not here: what a sender promises
(`orchestration/ingest/control.py`), and what its own last rows state (`orchestration/ingest/stray_rows.py`).
"""

from typing import Any

import pandas as pd

from expectations.runner import MAX_PLACES, about
from orchestration.settings import Parameters
from orchestration.tables.source import Source

_FEWEST_ROWS = 30  # below, numbers of rows move by chance
_SHEET_LIMITS = (65_536, 1_048_576)  # rows of a sheet, the header among them
_ROUND = 1_000  # programs that fetch rows stop at thousands


def rows_steps(profile: pd.DataFrame, deliveries: pd.DataFrame) -> pd.DataFrame:
    """One row a delivery: delivery, rows, rows_before, their ratio, and at_limit and round_number (its rows where a
    program may have stopped there).

    The ratio is missing where there is no earlier delivery or it was small. It and the others are missing where a
    control file has promised just these rows.
    """
    sizes = profile.drop_duplicates("delivery_order")[["delivery_order", "delivery", "rows"]].astype({"rows": "int64"})
    steps = sizes.assign(rows_before=sizes["rows"].shift()).astype({"rows_before": "float64"})
    is_promised = steps["delivery"].isin(deliveries.loc[deliveries["expected_rows"].notna(), "delivery"])
    ratio = (steps["rows"] / steps["rows_before"]).where(steps["rows_before"] >= _FEWEST_ROWS).where(~is_promised)
    is_at_limit = steps["rows"].isin(_SHEET_LIMITS) | (steps["rows"] + 1).isin(_SHEET_LIMITS)
    is_round = (steps["rows"] > 0) & (steps["rows"] % _ROUND == 0)
    return steps.assign(
        ratio=ratio.astype("float64"),
        at_limit=steps["rows"].where(is_at_limit & ~is_promised).astype("float64"),
        round_number=steps["rows"].where(is_round & ~is_promised).astype("float64"),
    ).reset_index(drop=True)


def rows_rules(source: Source, steps: pd.DataFrame, parameters: Parameters) -> list[Any]:
    """On `rows_steps`: no delivery has less than its share of the rows of the one before, or ends where programs do."""
    import great_expectations.expectations as gxe

    low = parameters.delivery_rows_low
    few = steps[steps["ratio"] <= low]
    told = "; ".join(
        f"{delivery} has {rows:,} rows, {ratio:.0%} of the {before:,.0f} before it"
        for delivery, rows, before, ratio in few.head(MAX_PLACES)[["delivery", "rows", "rows_before", "ratio"]].values
    )
    words = about(
        "rows_not_fewer",
        source.name,
        "a delivery has far fewer rows than the one before: it may be cut short",
        "Ask how many rows it should have, and copy it again in full. If it is whole, say how many rows it has in its "
        "control file, or lower PROBATION_DELIVERY_ROWS_LOW.",
        observed=told or f"every delivery above {low:.0%}",
    )
    return [
        gxe.ExpectColumnValuesToBeBetween(column="ratio", min_value=low, strict_min=True, meta=words),
        *(gxe.ExpectColumnValuesToBeNull(column=column, meta=meta) for column, meta in _limits(source, steps).items()),
    ]


def _limits(source: Source, steps: pd.DataFrame) -> dict[str, dict[str, Any]]:
    told = {
        column: "; ".join(f"{row.delivery} has {row.rows:,} rows" for row in steps[steps[column].notna()].itertuples())
        for column in ("at_limit", "round_number")
    }
    remedy = "Ask how many rows it should have; have it exported in full, or say the number in its control file."
    return {
        "at_limit": about(
            "rows_not_at_limit",
            source.name,
            "a delivery has just the rows that a sheet can hold: the others were probably cut off",
            remedy,
            observed=told["at_limit"] or "none",
        ),
        "round_number": about(
            "rows_not_round",
            source.name,
            "a delivery has a round number of rows, as where a program fetches no more",
            remedy,
            warns=True,
            observed=told["round_number"] or "none",
        ),
    }
