"""The pages for people name files and commands that are there."""

import re
from pathlib import Path

import pytest

from orchestration import VERSION
from orchestration.settings import PROJECT_DIR

PAGES = sorted([*PROJECT_DIR.glob("*.md"), *PROJECT_DIR.glob("docs/**/*.md"), *PROJECT_DIR.glob("[ode]*/**/README.md")])
# A word in code type that begins with one of these is a path of the project.
ROOTS = ("orchestration/", "expectations/", "dbt_project/", "tests/", "tools/", "docs/")
SUFFIXES = (".py", ".sql", ".yml", ".toml", ".j2")
SOURCE_FILES = [f"/{path.relative_to(PROJECT_DIR).as_posix()}" for path in PROJECT_DIR.glob("[!.]*/**/*.*")]
SOURCE_FILES += [f"/{path.name}" for path in PROJECT_DIR.glob("*.toml")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT_DIR).as_posix())
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if "://" not in target and not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT_DIR).as_posix())
def test_files_named_are_there(page):
    names = re.findall(r"`([\w./-]+)`", page.read_text(encoding="utf-8"))
    whole = [name for name in names if name.startswith(ROOTS) and not _is_there(name)]
    # source files may be named by the end of their path
    ends = [name for name in names if name.endswith(SUFFIXES) and not any(f.endswith(f"/{name}") for f in SOURCE_FILES)]
    assert whole + ends == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT_DIR).as_posix())
def test_commands_named_are_in_the_makefile(page):
    makefile = (PROJECT_DIR / "Makefile").read_text(encoding="utf-8")
    targets = {name for line in re.findall(r"^([a-z -]+):", makefile, re.MULTILINE) for name in line.split()}
    assert set(re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8"))) - targets == set()


def _is_there(name: str) -> bool:
    return Path(PROJECT_DIR, name).exists() or Path(PROJECT_DIR, f"{name}.py").exists()


def test_the_citation_is_of_this_version():
    assert f"version: {VERSION}\n" in (PROJECT_DIR / "CITATION.cff").read_text(encoding="utf-8")
