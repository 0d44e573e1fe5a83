"""Zero-truncated negative binomial regression, the sensitivity analysis of the number of reoffences.

Belongs here: the model of counts that cannot be zero. Not here: the published models. A reoffender has at
least one reoffence, so the published negative binomial is misspecified; this model is not.
"""

import numpy as np

from orchestration.methods.statistics.dispersed_counts import DispersedCounts, log_probability, without_zero
from orchestration.methods.statistics.fitting import Family, FamilyFit
from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector
from orchestration.methods.statistics.negative_binomial import (
    NOT_MAXIMISED,
    dispersion_of,
    highest_dispersed,
    moment_alpha,
    poisson_maximum,
)

# Beyond, the likelihood is flat in alpha and the estimate is that of another model.
LARGEST_LOG_ALPHA = 6.0
HAS_ZERO = "some count is zero, which this distribution excludes"
AT_THE_EDGE = "the dispersion runs beyond what the counts can tell (|ln alpha| > 6)"


def _fit(columns: Matrix, outcome: Vector) -> FamilyFit:
    poisson = poisson_maximum(columns, outcome)
    if outcome.min() < 1:
        return FamilyFit(poisson, failure=HAS_ZERO)
    moment = moment_alpha(outcome, np.exp(columns @ poisson.params))
    maximum = highest_dispersed(
        DispersedCounts(outcome, columns, (log_probability, without_zero)), poisson.params, moment
    )
    if abs(maximum.params[-1]) > LARGEST_LOG_ALPHA:
        return FamilyFit(maximum, failure=AT_THE_EDGE)
    if not maximum.is_accepted:
        return FamilyFit(maximum, failure=NOT_MAXIMISED)
    return FamilyFit(maximum, dispersion_of(maximum))


ZERO_TRUNCATED = Family("zero_truncated_negative_binomial", 1.0, np.exp, _fit)
