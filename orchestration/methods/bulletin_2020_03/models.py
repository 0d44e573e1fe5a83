"""The models of Bulletin 2020/03: one for each need, strength, judgement and delivery item.

Belongs here: which cases and terms enter each model, its selection by each removal test, and the full forced-entry
model beside it. Not here: the selection itself (`stepwise`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.layouts.layout_2020 import GROUPS, MODELLED, PUBLISHED_REMOVAL, Measure
from orchestration.methods.layouts.measures import cases_with_measure
from orchestration.methods.layouts.specification import BulletinModel, Term
from orchestration.methods.statistics import model_notes
from orchestration.methods.statistics.covariate_patterns import PatternModels, patterns_of
from orchestration.methods.statistics.design_matrix import Design, design_of
from orchestration.methods.statistics.firth_models import with_firth
from orchestration.methods.statistics.fitting import fit_family
from orchestration.methods.statistics.logistic import LOGISTIC
from orchestration.methods.statistics.model_blocks import logistic_block
from orchestration.methods.statistics.model_tables import FittedModel, ModelTables, model_tables
from orchestration.methods.statistics.significance import term_tests
from orchestration.methods.statistics.stepwise import REMOVAL_TESTS, StepwiseSelection, select_among
from orchestration.tables.needs import STEPWISE_STEPS, STEPWISE_TERMS

FORCED = "__forced"
# Every candidate is a category; its first published level is the reference (our choice).
CANDIDATES = tuple(Term(group.item, group.label, group.codes, group.codes[0]) for group in GROUPS)


@dataclass(frozen=True)
class StepwiseTables:
    """The models as results tables, every step of every selection, and the verdict on each term."""

    models: ModelTables
    stepwise_steps: pd.DataFrame
    stepwise_terms: pd.DataFrame


def model_id_of(measure: Measure) -> str:
    """The id of a measure's stepwise model, such as `stepwise__need_family`."""
    return f"stepwise__{measure.code}"


def design_of_measure(cases: pd.DataFrame, measure: Measure) -> Design:
    """The complete cases over a measure and all seven candidates, fixed before the first step.

    `cases` is marts.cases; the candidates carry their published names (`age_group` for `age_group_2020`).
    """
    answers = cases[[measure.code, measure.among] if measure.among else [measure.code]]
    named = answers.assign(**{group.item: cases[group.column] for group in GROUPS})
    return design_of(cases_with_measure(named, measure), CANDIDATES)


def fit_stepwise_models(
    cases: pd.DataFrame, significance_level: float = 0.05, measures: Sequence[Measure] = MODELLED
) -> StepwiseTables:
    """Select and fit every model of the bulletin, by each removal test, with the forced-entry model beside it.

    The published selection removes by PUBLISHED_REMOVAL. `stepwise__<measure>` is its last model,
    `stepwise__<measure>__forced` holds all seven candidates; Firth's model stands beside either where an estimate is
    infinite.
    """
    fitted: list[FittedModel] = []
    steps: list[Row] = []
    terms: list[Row] = []
    for measure in measures:
        design = design_of_measure(cases, measure)
        models = PatternModels(patterns_of(design))
        selections = {removal: select_among(models, removal) for removal in REMOVAL_TESTS}
        may_separate = models.fit(design.terms).separates
        for model in _models(measure, design, selections[PUBLISHED_REMOVAL], may_separate):
            fitted += with_firth(model, significance_level)
        for removal, selection in selections.items():
            steps += _step_rows(measure, removal, selection)
            terms += _term_rows(measure, removal, selection)
    return StepwiseTables(
        models=model_tables(fitted, significance_level),
        stepwise_steps=frame_of(STEPWISE_STEPS, steps),
        stepwise_terms=frame_of(STEPWISE_TERMS, terms),
    )


def _models(
    measure: Measure, design: Design, selection: StepwiseSelection, may_separate: bool
) -> Iterator[FittedModel]:
    """The last model and the forced one; `may_separate`: whether the latter separates, without which none does."""
    model_id, last = model_id_of(measure), design.of_terms(selection.retained)
    yield _model(model_id, measure, last, may_separate, is_published=True)
    yield _model(f"{model_id}{FORCED}", measure, design, may_separate, is_published=False)


def _model(model_id: str, measure: Measure, design: Design, may_separate: bool, is_published: bool) -> FittedModel:
    fit = fit_family(LOGISTIC, design.matrix, design.outcome, may_separate)
    constant = fit_family(LOGISTIC, design.matrix[:, :1], design.outcome, fit.separates)
    return FittedModel(
        model_id=model_id,
        specification=BulletinModel(model_id, measure.code, design.terms, ()),
        is_published=is_published,
        design=design,
        fit=fit,
        blocks=(logistic_block("all", design, constant, constant, fit),),
        terms=term_tests(design, LOGISTIC, fit),
        notes=model_notes.of_estimability(design, fit),
    )


def _step_rows(measure: Measure, removal: str, selection: StepwiseSelection) -> Iterator[Row]:
    for tested in selection.history:
        yield {
            "model_id": model_id_of(measure),
            "outcome": measure.code,
            "removal_test": removal,
            "step": tested.step,
            "kind": tested.kind,
            "term": tested.term.name,
            "chi2": tested.test.chi2,
            "df": tested.test.df,
            "p_value": tested.test.p,
            "action": tested.action or None,
        }


def _term_rows(measure: Measure, removal: str, selection: StepwiseSelection) -> Iterator[Row]:
    retained = {term.name for term in selection.retained}
    for name, test in selection.verdicts.items():
        yield {
            "model_id": model_id_of(measure),
            "outcome": measure.code,
            "term": name,
            "removal_test": removal,
            "is_retained": pd.NA if test.df < 1 else name in retained,
            "p_value": test.p,
        }
