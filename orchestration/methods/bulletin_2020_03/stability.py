"""How stable a stepwise selection is: bootstrap inclusion frequencies (Sauerbrei and Schumacher 1992).

Each model's complete cases are drawn again with replacement and selected among again by the published rule; how often
a term is retained says how far its verdict hangs on the very cases inspected.

Belongs here: a model's resamples, their selections, and the tables of how often what was selected. Not here: the
selection (`stepwise`), and running thousands of them (`orchestration/stability/selections.py`).
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.bulletin_2020_03.models import design_of_measure, model_id_of
from orchestration.methods.layouts.frames import frame_of
from orchestration.methods.layouts.layout_2020 import MODELLED, PUBLISHED_REMOVAL, Measure
from orchestration.methods.statistics.covariate_patterns import PatternModels, Patterns, patterns_of
from orchestration.methods.statistics.intervals import wilson
from orchestration.methods.statistics.stepwise import select_among
from orchestration.tables.stepwise_stability import STEPWISE_INCLUSION, STEPWISE_STABILITY_MODELS

RESAMPLES, SEED = 200, 2020
NO_TERM = "none"

# The terms a selection retains, in the order of the candidates.
Selection = tuple[str, ...]


@dataclass(frozen=True)
class StabilityModel:
    """One model to be selected again and again: its measure and the patterns of its complete cases."""

    measure: Measure
    patterns: Patterns


@dataclass(frozen=True)
class StabilityTables:
    """How often each term was retained, and how often each model came out the same."""

    stepwise_inclusion: pd.DataFrame
    stepwise_stability_models: pd.DataFrame


def stability_models(cases: pd.DataFrame, measures: Sequence[Measure] = MODELLED) -> list[StabilityModel]:
    """Every model of the bulletin as the patterns of its complete cases; `cases` is marts.cases."""
    return [StabilityModel(measure, patterns_of(design_of_measure(cases, measure))) for measure in measures]


def select_from(patterns: Patterns) -> Selection:
    """The terms that the published rule retains; none where every case has the same outcome."""
    return tuple(term.name for term in select_among(PatternModels(patterns), PUBLISHED_REMOVAL).retained)


def select_from_resamples(model: StabilityModel, seed: int, numbers: Sequence[int]) -> list[Selection]:
    """The selections from a model's resamples of these numbers, in their order."""
    return [select_from(resample(model, seed, number)) for number in numbers]


def resample(model: StabilityModel, seed: int, number: int) -> Patterns:
    """Resample `number` of a model: as many cases as it has, drawn from them with replacement.

    Seed, model and number make the generator, so that any resample can be made again by itself; the cases are drawn
    in the order of their patterns, so that it does not depend on the order of the rows they came from.
    """
    patterns = model.patterns
    cells = np.concatenate([patterns.events, patterns.n - patterns.events]).astype(int)
    cell_of_case = np.repeat(np.arange(len(cells)), cells)
    rng = np.random.default_rng([seed, _number_of(model.measure), number])
    drawn = cell_of_case[rng.integers(0, len(cell_of_case), len(cell_of_case))] if len(cell_of_case) else cell_of_case
    events, others = np.bincount(drawn, minlength=len(cells)).astype(float).reshape(2, -1)
    return patterns.with_counts(events + others, events)


def _number_of(measure: Measure) -> int:
    """A number that is the measure's own, whatever other measures there are."""
    return int.from_bytes(hashlib.sha256(measure.code.encode()).digest()[:8], "big")


def stability_tables(
    models: Sequence[StabilityModel], selections: Mapping[str, Sequence[Selection]], seed: int
) -> StabilityTables:
    """Both tables from every model's selections: measure's code -> one selection a resample.

    Frequencies and shares in percent with 95% Wilson intervals, which tell the error of the number of resamples,
    not that of the cases.
    """
    inclusion: list[dict[str, object]] = []
    summaries: list[dict[str, object]] = []
    for model in models:
        published, drawn = select_from(model.patterns), selections[model.measure.code]
        inclusion += [_inclusion_row(model, term.name, published, drawn) for term in model.patterns.terms]
        summaries.append(_summary_row(model, published, drawn, seed))
    return StabilityTables(
        stepwise_inclusion=frame_of(STEPWISE_INCLUSION, inclusion),
        stepwise_stability_models=frame_of(STEPWISE_STABILITY_MODELS, summaries),
    )


def _inclusion_row(
    model: StabilityModel, term: str, published: Selection, drawn: Sequence[Selection]
) -> dict[str, object]:
    n_included = sum(term in selection for selection in drawn)
    low, high = wilson(n_included, len(drawn))
    return {
        "model_id": model_id_of(model.measure),
        "outcome": model.measure.code,
        "term": term,
        "n_resamples": len(drawn),
        "n_included": n_included,
        "frequency": _percent(n_included, len(drawn)),
        "ci_low": 100 * low,
        "ci_high": 100 * high,
        "is_retained": term in published,
    }


def _summary_row(
    model: StabilityModel, published: Selection, drawn: Sequence[Selection], seed: int
) -> dict[str, object]:
    # The commonest; of equally common ones the first by name, so that the answer does not hang on their order.
    commonest, n_commonest = min(Counter(drawn).items(), key=lambda found: (-found[1], found[0]), default=((), 0))
    n_same = sum(selection == published for selection in drawn)
    return {
        "model_id": model_id_of(model.measure),
        "outcome": model.measure.code,
        "n": int(model.patterns.n.sum()),
        "n_resamples": len(drawn),
        "n_different_selections": len(set(drawn)),
        "n_same_selection": n_same,
        "share_same_selection": _percent(n_same, len(drawn)),
        "commonest_selection": ", ".join(commonest) or NO_TERM,
        "n_commonest_selection": n_commonest,
        "mean_terms": sum(map(len, drawn)) / len(drawn) if drawn else np.nan,
        "seed": seed,
    }


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else np.nan
