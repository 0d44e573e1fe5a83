"""Coefficients and terms of a fitted model as rows, for every results table that shows them.

Belongs here: estimates with their Wald errors and intervals, and both tests of a term. Not
here: fitting and testing (`fitting`, `significance`), and what a table adds to them (the module that makes it).
"""

from collections.abc import Mapping

import numpy as np

from orchestration.methods.layouts.frames import Row
from orchestration.methods.statistics.fitting import Fit
from orchestration.methods.statistics.significance import TermTests, normal_p, normal_quantile


def wald_estimates(fit: Fit, significance_level: float) -> dict[str, np.ndarray]:
    """`estimate` to `ci_high`, each over the design's coefficients: exponentials and Wald intervals, NaN where there is
    no estimate.
    """
    reach = normal_quantile(significance_level)
    error = np.sqrt(np.diag(fit.covariance))
    z = fit.estimates / error
    return {
        "estimate": fit.estimates,
        "std_error": error,
        "z": z,
        "p": normal_p(z),
        "exp_estimate": np.exp(fit.estimates),
        "ci_low": np.exp(fit.estimates - reach * error),
        "ci_high": np.exp(fit.estimates + reach * error),
    }


def coefficient_row(name: str, position: int, estimates: Mapping[str, np.ndarray]) -> Row:
    """A coefficient, its term and level, its estimates and whether it is estimable: "gender=female" is a level."""
    term, _, level = name.partition("=")
    return {
        "coefficient": name,
        "term": term,
        "level": level or None,
        **{column: values[position] for column, values in estimates.items()},
        "estimable": bool(np.isfinite(estimates["estimate"][position])),
    }


def term_row(tests: TermTests) -> Row:
    """Both tests of one term, and whether it is estimable; the degrees of freedom are those tested, if any are."""
    is_tested = np.isfinite(tests.likelihood_ratio.p)
    return {
        "df": tests.likelihood_ratio.df if is_tested else tests.wald.df,
        "lr_chi2": tests.likelihood_ratio.chi2,
        "lr_p": tests.likelihood_ratio.p,
        "wald_chi2": tests.wald.chi2,
        "wald_p": tests.wald.p,
        "estimable": tests.estimable,
    }
