"""How an exact number is told, and what the told one says of it.

Belongs here: printing a count as it is and a percentage to its decimals, or both rounded to a base. Not here: whether a
number is told at all (`suppression.py`).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from orchestration.disclosure.claims import Claim, Quantity

_NOISE = 1e-9  # an exact number is a float, and the end of what is printed the same may fall a hair beside it
Interval = tuple[float, float]


def half_up(value: float, unit: float) -> float:
    """The nearest multiple of a unit; halves go up, as everywhere in the bulletins."""
    return math.floor(value / unit + 0.5 + _NOISE) * unit


@dataclass(frozen=True)
class AsPrinted:
    """Counts as they are, all else to the decimals it is printed with."""

    def number(self, claim: Claim) -> float:
        """What is told."""
        return claim.value if claim.is_count else round(half_up(claim.value, 10.0**-claim.decimals), claim.decimals)

    def interval(self, claim: Claim) -> Interval:
        """Between what the exact number lies, for who reads the told one."""
        if claim.is_count:
            return claim.value, claim.value
        half, told = 10.0**-claim.decimals / 2, self.number(claim)
        return told - half - _NOISE, told + half + _NOISE

    def may_tell(self, claim: Claim) -> bool:
        """Whether such a number is told at all."""
        return True

    def cases(self, n: float) -> float:
        """The number of cases that a model rests on, as told."""
        return n

    def tells(self, claim: Claim) -> bool:
        """Whether it tells more than its parts do: a gap is printed from exact percentages."""
        return True


@dataclass(frozen=True)
class Rounded:
    """Counts to the nearest multiple of `base`, percentages and gaps made from counts so rounded.

    `values`: the exact count behind each quantity. A mean stays as printed: it is of a number that is not told.
    """

    base: int
    values: Mapping[Quantity, float]

    def number(self, claim: Claim) -> float:
        """What is told; not a number where a group is rounded away."""
        if claim.is_count:
            return half_up(claim.value, self.base)
        if not self._is_of_counts(claim):
            return AsPrinted().number(claim)
        total = sum(self._share(quantity, weight) for quantity, weight in claim.weights.items())
        return total if math.isnan(total) else round(half_up(total, 10.0**-claim.decimals), claim.decimals)

    def interval(self, claim: Claim) -> Interval:
        """Between what the exact number lies: half a base either way of the rounded count behind it."""
        if not self._is_of_counts(claim):
            return AsPrinted().interval(claim)
        ((quantity, weight),) = claim.weights.items()
        told = half_up(self.values[quantity], self.base)
        return (told - self.base / 2) * weight, (told + self.base / 2) * weight

    def may_tell(self, claim: Claim) -> bool:
        """Not what is worked out of exact counts otherwise than by adding: they could be worked out of it."""
        return bool(claim.weights)

    def cases(self, n: float) -> float:
        """The number of cases that a model rests on, as told."""
        return n if pd.isna(n) else half_up(float(n), self.base)

    def tells(self, claim: Claim) -> bool:
        """Whether it tells more than its parts do: a gap between rounded percentages does not."""
        return not (self._is_of_counts(claim) and len(claim.weights) > 1)

    def _is_of_counts(self, claim: Claim) -> bool:
        return bool(claim.weights) and all(quantity.is_people for quantity in claim.weights)

    def _share(self, quantity: Quantity, weight: float) -> float:
        part, whole = half_up(self.values[quantity], self.base), half_up(100 / abs(weight), self.base)
        return math.copysign(100 * part / whole, weight) if whole else math.nan


Telling = AsPrinted | Rounded
