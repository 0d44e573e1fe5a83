"""What the tables say in words where there is no number.

Belongs here: the sentences of results.model_notes. Not here: finding out what they report.
"""

from orchestration.methods.statistics.design_matrix import Design
from orchestration.methods.statistics.estimability import ALIASED, EMPTY, INFINITE
from orchestration.methods.statistics.fitting import Fit

Note = tuple[str | None, str]

NO_OVERDISPERSION = (
    "The counts show no over-dispersion given the terms, so the negative binomial model has no estimate of "
    "its dispersion; the estimates shown are those of Poisson regression."
)
FIRTH = (
    "Firth's bias-reduced estimates with profile likelihood intervals and penalised likelihood-ratio "
    "p-values, shown because the model beside them has infinite estimates."
)


def of_estimability(design: Design, fit: Fit) -> tuple[Note, ...]:
    """One note a term that is not estimable, after one for the model where nothing is."""
    whole: tuple[Note, ...] = ((None, f"Not fitted: {fit.failure}."),) if not fit.converged else ()
    reasons = dict(zip(design.coefficients, fit.estimability.reasons, strict=True))
    return whole + tuple(
        (term.name, f"Not estimable: {'; '.join(_because(name, reasons[name]) for name in unusable)}.")
        for term in design.terms
        for unusable in [[name for name in term.coefficients if reasons[name] in _WORDS]]
        if unusable
    )


_WORDS = {
    EMPTY: "no case of the model has {level}",
    ALIASED: "{level} cannot be told apart from other terms of the model",
    INFINITE: "{level} predicts the outcome perfectly (separation), so its estimate is infinite",
}


def _because(coefficient: str, reason: str) -> str:
    return _WORDS[reason].format(level=coefficient.replace("=", " = "))
