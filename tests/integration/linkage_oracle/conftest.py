"""The compiled project and a warehouse in memory, once a session."""

import pytest

from tests.integration.linkage_oracle import compiled


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    return compiled.compile_project(tmp_path_factory.mktemp("dbt"))


@pytest.fixture
def warehouse(project):
    con = compiled.open_warehouse(project)
    yield con
    con.close()
