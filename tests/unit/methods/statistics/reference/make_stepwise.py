"""Writes stepwise_cases.csv and stepwise_terms.csv, the data of the stepwise reference results (run once; files kept).

.venv/bin/python -m tests.unit.methods.statistics.reference.make_stepwise

Each set is made to lead a selection somewhere: see the functions' names. Categories are numbered from 1, the reference.
"""

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
WIDTHS = {"a": 2, "b": 2, "c": 6, "d": 5, "e": 2, "f": 3, "g": 3}


def _event(rng: np.random.Generator, predictor: np.ndarray | pd.Series) -> np.ndarray:
    return (rng.random(len(predictor)) < 1 / (1 + np.exp(-predictor))).astype(int)


def _factors(rng: np.random.Generator, n: int, widths: dict[str, int]) -> pd.DataFrame:
    """Correlated categories; higher ones are rarer."""
    common = rng.normal(size=n)
    return pd.DataFrame(
        {
            name: np.searchsorted(np.linspace(0.2, 1.7, width - 1), 0.4 * common + rng.normal(size=n)) + 1
            for name, width in widths.items()
        }
    )


def seven_factors_as_in_the_bulletin() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    x = _factors(rng, 700, WIDTHS)
    return x.assign(y=_event(rng, 0.6 * x["a"] - 0.35 * x["f"] + 0.5 * (x["c"] == 3) + 0.3 * (x["g"] - 2) * x["e"] - 1))


def a_first_term_made_redundant_by_later_ones() -> pd.DataFrame:
    rng = np.random.default_rng(13)
    n = 420
    b, c, d = (rng.integers(1, 3, n) for _ in range(3))
    a = np.clip(b + c - 2 + (rng.random(n) < 0.1) - (rng.random(n) < 0.1), 0, 2) + 1  # nearly their sum
    return pd.DataFrame({"a": a, "b": b, "c": c, "d": d, "y": _event(rng, 1.1 * b + 1.1 * c + 0.5 * d - 4.05)})


def a_level_that_predicts_perfectly() -> pd.DataFrame:
    rng = np.random.default_rng(21)
    x = _factors(rng, 260, {"a": 2, "b": 4, "c": 3, "d": 2})
    y = _event(rng, 0.9 * x["a"] - 0.6 * x["c"] + 0.2)
    return x.assign(y=np.where(x["b"] == 4, 1, y))


def an_entry_whose_removal_would_repeat_the_empty_model() -> pd.DataFrame:
    # 1 event in 2 cases against 1 in 18: score 3.95 (p .047), likelihood ratio 2.51 (p .11), Wald 2.62 (p .11)
    rows = [("2", 1), ("2", 0), ("1", 1), *[("1", 0)] * 17]
    frame = pd.DataFrame(rows, columns=["a", "y"])
    return frame.assign(b=np.tile([1, 2], 10))


def an_entry_that_brings_a_model_back() -> pd.DataFrame:
    # Found among random small sets: by Wald's test the first term leaves after the second, and enters again.
    rng = np.random.default_rng(1000786)
    n, k = int(rng.integers(14, 60)), int(rng.integers(2, 5))
    widths = [int(rng.integers(2, 4)) for _ in range(k)]
    common, columns = rng.normal(size=n), {}
    for name, width in zip("abcd", widths, strict=False):
        value = common * rng.uniform(0, 1.5) + rng.normal(size=n)
        columns[name] = np.searchsorted(sorted(rng.normal(size=width - 1)), value) + 1
    drawn = rng.random(n)
    chance = 1 / (1 + np.exp(-(common * rng.uniform(0, 2) + rng.normal() * 0.7)))
    return pd.DataFrame({**columns, "y": (drawn < chance).astype(int)})


def a_level_without_a_case() -> pd.DataFrame:
    rng = np.random.default_rng(31)
    x = _factors(rng, 300, {"a": 3, "b": 3, "c": 2})
    x["b"] = x["b"].replace(2, 3)
    return x.assign(y=_event(rng, 0.8 * x["a"] + 0.5 * x["b"] - 2.5))


def a_factor_that_says_the_same_as_another() -> pd.DataFrame:
    rng = np.random.default_rng(41)
    x = _factors(rng, 300, {"a": 3, "b": 2, "c": 2})
    return x.assign(b=np.where(x["a"] == 1, 1, 2), c=x["c"], y=_event(rng, 0.9 * x["a"] + 0.6 * x["c"] - 2.6))


def the_same_outcome_for_all() -> pd.DataFrame:
    rng = np.random.default_rng(51)
    return _factors(rng, 60, {"a": 2, "b": 3}).assign(y=1)


def no_term_that_matters() -> pd.DataFrame:
    rng = np.random.default_rng(64)
    x = _factors(rng, 200, {"a": 2, "b": 3, "c": 4})
    return x.assign(y=_event(rng, np.zeros(200)))


def two_terms_equally_good() -> pd.DataFrame:
    cells = [(1, 1, 0, 30), (1, 1, 1, 10), (1, 2, 0, 12), (1, 2, 1, 14), (2, 1, 0, 12), (2, 1, 1, 14), (2, 2, 1, 24)]
    cells.append((2, 2, 0, 6))
    return pd.DataFrame([row[:3] for row in cells for _ in range(row[3])], columns=["a", "b", "y"])


SETS = (
    seven_factors_as_in_the_bulletin,
    a_first_term_made_redundant_by_later_ones,
    a_level_that_predicts_perfectly,
    an_entry_whose_removal_would_repeat_the_empty_model,
    an_entry_that_brings_a_model_back,
    a_level_without_a_case,
    a_factor_that_says_the_same_as_another,
    the_same_outcome_for_all,
    no_term_that_matters,
    two_terms_equally_good,
)


def main() -> None:
    """Write each set's distinct rows with their numbers, and each set's terms with their levels."""
    cases, terms = [], []
    for make in SETS:
        frame = make().astype(int)
        names = sorted(name for name in map(str, frame) if name != "y")
        counted = frame.groupby([*names, "y"]).size().rename("n").reset_index().assign(set=make.__name__)
        cases.append(counted.reindex(columns=["set", *WIDTHS, "y", "n"]))
        terms += [(make.__name__, name, int(frame[name].max())) for name in names]
    pd.concat(cases).astype({name: "Int64" for name in WIDTHS}).to_csv(HERE / "stepwise_cases.csv", index=False)
    pd.DataFrame(terms, columns=["set", "term", "levels"]).to_csv(HERE / "stepwise_terms.csv", index=False)


if __name__ == "__main__":
    main()
