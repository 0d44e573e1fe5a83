"""The published models with a level of its own for every provider.

Belongs here: random intercepts by provider, beside the errors that know of them (`clustered_errors`). Not here: the
marginal likelihood (`statistics/random_intercept`).
"""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.robustness.clustered_errors import FEWEST_CLUSTERS, ONE_CLUSTER, UNKNOWN_PROVIDER
from orchestration.methods.robustness.published_fits import PublishedFit
from orchestration.methods.robustness.refits import wald_row
from orchestration.methods.statistics.logistic import LOGISTIC
from orchestration.methods.statistics.random_intercept import InterceptFit, fit_random_intercept
from orchestration.tables.robustness_refits import PROVIDER_INTERCEPTS

NO_DISPERSION = "the counts have no dispersion beside which providers could differ"


def provider_intercepts(
    models: Iterable[PublishedFit], providers: pd.Series, significance_level: float = 0.05
) -> pd.DataFrame:
    """results.provider_intercepts: one row a published model and coefficient of a judgement.

    `providers`: the provider of each case, by the index of the cases the models were fitted to.
    """
    rows = (row for model in models for row in _rows(model, providers.loc[model.design.cases], significance_level))
    return frame_of(PROVIDER_INTERCEPTS, rows)


def _rows(model: PublishedFit, providers: pd.Series, significance_level: float) -> Iterator[Row]:
    why = _why_not(model, providers)
    found = None if why else _fit(model, providers)
    for term, level, column in model.judgements():
        row: Row = {"model_id": model.specification.model_id, "coefficient": f"{term.name}={level}"}
        row |= {"n": model.design.n, "n_providers": int(providers.nunique())}
        if found is None or found.failure:
            yield row | {"not_estimable_because": why or (found.failure if found else "")}
            continue
        estimate, error = float(found.estimates[column]), float(np.sqrt(found.covariance[column, column]))
        row |= {"spread": found.spread, "estimate": estimate, "std_error": error}
        yield row | wald_row(estimate, error, significance_level)


def _why_not(model: PublishedFit, providers: pd.Series) -> str:
    if providers.isna().any():
        return UNKNOWN_PROVIDER
    if providers.nunique() < FEWEST_CLUSTERS:
        return ONE_CLUSTER
    first = next((column for _, _, column in model.judgements()), 0)
    if why := model.why_not(first):
        return why
    return "" if model.family == LOGISTIC or model.fit.dispersion else NO_DISPERSION


def _fit(model: PublishedFit, providers: pd.Series) -> InterceptFit:
    return fit_random_intercept(model.design.outcome, model.design.matrix, providers.to_numpy(), model.fit)
