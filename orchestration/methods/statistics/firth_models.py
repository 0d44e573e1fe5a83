"""Firth's model beside a logistic model that has infinite estimates, for the models of any bulletin.

Belongs here: when it is made, its id and its block. Not here: the estimates (`firth`).
"""

from orchestration.methods.layouts.frames import Row
from orchestration.methods.statistics import model_notes
from orchestration.methods.statistics.estimability import INFINITE
from orchestration.methods.statistics.firth import fit_firth
from orchestration.methods.statistics.model_tables import FittedModel

SUFFIX = "__firth"


def with_firth(model: FittedModel, significance_level: float) -> list[FittedModel]:
    """A logistic model and, where an estimate of it is infinite, Firth's of the same cases and terms."""
    fit, design = model.fit, model.design
    if INFINITE not in fit.estimability.reasons:
        return [model]
    firth = fit_firth(design.matrix, design.outcome, fit.estimability, significance_level)
    block: Row = {
        "block": "all",
        "family": "firth_logistic",
        "minus_two_log_likelihood": -2 * firth.penalised_log_likelihood,
        "converged": firth.converged,
    }
    beside = FittedModel(
        model_id=f"{model.model_id}{SUFFIX}",
        specification=model.specification,
        is_published=False,
        design=design,
        fit=fit,
        blocks=(block,),
        notes=((None, model_notes.FIRTH),),
        firth=firth,
    )
    return [model, beside]
