"""A second intruder, who does not add up: she turns statistics back into counts, and reads what is not printed.

She knows what the intruder of `intruder.py` knows, and statistics: a regression of one characteristic is a table of
counts; a likelihood tells how many had the outcome; an infinite estimate says that all or none had it; what is named
the lowest lies below all others; people are whole, and who lacks an answer in a part lacks it in the whole.
"""

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

_FEW = 10
_MEANS = ("reoffences", "mean_needs", "mean_strengths")
Tables = dict[str, pd.DataFrame]


def outcomes_of_the_left_out(tables: Tables, in_all: dict[str, int]) -> list[str]:
    """Models that leave out one to nine cases, of whom all or none had the outcome: by likelihood, less the annex.

    `in_all`: outcome -> cases that had it, as an annex tells.
    """
    found = []
    for model in _rows(tables["models"]):
        left_out = model["n_with_outcome"] - model["n"]
        if not 0 < left_out < _FEW or math.isnan(model["minus_two_log_likelihood"]):
            continue
        null = model["minus_two_log_likelihood"] + model["model_chi2"]
        n = int(model["n"])
        possible = [e for e in range(1, n // 2 + 1) if abs(_null_deviance(e, n) - null) < 0.006]
        with_outcome = {e for few in possible for e in (few, n - few) if 0 <= in_all[model["outcome"]] - e <= left_out}
        if len(with_outcome) == 1 and in_all[model["outcome"]] - min(with_outcome) in (0, left_out):
            found.append(f"{model['model_id']}: {left_out} left out")
    return found


def _null_deviance(events: int, n: int) -> float:
    return -2 * (events * math.log(events / n) + (n - events) * math.log(1 - events / n))


def solved_models(tables: Tables) -> dict[str, tuple[int, int, int, int]]:
    """Of models with one characteristic of two values: (n, with outcome) of both, where only one table agrees."""
    solved = {}
    for (model,), own in tables["model_coefficients"].groupby(["model_id"]):
        told = own[own["estimate"].notna() & own["std_error"].notna()]
        if len(told) != 2 or len(own) != 2:
            continue
        (base, base_error), (change, error) = told[["estimate", "std_error"]].to_numpy()
        # 1/a + 1/b is the square of an error, and a/b the odds: a and b follow.
        sides = [_counts(base, base_error**2), _counts(base + change, error**2 - base_error**2)]
        if all(len(side) == 1 for side in sides):
            solved[model] = (*sides[0][0], *sides[1][0])
    return solved


def _counts(log_odds: float, variance: float) -> list[tuple[int, int]]:
    found = []
    for yes in range(1, 400):
        no = round(yes / math.exp(log_odds))
        if (
            no
            and abs(math.log(yes / no) - log_odds) < 0.0011
            and abs(math.sqrt(1 / yes + 1 / no) - math.sqrt(max(variance, 1e-9))) < 0.0011
        ):
            found.append((yes + no, yes))
    return found


def ended_alike(tables: Tables) -> list[str]:
    """Levels of one to nine cases of whom a note, a verdict or Firth's model says that all ended alike."""
    levels = {(row["model_id"], row["term"], row["level"]) for row in _rows(tables["model_levels"])}
    found = [f"note on {row['term']}" for row in _rows(tables["model_notes"]) if "predicts" in str(row["note"])]
    found += [f"Firth's {name}" for name in tables["models"]["model_id"] if str(name).endswith("__firth")]
    for row in _rows(tables["model_coefficients"]):
        if (row["model_id"], row["term"], row["level"]) in levels and row["estimable"] in (False, "False"):
            found.append(f"verdict on {row['coefficient']}")
    for row in _rows(tables["model_terms"]):
        if row["estimable"] in (False, "False") or (_is_unnamed(row, "wald_p") and math.isnan(row["wald_p"])):
            found.append(f"no test of {row['term']}")
    return found


def _is_unnamed(row: dict[str, Any], column: str) -> bool:
    return column not in str(row.get("suppressed", "")).split(", ")


def behind_ratios(pairs: pd.DataFrame, base: int) -> list[tuple[str, int]]:
    """Pairs whose exact count follows from counts rounded to `base` and an odds ratio with its interval."""
    found = []
    for row in _rows(pairs):
        if any(math.isnan(row[name]) for name in ("odds_ratio", "ci_low", "ci_high", "n_both")):
            continue
        near = range(-(base // 2), base // 2 + 1)
        agreeing = set()
        for shifts in itertools.product(near, repeat=4):
            both, first, second, n = (
                row[name] + shift for name, shift in zip(("n_both", "n_first", "n_second", "n"), shifts, strict=True)
            )
            cells = np.array([both, first - both, second - both, n - first - second + both])
            if (cells > 0).all():
                ratio, error = cells[0] * cells[3] / (cells[1] * cells[2]), 1.959964 * math.sqrt((1 / cells).sum())
                ends = (ratio, ratio * math.exp(-error), ratio * math.exp(error))
                if all(
                    abs(e - row[k]) < 0.00051 for e, k in zip(ends, ("odds_ratio", "ci_low", "ci_high"), strict=True)
                ):
                    agreeing.add(int(both))
        if len(agreeing) == 1:
            found.append((f"{row['first']} and {row['second']}", agreeing.pop()))
    return found


def named_though_hidden(tables: Tables) -> list[str]:
    """Measures of which the lowest or highest group is told, with the value of a group kept back."""
    annex = tables["annex_c"]
    hidden = set(annex.loc[annex["value"].isna(), ["outcome", "item"]].itertuples(index=False, name=None))
    told = tables["subgroup_differences"].dropna(subset=["lowest_category"])
    return [f"{o} by {i}" for o, i in told[["outcome", "item"]].itertuples(index=False, name=None) if (o, i) in hidden]


def ranked_though_hidden(pairs: pd.DataFrame) -> list[str]:
    """Pairs kept back whose rank no other pair has."""
    found = []
    for _, own in pairs.groupby("kind"):
        told = own["rank_phi"].dropna()
        if 0 < len(own) - len(told) < 3 and own["n_both"].isna().any():
            found += list(own.loc[own["rank_phi"].isna(), "first"])
    return found


def whole_people(tables: Tables, width: int = 3) -> list[str]:
    """Cells kept back of the annexes that she knows to be few: each measure by itself, in whole people."""
    found = []
    for name in ("annex_b", "annex_c"):
        told = tables[name][~tables[name]["outcome"].isin(_MEANS)]
        for (outcome, item), rows in told[told["item"] != "all_cases"].groupby(["outcome", "item"]):
            if rows["suppressed"].notna().any():
                everybody = told[(told["outcome"] == outcome) & (told["item"] == "all_cases")]
                cells = _rows(pd.concat([everybody, rows]))
                found += [f"{outcome} {item} {cell}" for cell in _few_of_a_measure(cells, width)]
    return found


def _few_of_a_measure(cells: list[dict[str, Any]], width: int) -> Iterator[str]:
    """`cells`: all cases, then the groups. Unknown are n, yes and no of each, and of those without an answer."""
    size = 3 * (len(cells) + 1)
    low, high, rows = np.zeros(size), np.full(size, 1e6), []
    for place, cell in enumerate(cells):
        n, yes = 3 * place, 3 * place + 1
        if not math.isnan(cell["n"]):
            low[n] = high[n] = cell["n"]
            if not math.isnan(cell["value"]):
                low[yes] = math.ceil(cell["n"] * (cell["value"] - 0.05) / 100 - 1e-6)
                high[yes] = math.floor(cell["n"] * (cell["value"] + 0.05) / 100 + 1e-6)
    for place in range(len(cells) + 1):
        rows.append({3 * place: 1, 3 * place + 1: -1, 3 * place + 2: -1})
    rows += [{what: 1} | {3 * place + what: -1 for place in range(1, len(cells) + 1)} for what in range(3)]
    matrix = np.array([[row.get(column, 0) for column in range(size)] for row in rows])
    for place, cell in enumerate(cells):
        for what, word in enumerate(("n", "yes", "no")):
            if isinstance(cell["suppressed"], str) and low[3 * place + what] < high[3 * place + what]:
                ends = [_end(sign, 3 * place + what, matrix, Bounds(low, high)) for sign in (1, -1)]
                if ends[1] - ends[0] < width and 0 < ends[1] < _FEW:
                    yield f"{cell['category']} {word}: {ends[0]:g} to {ends[1]:g}"


def _end(sign: int, place: int, matrix: np.ndarray, bounds: Bounds) -> float:
    goal = np.zeros(matrix.shape[1])
    goal[place] = sign
    found = milp(goal, constraints=LinearConstraint(matrix, 0, 0), integrality=np.ones(len(goal)), bounds=bounds)
    return sign * found.fun if found.status == 0 else sign * -math.inf


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): math.nan if pd.isna(v) else v for k, v in row.items()} for row in frame.to_dict("records")]
