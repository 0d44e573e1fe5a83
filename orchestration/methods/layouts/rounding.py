"""Rounding as the bulletins do: half up, from whole-number numerators.

Belongs here: rounding and exact shares. Not here: how many decimals a cell has (`layout_2020`, `layout_2023`).
"""

import math
from decimal import Decimal
from fractions import Fraction


def round_half_up(value: float | Fraction | None, decimals: int) -> float | None:
    """The value rounded half up (half away from zero below zero); None or NaN where there is none.

    Exact for fractions. A float counts as its shortest decimal form, which is exact for the quotient of two
    whole numbers: 100 * 70 / 224 is 31.25 and becomes 31.3, where Python's round gives 31.2.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return value
    exact = value if isinstance(value, Fraction) else Decimal(repr(float(value)))
    part, whole = exact.as_integer_ratio()
    steps = (2 * abs(part) * 10**decimals + whole) // (2 * whole)
    return math.copysign(steps / 10**decimals, part) if steps else 0.0


def share(part: int, whole: int, scale: int = 1) -> Fraction | None:
    """`part` of `whole` times `scale`, exactly; None where the whole is 0."""
    return Fraction(scale * int(part), int(whole)) if whole else None
