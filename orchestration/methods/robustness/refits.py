"""A judgement's coefficient estimated otherwise: its t test, its ratio and its interval as a row.

Belongs here: the columns that every such check shares, and Rubin's rules for estimates that were made several times.
Not here: the checks.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.robustness.published_fits import PublishedFit
from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector
from orchestration.tables.table import Table


def wald_row(estimate: float, error: float, significance_level: float, df: float = np.inf) -> Row:
    """`p` of the t test (normal without degrees of freedom), `exp_estimate` and the interval of the ratio."""
    from scipy.stats import t

    reach = float(t.isf(significance_level / 2, df)) * error
    return {
        "p": float(2 * t.sf(abs(estimate / error), df)),
        "exp_estimate": float(np.exp(estimate)),
        "ci_low": float(np.exp(estimate - reach)),
        "ci_high": float(np.exp(estimate + reach)),
    }


@dataclass(frozen=True)
class Pooled:
    """Estimates pooled over draws: `error` and `df` of each coefficient, and what share of the variance is between."""

    estimates: Vector
    errors: Vector
    df: Vector
    between_share: Vector


def pooled(estimates: Matrix, covariances: np.ndarray, df_complete: float) -> Pooled:
    """Rubin's rules (1987) with Barnard and Rubin's degrees of freedom (1999).

    `estimates`: draws x coefficients, two draws or more; `covariances`: draws x coefficients x coefficients;
    `df_complete`: the degrees of freedom there would be if nothing had to be drawn.
    """
    m = len(estimates)
    within = np.array([np.diag(covariance) for covariance in covariances]).mean(axis=0)
    between = (1 + 1 / m) * estimates.var(axis=0, ddof=1)
    total = within + between
    share = between / total
    observed = (df_complete + 1) / (df_complete + 3) * df_complete * (1 - share)
    with np.errstate(divide="ignore"):
        drawn = (m - 1) / share**2
        df = 1 / (1 / drawn + 1 / observed)
    return Pooled(estimates.mean(axis=0), np.sqrt(total), df, share)


def refit_rows(
    table: Table,
    models: Iterable[PublishedFit],
    rows_of: Callable[[PublishedFit], tuple[Row, Pooled | None, str]],
    significance_level: float,
) -> pd.DataFrame:
    """The table's frame: one row a published model and coefficient of a judgement.

    `rows_of` gives of a model the facts that all its rows share, its pooled estimates, and why there are none.
    """
    return frame_of(table, (row for model in models for row in _rows(model, rows_of(model), significance_level)))


def _rows(model: PublishedFit, found: tuple[Row, Pooled | None, str], significance_level: float) -> Iterator[Row]:
    facts, estimates, why = found
    for term, level, column in model.judgements():
        row: Row = {"model_id": model.specification.model_id, "coefficient": f"{term.name}={level}", **facts}
        if estimates is None:
            yield row | {"not_estimable_because": why}
            continue
        estimate, error, df = (float(v[column]) for v in (estimates.estimates, estimates.errors, estimates.df))
        yield row | {
            "estimate": estimate,
            "std_error": error,
            "df": df,
            "between_share": float(estimates.between_share[column]),
            **wald_row(estimate, error, significance_level, df),
        }
