"""What the tests of publications and of releases both read, made once a session: tables and facts."""

import pandas as pd
import pytest

from orchestration.publications.shared.release_facts import ReleaseFacts
from tests.made_up.needs_results import with_needs
from tests.made_up.results import make_facts, make_tables, make_tables_of_2020


@pytest.fixture(scope="session")
def tables() -> dict[str, pd.DataFrame]:
    return make_tables()


@pytest.fixture(scope="session")
def needs_tables() -> dict[str, pd.DataFrame]:
    return make_tables_of_2020()


@pytest.fixture(scope="session")
def released_tables(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The results tables of a release with every publication."""
    return with_needs(tables)


@pytest.fixture
def facts() -> ReleaseFacts:
    return make_facts()
