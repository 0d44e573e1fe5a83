"""Do the models' probabilities come true, and are the intervals' lines straight?

Belongs here: predictions for providers that the model was not fitted to, how they compare with what happened, and
splines in the place of lines. Not here: Hosmer and Lemeshow's test on the model's own cases (`statistics/logistic`),
which stands beside.

A model looks calibrated on its own cases: its slope there is 1. So every provider's cases are predicted by the model
fitted to all others (internal-external validation; Steyerberg and Harrell 2016). The slope is that of a logistic
regression of the outcome on the predicted log odds (Cox 1958), below 1 where predictions are too extreme; the intercept
is how much, in log odds, more happens than predicted.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.robustness.clustered_errors import FEWEST_CLUSTERS, ONE_CLUSTER, UNKNOWN_PROVIDER
from orchestration.methods.robustness.published_fits import OTHERS_WITHOUT, PublishedFit
from orchestration.methods.robustness.quick_fits import quick_fit
from orchestration.methods.statistics.discrimination import roc_area
from orchestration.methods.statistics.fitting import fit_family
from orchestration.methods.statistics.logistic import LOGISTIC, hosmer_lemeshow
from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector
from orchestration.methods.statistics.significance import likelihood_ratio, normal_quantile
from orchestration.tables.robustness_refits import CALIBRATION, CALIBRATION_GROUPS, SPLINE_TESTS

GROUPS = 10
KNOTS = (0.05, 0.35, 0.65, 0.95)
NOT_EVERYWHERE = "the model has no estimate without the cases of some provider"
STRAIGHT = "the intervals take too few values for a bend"


def predicted_elsewhere(model: PublishedFit, providers: pd.Series) -> tuple[Vector, str]:
    """Each case's probability by the model fitted to all other providers' cases; none and why where not to be had.

    `providers`: one label a case of the design.
    """
    if providers.isna().any() or providers.nunique() < FEWEST_CLUSTERS:
        return np.empty(0), UNKNOWN_PROVIDER if providers.isna().any() else ONE_CLUSTER
    if not model.fit.converged or not np.isfinite(model.fit.estimates).all():
        return np.empty(0), model.fit.failure or OTHERS_WITHOUT
    design, labels = model.design, providers.to_numpy()
    predicted = np.empty(design.n)
    for label in np.unique(labels):
        own = labels == label
        fit = quick_fit(model.family, design.matrix[~own], design.outcome[~own])
        predicted[own] = model.family.mean(design.matrix[own] @ fit.estimates)
    return (predicted, "") if np.isfinite(predicted).all() else (np.empty(0), NOT_EVERYWHERE)


def calibration(models: Iterable[PublishedFit], providers: pd.Series, significance_level: float = 0.05) -> pd.DataFrame:
    """results.calibration: one row a logistic model. `providers`: by the index of the cases of the models."""
    reach = normal_quantile(significance_level)
    return frame_of(CALIBRATION, (_row(model, providers, reach) for model in models if not model.is_count))


def _row(model: PublishedFit, providers: pd.Series, reach: float) -> Row:
    own, outcome = providers.loc[model.design.cases], model.design.outcome
    test = hosmer_lemeshow(outcome, model.fit.fitted)
    row: Row = {"model_id": model.specification.model_id, "n": model.design.n, "n_providers": int(own.nunique())}
    row |= {"hosmer_lemeshow_chi2": test.chi2, "hosmer_lemeshow_df": test.df, "hosmer_lemeshow_p": test.p}
    predicted, why = predicted_elsewhere(model, own)
    if why:
        return row | {"not_estimable_because": why}
    log_odds, share = np.log(predicted / (1 - predicted)), float(outcome.mean())
    slope = fit_family(LOGISTIC, np.column_stack([np.ones(len(log_odds)), log_odds]), outcome)
    if not np.isfinite(slope.estimates).all():
        return row | {"not_estimable_because": slope.failure or NOT_EVERYWHERE}
    error = float(np.sqrt(slope.covariance[1, 1]))
    brier = float(((outcome - predicted) ** 2).mean())
    return row | {
        "brier": brier,
        "brier_gain": 100 * (1 - brier / (share * (1 - share))),
        "roc_area": roc_area(predicted, outcome == 1).area,
        "intercept": _level(outcome, log_odds),
        "slope": float(slope.estimates[1]),
        "slope_low": float(slope.estimates[1]) - reach * error,
        "slope_high": float(slope.estimates[1]) + reach * error,
    }


def _level(outcome: Vector, log_odds: Vector) -> float:
    """The constant that, added to the log odds, makes as many expected as there are: by Newton's steps."""
    constant = 0.0
    for _ in range(50):
        mean = 1 / (1 + np.exp(-(log_odds + constant)))
        step = float((outcome - mean).sum() / (mean * (1 - mean)).sum())
        constant += step
        if abs(step) < 1e-12:
            break
    return constant


def calibration_groups(models: Iterable[PublishedFit], providers: pd.Series) -> pd.DataFrame:
    """results.calibration_groups: one row a logistic model and tenth of its cases by predicted probability."""
    return frame_of(CALIBRATION_GROUPS, (row for m in models if not m.is_count for row in _group_rows(m, providers)))


def _group_rows(model: PublishedFit, providers: pd.Series) -> Iterator[Row]:
    predicted, why = predicted_elsewhere(model, providers.loc[model.design.cases])
    if why:
        return
    tenths = np.array_split(np.argsort(predicted, kind="stable"), GROUPS)
    for number, places in enumerate(tenths, start=1):
        if len(places):
            yield {
                "model_id": model.specification.model_id,
                "tenth": number,
                "n": len(places),
                "predicted": 100 * float(predicted[places].mean()),
                "observed": 100 * float(model.design.outcome[places].mean()),
            }


def spline_tests(models: Iterable[PublishedFit]) -> pd.DataFrame:
    """results.spline_tests: one row a published model: bends in the place of the intervals' lines, all at once.

    Restricted cubic splines with knots at the quantiles KNOTS (Harrell 2015, 2.4.6), by likelihood ratio.
    """
    return frame_of(SPLINE_TESTS, (_spline_row(model) for model in models))


def _spline_row(model: PublishedFit) -> Row:
    row: Row = {"model_id": model.specification.model_id, "n": model.design.n}
    if not model.fit.converged:
        return row | {"not_estimable_because": model.fit.failure}
    design = model.design
    places = [design.columns(term)[0] for term in design.terms if term.is_interval]
    bends = [bend for place in places for bend in spline_bends(design.matrix[:, place]).T]
    larger = fit_family(model.family, np.column_stack([design.matrix, *bends]), design.outcome)
    test = likelihood_ratio(larger, model.fit)
    why = larger.failure or ("" if np.isfinite(test.p) else STRAIGHT)
    return row | {"df": test.df, "lr_chi2": test.chi2, "lr_p": test.p, "not_estimable_because": why or None}


def spline_bends(values: Vector) -> Matrix:
    """The columns beside the line of a restricted cubic spline: cases x knots less two, none where knots coincide."""
    knots = np.unique(np.quantile(values, KNOTS)) if len(values) else np.empty(0)
    if len(knots) < len(KNOTS):
        return np.empty((len(values), 0))
    above = np.maximum(values[:, None] - knots, 0) ** 3
    last, before = knots[-1], knots[-2]
    left = above[:, -2:-1] * (last - knots[:-2]) / (last - before)
    right = above[:, -1:] * (before - knots[:-2]) / (last - before)
    return (above[:, :-2] - left + right) / (last - knots[0]) ** 2
