"""What `pip install .` gives: a program that finds everything it reads at run time."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest

from orchestration import VERSION
from orchestration.settings import PROJECT_DIR
from tools.imports import imported_names, modules

SHIPPED = ("orchestration", "expectations", "dbt_project")
# For those who work on the project: the style of its SQL.
NOT_SHIPPED = {"dbt_project/.sqlfluff"}
_BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    """The project as a wheel, built from a copy: the build leaves a folder behind that a later one would ship."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in SHIPPED:
        shutil.copytree(
            PROJECT_DIR / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "target", "logs")
        )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(PROJECT_DIR / name, source / name)
    subprocess.run([sys.executable, "-c", _BUILD, str(out)], cwd=source, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    assert built.name.split("-")[1] == VERSION
    return zipfile.ZipFile(built)


def _files_of_the_project() -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *SHIPPED],
        cwd=PROJECT_DIR, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return {name for name in listed.stdout.splitlines() if Path(PROJECT_DIR, name).exists()} - NOT_SHIPPED


def test_the_wheel_holds_every_file_of_the_program_and_nothing_else(wheel):
    shipped = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert shipped == _files_of_the_project()


def test_the_wheel_brings_the_program(wheel):
    (entry_points,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "probation-outcomes = orchestration.__main__:run" in wheel.read(entry_points).decode()


def test_every_package_imported_is_asked_for():
    """What another package happens to bring along is not there for ever."""
    project = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    asked_for = {_normal(re.split(r"[\[<>=!~; ]", line)[0]) for line in wanted}
    brought_by = packages_distributions()
    known = modules()
    imported = {
        origin.partition(".")[0] for path in known.values() for origin, _ in imported_names(path.read_text("utf-8"))
    } - {name.partition(".")[0] for name in known}
    missing = {
        name: brought_by.get(name)
        for name in imported - sys.stdlib_module_names
        # one that is optional and not there can only be looked up by its own name
        if not asked_for & {_normal(distribution) for distribution in brought_by.get(name, [name])}
    }
    assert missing == {}


def _normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()
