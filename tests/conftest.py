"""One complete run on synthetic extracts, shared by the tests that look at what came out."""

import atexit
import os
import shutil
import sys
from pathlib import Path

import pytest

from orchestration.commands.running import require_extracts, run_job
from orchestration.defs.job_names import BULLETIN_JOB
from orchestration.settings import Settings, read_settings

EXIT_STATUS = pytest.StashKey[int]()


def settings_for(data_dir: Path, **parameters: object) -> Settings:
    """Settings of a data folder of the test's own, whatever the environment holds."""
    given = {f"PROBATION_{name.upper()}": str(value) for name, value in parameters.items()}
    return read_settings({"PROBATION_DATA_DIR": str(data_dir), **given})


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory) -> Settings:
    """Settings of a data folder in which `make bulletin` has run once. Tests must not change it."""
    settings = settings_for(tmp_path_factory.mktemp("finished") / "data")
    require_extracts(settings)
    run_job(settings, BULLETIN_JOB)
    return settings


@pytest.fixture
def run_copy(finished_run, tmp_path) -> Settings:
    """A copy of the finished run's data folder that a test may change."""
    target = tmp_path / "data"
    shutil.copytree(finished_run.data_dir, target, symlinks=True)
    return settings_for(target)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("PROBATION_")]:
        monkeypatch.delenv(name)


def pytest_sessionfinish(session, exitstatus):
    session.config.stash[EXIT_STATUS] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    """End as the command line does: see `orchestration/__main__.py` on what DuckDB's binding prints otherwise."""
    status = config.stash.get(EXIT_STATUS, None)
    is_worker = hasattr(config, "workerinput")  # it has to report to the one who started it
    if status is not None and "dagster" in sys.modules and not is_worker:
        sys.stdout.flush()
        sys.stderr.flush()
        atexit._run_exitfuncs()
        os._exit(status)
