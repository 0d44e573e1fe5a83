"""The published fits of the example cases and every check of them, once a session."""

import pandas as pd
import pytest

from orchestration.methods.layouts.specification import BULLETIN_MODELS
from orchestration.methods.robustness.published_fits import PublishedFit, published_fits
from orchestration.methods.robustness.summary import Published, robustness_tables
from orchestration.methods.statistics.model_tables import ModelTables
from orchestration.storage.processes import InThisProcess

IDS = tuple(model.model_id for model in BULLETIN_MODELS)


@pytest.fixture(scope="session")
def fits(cases: pd.DataFrame) -> dict[str, PublishedFit]:
    return {model.specification.model_id: model for model in published_fits(cases)}


@pytest.fixture(scope="session")
def tables(cases: pd.DataFrame, models: ModelTables) -> dict[str, pd.DataFrame]:
    return robustness_tables(cases, published_of(models), 2, 0.01, 0.05, InThisProcess())


def published_of(models: ModelTables) -> Published:
    """The models' tables, the weighted ones as if every case weighed the same."""
    weighted = models.model_coefficients
    return Published(models.model_terms, weighted, weighted[weighted["model_id"].isin(IDS)])
