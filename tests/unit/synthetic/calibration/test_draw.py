"""The draw device: exact margins, dependence kept, clear refusals."""

import numpy as np
import pytest

from orchestration.synthetic.calibration.draw import InfeasibleDrawError, Row, count_row, draw_categories

N = 300
EVERYONE = np.ones(N)
FIRST_HALF = np.arange(N) < N // 2


def _rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("n_categories", [2, 3, 5])
def test_counts_are_exact_for_any_number_of_categories(n_categories):
    chosen = np.eye(n_categories)
    rows = [
        count_row("first", EVERYONE, chosen[0], 70),
        count_row("last, first half", FIRST_HALF, chosen[-1], 101),
    ]
    drawn = draw_categories("a variable", np.zeros((N, n_categories)), rows, _rng())
    assert (drawn == 0).sum() == 70
    assert ((drawn == n_categories - 1) & FIRST_HALF).sum() == 101


def test_a_band_is_kept_and_several_categories_can_be_counted_together():
    rows = [count_row("either", EVERYONE, np.array([True, True, False]), 10, 12)]
    drawn = draw_categories("a variable", np.zeros((N, 3)), rows, _rng())
    assert 10 <= (drawn < 2).sum() <= 12


def test_a_weighted_row_holds_a_difference_of_rates():
    difference = Row("difference", np.outer(np.where(FIRST_HALF, 1.0, -1.0), [1.0, 0.0]), 40, 44)
    drawn = draw_categories("a variable", np.zeros((N, 2)), [difference], _rng())
    assert 40 <= (drawn[FIRST_HALF] == 0).sum() - (drawn[~FIRST_HALF] == 0).sum() <= 44


def test_the_margin_is_exact_and_the_utility_still_tells():
    score = np.linspace(-3, 3, N)
    rows = [count_row("chosen", EVERYONE, np.array([True, False]), 100)]
    drawn = draw_categories("a variable", np.column_stack([2 * score, 0 * score]), rows, _rng()) == 0
    assert drawn.sum() == 100
    assert score[drawn].mean() > score[~drawn].mean() + 1


def test_without_rows_every_case_takes_its_best_category():
    drawn = draw_categories("a variable", np.tile([0.0, 50.0, 0.0], (N, 1)), [], _rng())
    assert set(drawn) == {1}


def test_the_same_seed_draws_the_same_and_another_does_not():
    rows = [count_row("chosen", EVERYONE, np.array([True, False]), 100)]
    draws = [draw_categories("a variable", np.zeros((N, 2)), rows, _rng(seed)) for seed in (1, 1, 2)]
    assert (draws[0] == draws[1]).all()
    assert (draws[0] != draws[2]).any()


def test_rows_that_cannot_hold_together_are_refused_by_name():
    yes = np.array([True, False])
    rows = [count_row("all", EVERYONE, yes, 20), count_row("half", FIRST_HALF, yes, 21)]
    with pytest.raises(InfeasibleDrawError, match="engagement"):
        draw_categories("engagement", np.zeros((N, 2)), rows, _rng())


def test_a_row_whose_bounds_cross_is_refused_with_its_name():
    with pytest.raises(InfeasibleDrawError, match="the odd row"):
        draw_categories(
            "engagement",
            np.zeros((N, 2)),
            [count_row("the odd row", EVERYONE, np.array([True, False]), 5, 4)],
            _rng(),
        )
