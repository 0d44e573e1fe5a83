"""Printed values as whole-number targets."""

from decimal import Decimal
from fractions import Fraction

import pytest

from orchestration.synthetic.calibration.targets import IMPOSSIBLE, annex_b, annex_c, numerators
from tests.unit.synthetic.calibration.published import printed


@pytest.mark.parametrize(
    ("n", "value", "unit", "expected"),
    [
        (280, "67.1", "percent", (188, 188)),
        (2885, "38.8", "percent", (1118, 1120)),
        (36, "2.03", "mean_count", (73, 73)),
        (3308, "3.6", "mean_count", (11744, 12074)),
    ],
)
def test_numerators_are_those_that_print_as_the_value(n, value, unit, expected):
    assert numerators(n, Decimal(value), unit) == expected


def test_a_tie_is_left_out_where_another_numerator_prints_the_same():
    assert printed(Fraction(100 * 1, 2000), 1) == "0.1"
    assert numerators(2000, Decimal("0.1"), "percent") == (2, 2)


def test_a_tie_stays_where_nothing_else_prints_the_value():
    assert numerators(224, Decimal("31.3"), "percent") == (70, 70)


@pytest.mark.parametrize("table", [annex_b(), annex_c()], ids=["annex B", "annex C"])
def test_every_target_with_a_size_has_a_numerator(table):
    empty = [key for key, cell in table.items() if cell.n is not None and cell.numerators()[0] > cell.numerators()[1]]
    assert empty == []


def test_only_the_two_impossible_cells_are_read_otherwise():
    assert len(IMPOSSIBLE) == 2
