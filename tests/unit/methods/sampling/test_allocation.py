"""Largest remainders against every other allocation, and strata with missing values."""

import itertools
from fractions import Fraction

import numpy as np
import pytest

from orchestration.methods.sampling.allocation import allocate, allocate_cells, count_cells
from orchestration.methods.sampling.sample_size import required_sample
from tests.made_up.caseloads import CASELOAD, listed


def _every_allocation(sizes, n):
    for allocation in itertools.product(*(range(size + 1) for size in sizes)):
        if sum(allocation) == n:
            yield allocation


def _miss(allocation, sizes, n):
    return sum(abs(Fraction(n * size, sum(sizes)) - part) for part, size in zip(allocation, sizes, strict=True))


@pytest.mark.parametrize("sizes", [(5, 3, 1), (4, 4, 4), (7, 2, 2, 1), (1, 1, 1, 6), (0, 5, 3)], ids=str)
def test_no_other_allocation_is_nearer_to_the_exact_shares(sizes):
    for n in range(sum(sizes) + 1):
        best = min(_miss(other, sizes, n) for other in _every_allocation(sizes, n))
        assert _miss(allocate(sizes, n), sizes, n) == best


def test_allocations_add_up_stay_within_one_of_the_share_and_within_the_stratum():
    generator = np.random.default_rng(4)
    for _ in range(300):
        sizes = generator.integers(0, 60, generator.integers(1, 15)).tolist()
        n = int(generator.integers(0, sum(sizes) + 1))
        allocation = allocate(sizes, n)
        assert sum(allocation) == n
        for part, size in zip(allocation, sizes, strict=True):
            assert 0 <= part <= size
            assert abs(part * sum(sizes) - n * size) < sum(sizes) or sum(sizes) == 0


@pytest.mark.parametrize(
    ("sizes", "n", "expected"),
    [
        ((10, 10, 10), 2, [1, 1, 0]),  # equal in all: the earlier
        ((4, 12), 2, [0, 2]),  # shares 0.5 and 1.5: equal fractions, the larger
        ((2, 2, 12), 4, [1, 0, 3]),  # shares 0.5, 0.5 and 3.0
    ],
)
def test_ties_go_to_the_larger_stratum_then_to_the_earlier(sizes, n, expected):
    assert allocate(sizes, n) == expected


@pytest.mark.parametrize(("sizes", "n"), [((3, 2), 6), ((3, 2), -1), ((5, -1), 2)])
def test_more_cases_than_there_are_is_an_error(sizes, n):
    with pytest.raises(ValueError, match="must lie between"):
        allocate(sizes, n)


def test_missing_values_are_strata_of_their_own_in_reading_order():
    cells = count_cells(listed(CASELOAD), listed({}))
    merseyside = cells[cells["provider"] == "Merseyside"]
    assert merseyside[["gender", "case_type", "rosh_level", "caseload"]].to_numpy().tolist() == [
        ["male", "community", "low", 80],
        ["male", "community", "missing", 9],
        ["female", "post_release", "medium", 25],
        ["missing", "post_release", "medium", 2],
    ]


def test_each_provider_gets_its_own_required_sample():
    cells = count_cells(listed(CASELOAD), listed({}))
    allocated = allocate_cells(cells).groupby(cells["provider"]).sum()
    assert allocated.to_dict() == {"Essex": required_sample(355), "Merseyside": required_sample(116)}


def test_providers_of_one_name_and_two_types_are_two_providers():
    both = [listed({("London", "male", "community", "low"): 10}, kind) for kind in ("nps", "crc")]
    cells = count_cells(both[0], both[1])
    assert cells[["provider_type", "caseload", "achieved"]].to_numpy().tolist() == [["crc", 0, 10], ["nps", 10, 0]]
