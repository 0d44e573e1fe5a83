"""Draws by number: reproducible, even, and permutations that lose nobody."""

import numpy as np
import pytest

from orchestration.synthetic.identities.counters import key_of, permuted, uniforms


def test_a_draw_depends_on_key_and_number_alone():
    numbers = np.array([5, 0, 10**12, 5])
    drawn = uniforms(key_of(1, "age"), numbers)
    assert drawn[0] == drawn[3]
    assert (uniforms(key_of(1, "age"), numbers[::-1]) == drawn[::-1]).all()


def test_draws_are_even_and_neighbours_have_nothing_in_common():
    drawn = uniforms(key_of(1, "age"), np.arange(200_000))
    counts = np.bincount((drawn * 100).astype(int), minlength=100)
    assert ((counts - 2000) ** 2 / 2000).sum() < 160  # chi-square of 99 degrees, p about 0.0001
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.01


@pytest.mark.parametrize(
    ("one", "other"), [((1, "age"), (1, "sex")), ((1, "age"), (2, "age"))], ids=["purpose", "seed"]
)
def test_another_purpose_or_seed_draws_independently(one, other):
    numbers = np.arange(50_000)
    assert abs(np.corrcoef(uniforms(key_of(*one), numbers), uniforms(key_of(*other), numbers))[0, 1]) < 0.02


@pytest.mark.parametrize("size", [1, 2, 3, 10, 23, 1000, 9973, 46_368])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_permutation_gives_every_number_once(size, seed):
    moved = permuted(key_of(seed, "ids"), np.arange(size), size)
    assert np.array_equal(np.sort(moved), np.arange(size))


def test_a_permutation_leaves_no_order():
    moved = permuted(key_of(3, "ids"), np.arange(10_000), 10_000)
    assert 0.2 < (np.diff(moved) < 0).mean() < 0.8


def test_a_permutation_too_large_for_its_arithmetic_is_refused():
    with pytest.raises(ValueError, match="too many"):
        permuted(1, np.arange(3), 3_000_000_000)
