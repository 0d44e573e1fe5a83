"""Made-up results tables of one logistic model of few characteristics, and rows of any other results table.

Belongs here: models small enough to be solved. Not here: the six published ones (`model_results.py`).
"""

import math

import pandas as pd

from orchestration.tables.catalogue import RELEASED_TABLES

WOMEN, MEN = (40, 12), (200, 90)  # n, with the need
MODEL = "stepwise__need_drugs"


def model_tables(left_out: int = 4, levels: dict[str, tuple[int, int]] | None = None) -> dict[str, pd.DataFrame]:
    """One logistic model of one characteristic, by the textbook's formulas for a table of counts."""
    sides = levels or {"male": MEN, "female": WOMEN}
    n_base, yes_base = next(iter(sides.values()))
    n, events = (sum(side[place] for side in sides.values()) for place in (0, 1))
    rows = [(MODEL, "intercept", None, None, *estimate(n_base, yes_base))]
    for level, (size, yes) in list(sides.items())[1:]:
        change, error = estimate(size, yes)
        base, base_error = estimate(n_base, yes_base)
        rows.append((MODEL, f"gender={level}", "gender", level, change - base, math.hypot(error, base_error)))
    coefficients = pd.DataFrame(rows, columns=["model_id", "coefficient", "term", "level", "estimate", "std_error"])
    numbers = dict.fromkeys(("z", "p", "exp_estimate", "ci_low", "ci_high"), 1.0)
    deviance = -2 * sum(y * math.log(y / s) + (s - y) * math.log(1 - y / s) for s, y in sides.values() if 0 < y < s)
    null = -2 * (events * math.log(events / n) + (n - events) * math.log(1 - events / n))
    fit = {"minus_two_log_likelihood": deviance, "model_chi2": null - deviance, "outcome": "need_drugs"}
    return {
        "models": typed("models", [{"model_id": MODEL, "block": "all", "n": n, "n_with_outcome": n + left_out, **fit}]),
        "model_terms": typed("model_terms", [{"model_id": MODEL, "term": "gender", "wald_p": 0.1, "estimable": True}]),
        "model_coefficients": typed(
            "model_coefficients", [{**row, **numbers, "estimable": True} for row in coefficients.to_dict("records")]
        ),
        "model_levels": typed(
            "model_levels",
            [
                {"model_id": MODEL, "term": "gender", "level": name, "n": s, "events": y}
                for name, (s, y) in sides.items()
            ],
        ),
        "model_notes": typed("model_notes", []),
    }


def estimate(n: int, yes: int) -> tuple[float, float]:
    """Log odds and their error."""
    if yes in (0, n):
        return math.nan, math.nan
    return math.log(yes / (n - yes)), math.sqrt(1 / yes + 1 / (n - yes))


def typed(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows of a results table, with every column that it declares."""
    columns = RELEASED_TABLES[name].columns
    frame = pd.DataFrame(rows).reindex(columns=[column.name for column in columns])
    required = {column.name: True for column in columns if column.dtype == "bool"}
    return (
        frame.astype("object")
        .fillna(required)
        .infer_objects()
        .astype({column.name: column.dtype for column in columns})
    )


def with_more_patterns(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The same model with two more characteristics: it has more patterns of cases than numbers."""
    levels = [
        {"model_id": MODEL, "term": f"ogrs_{i}", "level": str(level), "n": 60, "events": 20}
        for i in range(2)
        for level in range(4)
    ]
    terms = [{"model_id": MODEL, "term": f"ogrs_{i}", "estimable": True} for i in range(2)]
    more = {"model_levels": typed("model_levels", levels), "model_terms": typed("model_terms", terms)}
    return tables | {name: pd.concat([tables[name], rows], ignore_index=True) for name, rows in more.items()}
