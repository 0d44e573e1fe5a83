"""The reference cases and their fitted models, once a session."""

from pathlib import Path

import pandas as pd
import pytest

from orchestration.methods.bulletin_2023_04.models import fit_bulletin_models
from orchestration.methods.statistics.model_tables import ModelTables
from tests.unit.methods.example_cases import example_cases, in_warehouse_types

REFERENCE = Path(__file__).parent / "reference"


@pytest.fixture(scope="session")
def reference_cases() -> pd.DataFrame:
    return in_warehouse_types(pd.read_csv(REFERENCE / "cases.csv", keep_default_na=False, na_values=""))


@pytest.fixture(scope="session")
def reference_models(reference_cases: pd.DataFrame) -> ModelTables:
    return fit_bulletin_models(reference_cases)


@pytest.fixture(scope="session")
def reference_results() -> pd.DataFrame:
    """R's results: set, model, quantity, name, value (see reference.R and versions.txt)."""
    return pd.read_csv(REFERENCE / "results.csv", dtype={"value": float})


@pytest.fixture(scope="session")
def cases() -> pd.DataFrame:
    return example_cases()


@pytest.fixture(scope="session")
def models(cases: pd.DataFrame) -> ModelTables:
    return fit_bulletin_models(cases)


@pytest.fixture(scope="session")
def n_sets(pytestconfig: pytest.Config) -> int:
    """How many random data sets a test tries: `--sets`."""
    return int(pytestconfig.getoption("--sets"))
