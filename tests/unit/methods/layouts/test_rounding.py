"""Rounding as the tables do: half up, exactly."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.methods.layouts.rounding import round_half_up, share


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [(70, 224, 31.3), (1, 8, 12.5), (167, 2000, 8.4), (0, 7, 0.0), (7, 7, 100.0), (1119, 2885, 38.8)],
    ids=lambda value: str(value),
)
def test_percentages_are_printed_half_up(part: int, whole: int, printed: float) -> None:
    assert round_half_up(100 * part / whole, 1) == printed
    assert round_half_up(share(part, whole, 100), 1) == printed


@given(
    part=st.integers(0, 5000),
    whole=st.integers(1, 5000),
    scale=st.sampled_from([1, 100]),
    d=st.integers(0, 3),
)
def test_floats_of_one_division_round_as_their_exact_fractions(part: int, whole: int, scale: int, d: int) -> None:
    exact = share(part, whole, scale)
    assert exact is not None
    assert round_half_up(scale * part / whole, d) == round_half_up(exact, d)


@given(st.decimals(-1000, 1000, places=4), st.integers(0, 3))
def test_rounding_is_that_of_decimal_arithmetic(value: Decimal, decimals: int) -> None:
    expected = float(value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
    assert round_half_up(Fraction(value), decimals) == expected


def test_no_value_stays_no_value() -> None:
    assert round_half_up(None, 1) is None
    assert str(round_half_up(float("nan"), 1)) == "nan"
    assert share(0, 0) is None
