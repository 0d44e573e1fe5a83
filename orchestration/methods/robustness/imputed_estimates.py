"""The published models with what is missing drawn, beside those on complete cases.

Belongs here: which cases are completed with what, and the pooled estimates. Not here: the draws
(`statistics/imputation`).

The published models leave out a case that lacks any of their terms, which is right where values go missing by chance
alone. Drawn from the other answers and the outcome, they may also go missing by what is observed. Of every outcome its
cases are completed together, with the terms of both its models, and each model is fitted to each completed frame.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row
from orchestration.methods.layouts.outcomes import OUTCOME, cases_with_outcome
from orchestration.methods.layouts.specification import BULLETIN_MODELS, Term
from orchestration.methods.robustness.published_fits import PublishedFit
from orchestration.methods.robustness.refits import Pooled, pooled, refit_rows
from orchestration.methods.statistics.design_matrix import design_of
from orchestration.methods.statistics.fitting import fit_family
from orchestration.methods.statistics.imputation import incomplete
from orchestration.tables.robustness_refits import IMPUTED_ESTIMATES

SEED = 2023
FEWEST = 2
NOT_ASKED = "fewer than two imputations were asked for"
NO_CASES = "no case has the outcome"
NOT_EVERYWHERE = "a completed frame leaves a coefficient of the model without an estimate"


def imputed_estimates(
    models: Iterable[PublishedFit], cases: pd.DataFrame, imputations: int, significance_level: float = 0.05
) -> pd.DataFrame:
    """results.imputed_estimates: one row a published model and coefficient of a judgement.

    `cases` is marts.cases; `imputations`: how many times each outcome's cases are completed (0: not at all).
    """
    frames: dict[str, tuple[list[pd.DataFrame], str]] = {}

    def rows_of(model: PublishedFit) -> tuple[Row, Pooled | None, str]:
        outcome = model.specification.outcome
        if outcome not in frames:
            frames[outcome] = completed_frames(cases, outcome, imputations)
        own, why = frames[outcome]
        facts: Row = {"n": len(cases_with_outcome(cases, outcome)), "n_complete": model.design.n, "n_drawn": len(own)}
        return (facts, *_pooled(model, own, why))

    return refit_rows(IMPUTED_ESTIMATES, models, rows_of, significance_level)


def completed_frames(cases: pd.DataFrame, outcome: str, imputations: int) -> tuple[list[pd.DataFrame], str]:
    """The outcome's cases completed so many times, with the outcome; none and why where that cannot be."""
    base = cases_with_outcome(cases, outcome)
    if base.empty or imputations < FEWEST:
        return [], NO_CASES if base.empty else NOT_ASKED
    known = np.log1p(base[[OUTCOME]].to_numpy(dtype=float))
    missing = incomplete(base, _terms_of(outcome), known)
    if why := missing.why_not():
        return [], why
    place = [model.outcome for model in BULLETIN_MODELS].index(outcome)
    seeds = np.random.SeedSequence([SEED, place]).spawn(imputations)
    own = base[[OUTCOME]].reset_index(drop=True)
    return [own.join(missing.completed(np.random.default_rng(seed))) for seed in seeds], ""


def _terms_of(outcome: str) -> tuple[Term, ...]:
    terms = {term.name: term for model in BULLETIN_MODELS if model.outcome == outcome for term in model.terms}
    return tuple(terms.values())


def _pooled(model: PublishedFit, frames: list[pd.DataFrame], why: str) -> tuple[Pooled | None, str]:
    if not frames:
        return None, why
    is_sound = model.fit.converged and bool(np.isfinite(model.fit.estimates).all())
    fits = []
    for frame in frames:
        design = design_of(frame, model.specification.terms)
        # more cases than the published model's: what those do not separate, they do not
        fit = fit_family(model.family, design.matrix, design.outcome, may_separate=not is_sound)
        if not (fit.converged and np.isfinite(fit.estimates).all()):
            return None, fit.failure or NOT_EVERYWHERE
        fits.append(fit)
    estimates = np.array([fit.estimates for fit in fits])
    covariances = np.array([fit.covariance for fit in fits])
    return pooled(estimates, covariances, len(frames[0]) - estimates.shape[1]), ""
