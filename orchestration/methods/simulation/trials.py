"""What the method makes of one population, and how often it is right over many.

Belongs here: the estimates of a drawn population beside the truth, and their summary. Not here: the drawing
(`populations`).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from orchestration.methods.bulletin_2020_03.models import design_of_measure
from orchestration.methods.layouts.layout_2020 import MEASURE_BY_CODE, PUBLISHED_REMOVAL
from orchestration.methods.layouts.specification import BULLETIN_MODELS
from orchestration.methods.robustness.clustered_errors import clustered_errors
from orchestration.methods.robustness.imputed_estimates import imputed_estimates
from orchestration.methods.robustness.linkage_error import relinked_estimates
from orchestration.methods.robustness.provider_intercepts import provider_intercepts
from orchestration.methods.robustness.published_fits import PublishedFit, published_fit
from orchestration.methods.robustness.refits import wald_row
from orchestration.methods.simulation.populations import MEASURE, SCENARIOS, Scenario, draw_cases
from orchestration.methods.statistics.covariate_patterns import PatternModels, patterns_of
from orchestration.methods.statistics.intervals import wilson
from orchestration.methods.statistics.stepwise import select_among

LEVEL = 0.05
DRAWS = 5
MODELS = ("reoffended__key_questions", "reoffences__key_questions")


class Trial(NamedTuple):
    """One estimate of one population. Of a selection `estimate` and `is_covered` say nothing."""

    scenario: str
    method: str
    model_id: str
    truth: float
    estimate: float | None
    is_covered: bool | None
    is_significant: bool


def trials_of(scenario: Scenario, seed: int, number: int, n: int) -> list[Trial]:
    """The trials of population `number` of a scenario: the same for the same seed, whatever was drawn before."""
    rng = np.random.default_rng([seed, SCENARIOS.index(scenario), number])
    cases = draw_cases(scenario, rng, n)
    models = [published_fit(cases, model) for model in BULLETIN_MODELS if model.model_id in MODELS]
    found = [*_published(scenario, models)]
    if not scenario.effect:
        found += _selected(scenario, cases)
    if scenario.false_share:
        found += _refitted(scenario, "links_drawn", relinked_estimates(models, scenario.false_share, DRAWS, LEVEL))
    if scenario.lost_share:
        found += _refitted(scenario, "missing_drawn", imputed_estimates(models, cases, DRAWS, LEVEL))
    if scenario.spread:
        found += _refitted(scenario, "errors_by_provider", clustered_errors(models, cases["provider"], LEVEL))
        found += _refitted(scenario, "levels_by_provider", provider_intercepts(models, cases["provider"], LEVEL))
    return found


def _published(scenario: Scenario, models: list[PublishedFit]) -> Iterator[Trial]:
    for model in models:
        for _, _, column in model.judgements():
            estimate = float(model.fit.estimates[column])
            if np.isfinite(estimate):
                row = wald_row(estimate, float(np.sqrt(model.fit.covariance[column, column])), LEVEL)
                yield _trial(scenario, "published", model.specification.model_id, {"estimate": estimate, **row})


def _refitted(scenario: Scenario, method: str, frame: pd.DataFrame) -> Iterator[Trial]:
    for row in frame[frame["not_estimable_because"].isna()].to_dict("records"):
        yield _trial(scenario, method, str(row["model_id"]), {str(key): value for key, value in row.items()})


def _trial(scenario: Scenario, method: str, model_id: str, row: dict[str, object]) -> Trial:
    estimate, p, low, high = (float(str(row[name])) for name in ("estimate", "p", "ci_low", "ci_high"))
    is_covered = bool(low <= np.exp(scenario.effect) <= high)
    return Trial(scenario.name, method, model_id, scenario.effect, estimate, is_covered, p < LEVEL)


def _selected(scenario: Scenario, cases: pd.DataFrame) -> Iterator[Trial]:
    """Which of the seven candidates a stepwise selection retains, of a measure that none of them moves."""
    design = design_of_measure(cases, MEASURE_BY_CODE[MEASURE])
    retained = select_among(PatternModels(patterns_of(design)), PUBLISHED_REMOVAL).retained
    for term in design.terms:
        yield Trial(scenario.name, "stepwise_term", f"stepwise__{MEASURE}", 0.0, None, None, term in retained)
    yield Trial(scenario.name, "stepwise_any", f"stepwise__{MEASURE}", 0.0, None, None, bool(retained))


def summary(trials: list[Trial]) -> pd.DataFrame:
    """One row a scenario, method and model: bias, coverage and how often it finds something, in per cent.

    `coverage_low` and `coverage_high`, `found_low` and `found_high` bound what comes of drawing so few (Wilson).
    """
    frame = pd.DataFrame(trials, columns=Trial._fields)
    rows = []
    for (scenario, method, model_id), own in frame.groupby(["scenario", "method", "model_id"], sort=False):
        bias = own["estimate"].astype(float) - own["truth"]
        row = {"scenario": scenario, "method": method, "model_id": model_id, "n": len(own)}
        row |= {"truth": own["truth"].iloc[0], "bias": bias.mean(), "bias_error": bias.sem()}
        for name, flags in (("coverage", own["is_covered"].dropna()), ("found", own["is_significant"])):
            low, high = wilson(int(flags.astype(bool).sum()), len(flags)) if len(flags) else (np.nan, np.nan)
            row |= {name: 100 * flags.astype(float).mean(), f"{name}_low": 100 * low, f"{name}_high": 100 * high}
        rows.append(row)
    return pd.DataFrame(rows)
