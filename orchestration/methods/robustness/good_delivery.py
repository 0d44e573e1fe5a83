"""What good delivery would do if nothing unmeasured told the cases apart: weighted and doubly robust estimates.

Belongs here: propensity weights, the doubly robust contrast of a key question's answers, the balance they reach. Not
here: the published models; weights for being linked (`linkage/bias`).

The augmented inverse-probability estimate (Robins, Rotnitzky and Zhao 1994) is right where either the model of the
answer or that of the outcome is. The model of the answer is logistic on the published model's other terms; that of the
outcome is fitted to the cases of each answer apart, logistic or (for a count's mean) Poisson. The error is of the
influence function. Judgement and controls were recorded at one time, so what is held constant may come of the delivery.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.robustness.published_fits import PublishedFit
from orchestration.methods.statistics.fitting import fit_family
from orchestration.methods.statistics.logistic import LOGISTIC
from orchestration.methods.statistics.maximum_likelihood import Matrix, Vector
from orchestration.methods.statistics.negative_binomial import POISSON
from orchestration.methods.statistics.significance import normal_p, normal_quantile
from orchestration.tables.robustness_refits import DELIVERY_BALANCE, GOOD_DELIVERY

KEY_QUESTIONS = "__key_questions"
NO_PROPENSITY = "the model of the answer has no estimate for some case"
NO_OUTCOME = "the model of the outcome has no estimate for some case"
ONE_ANSWER = "all cases have the same answer"


@dataclass(frozen=True)
class Contrast:
    """A key question of a model: who had the good answer, the rest of the design, and how likely that made it."""

    model: PublishedFit
    column: int
    answer: Vector
    others: Matrix
    propensity: Vector
    why: str

    @property
    def name(self) -> str:
        return self.model.design.coefficients[self.column]

    @property
    def weights(self) -> Vector:
        """One over the probability of the answer that the case had."""
        return self.answer / self.propensity + (1 - self.answer) / (1 - self.propensity)


def contrasts(models: Iterable[PublishedFit]) -> tuple[Contrast, ...]:
    """Every key question of the key-questions models."""
    return tuple(
        _contrast(model, column)
        for model in models
        if model.specification.model_id.endswith(KEY_QUESTIONS)
        for _, _, column in model.judgements()
    )


def _contrast(model: PublishedFit, column: int) -> Contrast:
    matrix = model.design.matrix
    answer, others = matrix[:, column], np.delete(matrix, column, axis=1)
    why = "" if answer.size and np.ptp(answer) else ONE_ANSWER
    propensity = np.full(len(answer), np.nan) if why else fit_family(LOGISTIC, others, answer).fitted
    if not why and not ((propensity > 0) & (propensity < 1)).all():
        why = NO_PROPENSITY
    return Contrast(model, column, answer, others, propensity, why)


def good_delivery(found: Iterable[Contrast], significance_level: float = 0.05) -> pd.DataFrame:
    """results.good_delivery: one row a model of key questions and key question."""
    return frame_of(GOOD_DELIVERY, (_row(contrast, significance_level) for contrast in found))


def _row(contrast: Contrast, significance_level: float) -> Row:
    model, answer = contrast.model, contrast.answer
    row: Row = {
        "model_id": model.specification.model_id,
        "coefficient": contrast.name,
        "unit": "reoffences" if model.is_count else "percentage_points",
        "n_yes": int(answer.sum()),
        "n_no": int((1 - answer).sum()),
    }
    if contrast.why:
        return row | {"not_estimable_because": contrast.why}
    predicted = [_predicted(contrast, value) for value in (1.0, 0.0)]
    if not all(np.isfinite(values).all() for values in predicted):
        return row | {"not_estimable_because": NO_OUTCOME}
    outcome, scale = model.design.outcome, 1.0 if model.is_count else 100.0
    influence = scale * doubly_robust(outcome, answer, contrast.propensity, *predicted)
    effect, error = float(influence.mean()), float(influence.std(ddof=1) / np.sqrt(len(influence)))
    reach = normal_quantile(significance_level) * error
    weights = contrast.weights
    sides = [(answer == value, weights[answer == value]) for value in (1.0, 0.0)]
    return row | {
        "unadjusted": scale * float(outcome[answer == 1].mean() - outcome[answer == 0].mean()),
        "weighted": scale * float(np.subtract(*(np.average(outcome[side], weights=own) for side, own in sides))),
        "effect": effect,
        "std_error": error,
        "ci_low": effect - reach,
        "ci_high": effect + reach,
        "p": float(normal_p(np.array([effect / error]))[0]),
        "smallest_propensity": float(np.where(answer == 1, contrast.propensity, 1 - contrast.propensity).min()),
    }


def doubly_robust(outcome: Vector, answer: Vector, propensity: Vector, with_it: Vector, without: Vector) -> Vector:
    """Each case's part of the estimate, whose mean is the difference: the predictions', set right by the residuals."""
    return (
        with_it
        - without
        + answer * (outcome - with_it) / propensity
        - (1 - answer) * (outcome - without) / (1 - propensity)
    )


def _predicted(contrast: Contrast, value: float) -> Vector:
    """The outcome that the cases with an answer predict for everybody."""
    family = POISSON if contrast.model.is_count else LOGISTIC
    own = contrast.answer == value
    fit = fit_family(family, contrast.others[own], contrast.model.design.outcome[own])
    return family.mean(contrast.others @ fit.estimates)


def delivery_balance(found: Iterable[Contrast]) -> pd.DataFrame:
    """results.delivery_balance: one row a contrast and other term of its model, by answer and weighted."""
    return frame_of(DELIVERY_BALANCE, (row for contrast in found for row in _balance_rows(contrast)))


def _balance_rows(contrast: Contrast) -> Iterator[Row]:
    names = [name for name in contrast.model.design.coefficients if name not in ("intercept", contrast.name)]
    for name, values in zip(names, contrast.others[:, 1:].T, strict=True):
        row: Row = {"model_id": contrast.model.specification.model_id, "coefficient": contrast.name, "other": name}
        if contrast.why:
            yield row | {"not_estimable_because": contrast.why}
            continue
        sides = [contrast.answer == value for value in (1.0, 0.0)]
        means = [float(values[side].mean()) for side in sides]
        weighted = [float(np.average(values[side], weights=contrast.weights[side])) for side in sides]
        spread = float(np.sqrt(np.mean([values[side].var() for side in sides])))
        row |= {"mean_yes": means[0], "mean_no": means[1]}
        if spread:
            row |= {"difference": (means[0] - means[1]) / spread}
            row |= {"difference_weighted": (weighted[0] - weighted[1]) / spread}
        yield row | ({} if spread else {"not_estimable_because": "the term does not vary"})
