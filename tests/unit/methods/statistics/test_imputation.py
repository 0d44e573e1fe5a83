"""Drawing what is missing: only values that occur, from what predicts them, the same from the same seed."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from orchestration.methods.layouts.specification import Term
from orchestration.methods.statistics import imputation
from orchestration.methods.statistics.imputation import PRIOR_VARIANCE, incomplete, multinomial

TERMS = (
    Term("score", "Score"),
    Term("answer", "Answer", ("no", "yes"), "no"),
    Term("kind", "Kind", ("a", "b", "c"), "a"),
)


def frame(n: int, seed: int = 1) -> pd.DataFrame:
    """A score that the kind and the answer follow closely; complete."""
    rng = np.random.default_rng(seed)
    score = rng.integers(0, 100, n)
    answer = np.where(rng.random(n) < 1 / (1 + np.exp(-(score - 50) / 8)), "yes", "no")
    kind = np.where(score < 30, "a", np.where(score < 70, "b", "c"))
    return pd.DataFrame({"score": score, "answer": answer, "kind": kind}).astype({"score": "Int64"})


def test_what_is_known_stays_and_what_is_missing_follows_what_predicts_it() -> None:
    whole = frame(800)
    holes = whole.mask(np.random.default_rng(2).random(whole.shape) < 0.2)
    drawn = incomplete(holes, TERMS, np.empty((800, 0))).completed(np.random.default_rng(3))
    for name in whole:
        known = holes[name].notna()
        assert (drawn.loc[known, name].astype(str).str.removesuffix(".0") == whole.loc[known, name].astype(str)).all()
        assert set(drawn[name]) <= set(whole[name])
    lost = holes["kind"].isna() & holes["score"].notna()
    assert (drawn.loc[lost, "kind"] == whole.loc[lost, "kind"]).mean() > 0.85
    lost = holes["score"].isna()
    assert np.corrcoef(drawn.loc[lost, "score"].astype(float), whole.loc[lost, "score"].astype(float))[0, 1] > 0.6


def test_the_same_seed_draws_the_same_and_another_others() -> None:
    holes = frame(200).mask(np.random.default_rng(2).random((200, 3)) < 0.2)
    own = incomplete(holes, TERMS, np.empty((200, 0)))
    first, again, other = (own.completed(np.random.default_rng(seed)) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


@pytest.mark.parametrize("n_levels", [2, 4])
def test_the_multinomial_mode_is_that_of_a_plain_optimiser(n_levels: int) -> None:
    rng = np.random.default_rng(n_levels)
    columns = np.column_stack([np.ones(120), rng.normal(size=(120, 2))])
    chosen, weights = rng.integers(n_levels, size=120), rng.integers(0, 3, 120).astype(float)

    def loss(flat: np.ndarray) -> float:
        whole = np.column_stack([np.zeros(120), columns @ flat.reshape(3, n_levels - 1)])
        logs = whole - np.log(np.exp(whole).sum(axis=1))[:, None]
        prior = (flat.reshape(3, n_levels - 1)[1:] ** 2).sum() / (2 * PRIOR_VARIANCE)
        return -float(weights @ logs[np.arange(120), chosen]) + prior

    top = minimize(loss, np.zeros(3 * (n_levels - 1)), method="BFGS").x.reshape(3, -1)
    np.testing.assert_allclose(multinomial(columns, chosen, weights, n_levels), top, atol=5e-3)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"answer": None}, imputation.NOTHING_OBSERVED),
        ({"answer": ["yes", None] * 50}, imputation.ONE_VALUE),
        ({"answer": ["yes", "no", None, "no"] * 25, "score": 5, "kind": "a"}, imputation.NOTHING_PREDICTS),
    ],
    ids=["nothing observed", "one value", "nothing predicts"],
)
def test_what_cannot_be_drawn_says_why(change: dict[str, object], why: str) -> None:
    own = incomplete(frame(100).astype(object).assign(**change), TERMS, np.ones((100, 1)))
    assert own.why_not().startswith(why)
    with pytest.raises(ValueError, match=why):
        own.completed(np.random.default_rng(1))
