"""The pages for people link to pages and name commands that are there (files: `test_names.py`)."""

import re

import pytest

from orchestration import VERSION
from orchestration.settings import PROJECT_DIR

PAGES = sorted([*PROJECT_DIR.glob("*.md"), *PROJECT_DIR.glob("docs/**/*.md"), *PROJECT_DIR.glob("[ode]*/**/README.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT_DIR).as_posix())
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if "://" not in target and not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT_DIR).as_posix())
def test_commands_named_are_in_the_makefile(page):
    makefile = (PROJECT_DIR / "Makefile").read_text(encoding="utf-8")
    targets = {name for line in re.findall(r"^([a-z -]+):", makefile, re.MULTILINE) for name in line.split()}
    assert set(re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8"))) - targets == set()


@pytest.mark.parametrize("page", ["docs/security.md", "docs/operations.md"])
def test_every_promise_names_a_test_that_is_there(page):
    promises = (PROJECT_DIR / page).read_text(encoding="utf-8").split("## Promises")[1]
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", promises)
    assert len(named) > 10
    for file, test in named:
        assert f"def {test}" in (PROJECT_DIR / file).read_text(encoding="utf-8"), f"{file}::{test}"


def test_the_citation_is_of_this_version():
    assert f"version: {VERSION}\n" in (PROJECT_DIR / "CITATION.cff").read_text(encoding="utf-8")
