"""How many cases an inspection needs, and how precise a sample of a given size is.

2020/03 and 2023/04, Annex A, Domain two case sample: "the overall sample size in each inspection was set to achieve a
confidence level of 80% (with a margin of error of five percentage points)". The bulletins give neither the expected
share nor say whether the size of the caseload counts: a share of one half (the cautious one) and the correction
for a finite population are our choice.

Belongs here: the two formulas. Not here: how the cases are spread over strata (`allocation`).
"""

from dataclasses import dataclass
from math import ceil, nan, sqrt

from orchestration.methods.statistics.significance import normal_quantile

_ROUNDING = 1e-9  # a size that is whole but for rounding is not raised


@dataclass(frozen=True)
class Precision:
    """What a sample is to achieve: `confidence`, `margin` and the expected `share` as shares (0 to 1), all exclusive.

    Raises ValueError where one of them lies outside.
    """

    confidence: float = 0.80
    margin: float = 0.05
    share: float = 0.5

    def __post_init__(self) -> None:
        for name in ("confidence", "margin", "share"):
            if not 0 < getattr(self, name) < 1:
                raise ValueError(f"{name} must lie between 0 and 1, both excluded")

    @property
    def z(self) -> float:
        """The two-sided normal quantile of the confidence level: 1.281552 at 80%."""
        return float(normal_quantile(1 - self.confidence))


BULLETIN_PRECISION = Precision()


def required_sample(population: int, precision: Precision = BULLETIN_PRECISION) -> int:
    """The smallest simple random sample of `population` cases that is as precise as wanted.

    Cochran (1977), equations 4.1 and 4.2: n0 / (1 + (n0 - 1) / N), rounded up, with n0 = z^2 p (1 - p) / e^2. Never
    more than the population; 0 for an empty one.
    """
    if population < 1:
        return 0
    unlimited = precision.z**2 * precision.share * (1 - precision.share) / precision.margin**2
    return min(ceil(unlimited * population / (population - 1 + unlimited) - _ROUNDING), population)


def margin_of_error(sample: int, population: int, precision: Precision = BULLETIN_PRECISION) -> float:
    """Half the width (a share, 0 to 1) of the interval of `precision.share` from a sample of this size.

    The inverse of `required_sample`: z sqrt(p (1 - p) / n * (N - n) / (N - 1)); 0 where everybody is in the sample, NaN
    where nobody is or the sample is larger than the population.
    """
    if sample < 1 or sample > population:
        return nan
    if sample == population:
        return 0.0
    variance = precision.share * (1 - precision.share) / sample
    return precision.z * sqrt(variance * (population - sample) / (population - 1))
