"""The compiled project and warehouses in memory, once a session."""

import pytest

from tests.integration.linkage_oracle import compiled


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    return compiled.compile_project(tmp_path_factory.mktemp("dbt"))


@pytest.fixture(scope="session")
def warehouse(project):
    """A warehouse that tests share: each loads rows of its own and leaves the reference tables alone."""
    con = compiled.open_warehouse(project)
    yield con
    con.close()


@pytest.fixture
def own_warehouse(project):
    """A warehouse whose reference tables and settings a test may change."""
    con = compiled.open_warehouse(project)
    yield con
    con.close()
