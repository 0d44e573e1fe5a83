"""The published models if some links are another person's: links drawn again, errors pooled.

Belongs here: which links are drawn to be false, given how well the outcome fits the case, and the pooled estimates. Not
here: other rules and windows (`linkage/choices`), whom a false link would lead to.

The model of a false link: its outcome is that of anybody. Links are taken to be false with one probability before
looking; a link's outcome that the model finds unlikely makes it likelier. In turn the coefficients are drawn given the
links and the links given the coefficients (data augmentation; Tanner and Wong 1987); a false link tells nothing of
the case, which then counts as not linked. Estimates are pooled as those of imputed data.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row
from orchestration.methods.robustness.published_fits import OTHERS_WITHOUT, PublishedFit
from orchestration.methods.robustness.quick_fits import Estimates, quick_fit
from orchestration.methods.robustness.refits import Pooled, pooled, refit_rows
from orchestration.methods.statistics.dispersed_counts import log_probability
from orchestration.methods.statistics.logistic import LOGISTIC
from orchestration.methods.statistics.maximum_likelihood import Vector
from orchestration.tables.robustness_refits import RELINKED_ESTIMATES

SEED = 2023
WARM_UP = 10
FEWEST = 2
NOT_ASKED = "fewer than two draws were asked for"
NOT_EVERYWHERE = "without the links drawn to be false a coefficient of the model has no estimate"


def relinked_estimates(
    models: Iterable[PublishedFit], false_share: float, draws: int, significance_level: float = 0.05
) -> pd.DataFrame:
    """results.relinked_estimates: one row a published model and coefficient of a judgement.

    `false_share`: the probability (0 to below 1) that a link is another person's; `draws`: how often links are drawn.
    """

    def rows_of(model: PublishedFit) -> tuple[Row, Pooled | None, str]:
        found, n_false, why = relinked(model, false_share, draws)
        return {"n": model.design.n, "false_share": false_share, "n_drawn": draws, "mean_false": n_false}, found, why

    return refit_rows(RELINKED_ESTIMATES, models, rows_of, significance_level)


def relinked(model: PublishedFit, false_share: float, draws: int) -> tuple[Pooled | None, float, str]:
    """The pooled estimates of a model, how many links were drawn to be false on average, and why there are none."""
    if draws < FEWEST:
        return None, np.nan, NOT_ASKED
    if not model.fit.converged or not np.isfinite(model.fit.estimates).all():
        return None, np.nan, model.fit.failure or OTHERS_WITHOUT
    rng = np.random.default_rng([SEED, *model.specification.model_id.encode()])
    dispersion = model.fit.dispersion
    fit = Estimates(model.fit.estimates, model.fit.covariance, dispersion[0] if dispersion else None)
    anybody, kept, n_false = _chance_of_anybody(model.design.outcome), [], []
    for turn in range(WARM_UP + draws):
        own = _chance(model, fit.alpha, rng.multivariate_normal(fit.estimates, fit.covariance))
        false = false_share * anybody
        is_false = rng.random(model.design.n) < false / (false + (1 - false_share) * own)
        fit = quick_fit(model.family, model.design.matrix[~is_false], model.design.outcome[~is_false])
        if not fit.is_whole:
            return None, np.nan, fit.failure or NOT_EVERYWHERE
        if turn >= WARM_UP:
            kept.append(fit)
            n_false.append(int(is_false.sum()))
    estimates = np.array([fit.estimates for fit in kept])
    df = model.design.n - estimates.shape[1]
    return pooled(estimates, np.array([fit.covariance for fit in kept]), df), float(np.mean(n_false)), ""


def _chance_of_anybody(outcome: Vector) -> Vector:
    """How likely each case's outcome is for anybody: the share of the cases that have it."""
    _, place, count = np.unique(outcome, return_inverse=True, return_counts=True)
    return count[place] / len(outcome)


def _chance(model: PublishedFit, alpha: float | None, coefficients: Vector) -> Vector:
    """How likely each case's outcome is for the case."""
    from scipy.stats import poisson

    mean, outcome = model.family.mean(model.design.matrix @ coefficients), model.design.outcome
    if model.family == LOGISTIC:
        return np.where(outcome == 1, mean, 1 - mean)
    if alpha is None:
        return np.asarray(poisson.pmf(outcome, mean), dtype=np.float64)
    return np.exp(log_probability(outcome, mean, 1 / alpha).value)
