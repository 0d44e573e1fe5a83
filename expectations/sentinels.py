"""Expectations on numbers that stand for not known.

Belongs here: a value such as 99 that stands apart from all others. Not here: bounds of a number (the data contract).
"""

from typing import Any

import pandas as pd

from expectations.runner import about
from orchestration.settings import Parameters
from orchestration.tables.source import Source

_SENTINELS = (-1, 77, 88, 97, 98, 99, 888, 998, 999, 9999)
_NEAR = 10  # values as near as that to a sentinel would stand about as often, if it were a number
_ALONE = 1.5  # times the next value below: a number that nobody else comes near


def sentinels(source: Source, accepted: pd.DataFrame) -> pd.DataFrame:
    """One row a column of numbers: column, value (a sentinel such as 99 that stands apart; missing), n_rows, share (of
    the cells that are filled)."""
    rows: list[tuple[str, float | None, int, float]] = []
    for column in source.of_kind("integer"):
        counts = accepted[column.name].value_counts()
        found = [value for value in _SENTINELS if _stands_apart(counts, value)]
        rows += [(column.name, float(value), int(counts[value]), counts[value] / counts.sum()) for value in found] or [
            (column.name, None, 0, 0.0)
        ]
    return pd.DataFrame(rows, columns=["column", "value", "n_rows", "share"]).astype({"value": "float64"})


def _stands_apart(counts: pd.Series, value: int) -> bool:
    """Whether a value stands much more often than its neighbours do (by four standard deviations of a count), or alone
    above all others."""
    n_rows, others = int(counts.get(value, 0)), counts[counts.index != value]
    if not n_rows or others.empty:
        return False
    is_alone = value > 0 and others.index.max() * _ALONE < value
    near = others[(others.index < value) & (others.index >= value - _NEAR)].sum() / _NEAR
    return is_alone or n_rows > near + 4 * near**0.5 + 2


def sentinel_rules(source: Source, found: pd.DataFrame, parameters: Parameters) -> list[Any]:
    """On `sentinels`: no number stands apart as a sign for not known does; a few are told, many stop the run."""
    import great_expectations.expectations as gxe

    high = parameters.unreadable_high
    problem = "a number such as 99 stands apart from all others, as a sign for not known does; it is read as a number"
    remedy = "Ask what it stands for. If it is not known, have it left empty, or declared as missing in SPSS."
    few = about(
        "no_undeclared_missing", source.name, problem, remedy, warns=True, observed=_told(found.dropna()) or "none"
    )
    many = about(
        "numbers_are_known",
        source.name,
        f"{problem}, and in too many rows",
        f"{remedy} (PROBATION_UNREADABLE_HIGH sets the share that may pass.)",
        observed=_told(found[found["share"] > high]) or "as expected",
    )
    return [
        gxe.ExpectColumnValuesToBeNull(column="value", meta=few),
        gxe.ExpectColumnValuesToBeBetween(column="share", max_value=high, meta=many),
    ]


def _told(found: pd.DataFrame) -> str:
    return "; ".join(f"{row.column}: {row.value:.0f} in {row.n_rows:,} rows" for row in found.itertuples())
