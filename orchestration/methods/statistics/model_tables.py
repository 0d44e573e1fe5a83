"""Fitted models as the results tables of the data contract.

Belongs here: rows, column order and types of results.models and its companions. Not here: fitting or testing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, declared, frame_of
from orchestration.methods.layouts.specification import BulletinModel
from orchestration.methods.statistics.design_matrix import Design
from orchestration.methods.statistics.firth import FirthFit
from orchestration.methods.statistics.fitting import Fit
from orchestration.methods.statistics.model_rows import (
    coefficient_row,
    term_row,
    wald_estimates,
)
from orchestration.methods.statistics.overdispersion import OverdispersionTest
from orchestration.methods.statistics.significance import TermTests
from orchestration.tables.models import (
    MODEL_COEFFICIENTS,
    MODEL_EXCLUSIONS,
    MODEL_LEVELS,
    MODEL_NOTES,
    MODEL_TERMS,
    MODELS,
    OVERDISPERSION_TESTS,
)
from orchestration.tables.table import Table


@dataclass(frozen=True)
class FittedModel:
    """One model, published or variant, with everything the tables show of it."""

    model_id: str
    specification: BulletinModel
    is_published: bool
    design: Design
    fit: Fit
    blocks: tuple[Row, ...]
    has_dispersion: bool = False
    dispersion_limits: tuple[float, float] = (np.nan, np.nan)
    terms: tuple[TermTests, ...] = ()
    overdispersion: tuple[OverdispersionTest, ...] = ()
    notes: tuple[tuple[str | None, str], ...] = ()
    firth: FirthFit | None = field(default=None)


@dataclass(frozen=True)
class ModelTables:
    """The results tables of the models, in a fixed order of rows."""

    models: pd.DataFrame
    model_terms: pd.DataFrame
    model_coefficients: pd.DataFrame
    model_levels: pd.DataFrame
    model_exclusions: pd.DataFrame
    overdispersion_tests: pd.DataFrame
    model_notes: pd.DataFrame


def model_tables(fitted: Iterable[FittedModel], significance_level: float) -> ModelTables:
    """The tables of some fitted models, in the order given."""
    models = list(fitted)
    return ModelTables(
        models=frame_of(MODELS, (row for model in models for row in _model_rows(model))),
        model_terms=frame_of(MODEL_TERMS, (row for model in models for row in _term_rows(model))),
        model_coefficients=frame_of(
            MODEL_COEFFICIENTS,
            (row for model in models for row in _coefficient_rows(model, significance_level)),
        ),
        model_levels=_stacked(MODEL_LEVELS, models, "levels"),
        model_exclusions=_stacked(MODEL_EXCLUSIONS, models, "exclusions"),
        overdispersion_tests=frame_of(OVERDISPERSION_TESTS, (row for model in models for row in _test_rows(model))),
        model_notes=frame_of(
            MODEL_NOTES,
            ({"model_id": m.model_id, "term": term, "note": note} for m in models for term, note in m.notes),
        ),
    )


def _stacked(table: Table, models: list[FittedModel], part: str) -> pd.DataFrame:
    frames = [getattr(model.design, part).assign(model_id=model.model_id) for model in models]
    return declared(table, pd.concat(frames, ignore_index=True))


def _model_rows(model: FittedModel) -> Iterable[Row]:
    for block in model.blocks:
        yield {
            "model_id": model.model_id,
            "outcome": model.specification.outcome,
            "is_published": model.is_published,
            "n": model.design.n,
            "n_with_outcome": model.design.n_with_outcome,
            **block,
        }


def _term_rows(model: FittedModel) -> Iterable[Row]:
    for tests in model.terms:
        yield {
            "model_id": model.model_id,
            "term": tests.term.name,
            "block": model.specification.block_of(tests.term),
            **term_row(tests),
        }


def _coefficient_rows(model: FittedModel, significance_level: float) -> Iterable[Row]:
    values = _firth_values(model.firth) if model.firth else wald_estimates(model.fit, significance_level)
    for position, name in enumerate(model.design.coefficients):
        yield {"model_id": model.model_id, **coefficient_row(name, position, values)}
    if model.has_dispersion:
        yield _alpha_row(model)


def _firth_values(firth: FirthFit) -> dict[str, np.ndarray]:
    return {
        "estimate": firth.estimates,
        "std_error": firth.std_errors,
        "z": np.full_like(firth.estimates, np.nan),
        "p": firth.p,
        "exp_estimate": np.exp(firth.estimates),
        "ci_low": np.exp(firth.low),
        "ci_high": np.exp(firth.high),
    }


def _alpha_row(model: FittedModel) -> Row:
    """The dispersion: no z or p, for alpha = 0 is the edge of its range. A fixed one has no error and no interval."""
    alpha, error = model.fit.dispersion or (np.nan, np.nan)
    low, high = model.dispersion_limits
    return {
        "model_id": model.model_id,
        "coefficient": "alpha",
        "term": "alpha",
        "estimate": alpha,
        "std_error": error,
        "ci_low": low,
        "ci_high": high,
        "estimable": bool(np.isfinite(alpha)),
    }


def _test_rows(model: FittedModel) -> Iterable[Row]:
    for test in model.overdispersion:
        yield {
            "model_id": model.model_id,
            "test": test.name,
            "statistic": test.statistic,
            "df": test.df,
            "p_value": test.p_value,
            "n": model.design.n,
        }
