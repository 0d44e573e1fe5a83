"""What `pip install .` gives: a program that finds everything it reads at run time."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from orchestration import __version__
from orchestration.settings import PROJECT_DIR

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
    assert built.name.split("-")[1] == __version__
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
