"""No test of a stepwise selection depends on reference levels, also where levels predict perfectly or are empty."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orchestration.methods.layouts.outcomes import OUTCOME
from orchestration.methods.layouts.specification import Term
from orchestration.methods.statistics.covariate_patterns import PatternModels, patterns_of
from orchestration.methods.statistics.design_matrix import design_of
from orchestration.methods.statistics.significance import ChiSquare
from orchestration.methods.statistics.stepwise import REMOVAL_TESTS

REFERENCE = Path(__file__).parent / "reference"
GIVEN = pd.read_csv(REFERENCE / "separated_reference_level.csv").rename(columns={"y": OUTCOME})
# Of a, b and c, 0 of 34, 18 of 87 and 27 of 79 have the event.
RIGHT = {
    "likelihood_ratio": (2, 2 * (sum(n * np.log(n / m) for n, m in ((18, 87), (69, 87), (27, 79), (52, 79)))
                                 - 45 * np.log(45 / 200) - 155 * np.log(155 / 200))),
    "conditional": (2, 25.853),  # R's glm with b as the reference, the statistic by its formula
    "wald": (1, (np.log(18 / 69) - np.log(27 / 52)) ** 2 / (1 / 18 + 1 / 69 + 1 / 27 + 1 / 52)),
}  # fmt: skip
WIDTHS = {"a": 3, "b": 4}


def removal_tests(cases: pd.DataFrame, references: dict[str, str]) -> dict[str, list[ChiSquare]]:
    """By removal test, that of each term in the model of all, with the levels of `cases` and these references."""
    terms = tuple(
        Term(name, name, tuple(map(str, range(WIDTHS[name]))) if name in WIDTHS else ("a", "b", "c"), reference)
        for name, reference in references.items()
    )
    models = PatternModels(patterns_of(design_of(cases, terms)))
    return {removal: [test(models, terms, term) for term in terms] for removal, test in REMOVAL_TESTS.items()}


@pytest.mark.parametrize("reference", ["a", "b", "c"])
@pytest.mark.parametrize("removal", REMOVAL_TESTS)
def test_a_reference_level_that_predicts_perfectly_changes_nothing(removal: str, reference: str) -> None:
    (test,) = removal_tests(GIVEN, {"g": reference})[removal]
    assert test.df == RIGHT[removal][0]
    assert test.chi2 == pytest.approx(RIGHT[removal][1], abs=5e-4)


def random_cases(seed: int) -> pd.DataFrame:
    """Few cases of many levels, of which one mostly has no event."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(20, 120))
    cases = pd.DataFrame({name: rng.integers(0, width, n).astype(str) for name, width in WIDTHS.items()})
    chance = 1 / (1 + np.exp(-(cases["a"].astype(int) - 0.5 * cases["b"].astype(int))))
    events = rng.random(n) < chance * (rng.random() < 0.3 or cases["b"] != str(rng.integers(4)))
    return cases.assign(**{OUTCOME: events.astype(float)})


def test_every_reference_gives_the_same_tests(n_sets: int) -> None:
    for seed in range(n_sets // 2):
        cases = random_cases(seed)
        first = removal_tests(cases, {"a": "0", "b": "0"})
        for reference in ("1", "2", "3"):
            other = removal_tests(cases, {"a": str(int(reference) % 3), "b": reference})
            for removal, tests in first.items():
                assert [test.df for test in other[removal]] == [test.df for test in tests], (seed, removal)
                np.testing.assert_allclose(
                    [test.chi2 for test in other[removal]], [test.chi2 for test in tests], rtol=1e-6, atol=1e-6
                )


def test_a_separated_level_gives_the_limit_of_the_textbook_formulas(n_sets: int) -> None:
    compared = 0
    for seed in range(n_sets):
        cases = random_cases(seed)
        events = cases.groupby("b")[OUTCOME].sum()
        never = list(events.index[events == 0])
        if len(never) != 1 or len(events) < 4 or cases.groupby("a")[OUTCOME].nunique().min() < 2:
            continue
        level = next(code for code in events.index if code not in never)
        ours = removal_tests(cases, {"a": "0", "b": level})
        for removal, theirs in textbook(cases, level, never[0]).items():
            statistics = [test.chi2 for test in ours[removal]]
            np.testing.assert_allclose(statistics, theirs, rtol=2e-3, atol=2e-3, err_msg=f"{seed} {removal}")
            compared += 1
    assert compared > n_sets / 20


def textbook(cases: pd.DataFrame, reference: str, never: str) -> dict[str, list[float]]:
    """Both statistics from a fit in which the level without events has next to none, an infinite slope left out.

    Nothing where some other cell separates, so that the fit does not settle.
    """
    columns = [("", np.ones(len(cases)))]
    columns += [("a", (cases["a"] == code).to_numpy(float)) for code in ("1", "2")]
    columns += [("b", (cases["b"] == code).to_numpy(float)) for code in sorted(set("0123") - {reference})]
    matrix = np.column_stack([column for _, column in columns])
    names = np.array([name for name, _ in columns])
    y = np.where(cases["b"] == never, 1e-7, cases[OUTCOME])
    beta = np.zeros(len(names))
    for _ in range(60):
        p = 1 / (1 + np.exp(-matrix @ beta))
        information = matrix.T @ (matrix * (p * (1 - p))[:, None])
        if np.linalg.cond(information) > 1e12:
            return {}
        beta = beta + np.clip(np.linalg.solve(information, matrix.T @ (y - p)), -1, 1)
    if np.abs(beta).max() > 20:
        return {}
    covariance = np.linalg.inv(information)
    infinite = np.array([bool((column == (cases["b"] == never)).all()) for _, column in columns])
    found: dict[str, list[float]] = {"conditional": [], "wald": []}
    for term in ("a", "b"):
        out, stay = names == term, names != term
        told = out & ~infinite
        wald = beta[told] @ np.linalg.solve(covariance[np.ix_(told, told)], beta[told])
        shifted = beta[stay] - covariance[np.ix_(stay, out)] @ np.linalg.solve(covariance[np.ix_(out, out)], beta[out])
        gain = _log_likelihood(matrix @ beta, y) - _log_likelihood(matrix[:, stay] @ shifted, y)
        found["conditional"].append(float(2 * gain))
        found["wald"].append(float(wald))
    return found


def _log_likelihood(predictor: np.ndarray, y: np.ndarray) -> float:
    return float(y @ predictor - np.logaddexp(0, predictor).sum())
