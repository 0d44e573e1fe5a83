"""What many tests look at, made once for all processes: a complete run on synthetic extracts, a made-up release."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from orchestration.commands.running import require_extracts, run_job
from orchestration.defs.job_names import BULLETIN_JOB
from orchestration.settings import Settings, read_settings
from orchestration.storage.stopping import end_quietly

EXIT_STATUS = pytest.StashKey[int]()
# One process begins the run that many tests look at, another the longest test of all; the others have long work of
# their own meanwhile. Short files come last, so that no process is left alone with a long one.
ORDER = (
    "backtest/test_published_cells",
    "unit/synthetic/calibration/test_solve",
    "integration/linkage_oracle",
    "benchmarks",
    "integration",
    "",
)


def pytest_addoption(parser):
    parser.addoption("--sets", type=int, default=60, help="random data sets a statistical test tries (default: 60)")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: next(n for n, start in enumerate(ORDER) if item.nodeid.startswith(f"tests/{start}")))


def settings_for(data_dir: Path, **parameters: object) -> Settings:
    """Settings of a data folder of the test's own, whatever the environment holds."""
    given = {f"PROBATION_{name.upper()}": str(value) for name, value in parameters.items()}
    return read_settings({"PROBATION_DATA_DIR": str(data_dir), **given})


def made_once(tmp_path_factory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder that `make` fills for the first process that asks; the others wait for it. To be copied or read."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # its folder lies in that of the session
        shared = shared.parent
    folder, done = shared / name, shared / f"{name}.done"
    with FileLock(shared / f"{name}.lock"):
        if not done.exists():
            make(folder)
            done.touch()
    return folder


def _run_bulletins(data_dir: Path) -> None:
    settings = settings_for(data_dir)
    require_extracts(settings)
    run_job(settings, BULLETIN_JOB)


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory) -> Settings:
    """Settings of this process's copy of a data folder in which `make bulletin` has run. Tests must not change it."""
    run = made_once(tmp_path_factory, "finished_run", _run_bulletins)
    target = tmp_path_factory.mktemp("finished") / "data"
    shutil.copytree(run, target, symlinks=True)
    return settings_for(target)


@pytest.fixture(scope="session")
def release_folder(tmp_path_factory) -> Path:
    """One whole release of made-up results; tests only read it."""
    return made_once(tmp_path_factory, "release", _build_made_up_release)


def _build_made_up_release(folder: Path) -> None:
    from orchestration.releases.building import build_release
    from tests.made_up.needs_results import with_needs
    from tests.made_up.results import make_facts, make_tables

    folder.mkdir()
    build_release(folder, with_needs(make_tables()), make_facts())


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
    """End as the command line does."""
    status = config.stash.get(EXIT_STATUS, None)
    is_worker = hasattr(config, "workerinput")  # it has to report to the one who started it
    if status is not None and "dagster" in sys.modules and not is_worker:
        end_quietly(status)
