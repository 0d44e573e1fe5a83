"""Files that docstrings, comments and pages name are there: a reader who is sent somewhere finds it."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
NAMED = re.compile(r"`([\w/]+\.(?:py|sql|md|j2|toml|yml))`")
WRITTEN_BY_A_RUN = {"_account.md"}
READ = [
    *(path for room in ("orchestration", "expectations", "tools") for path in sorted((PROJECT / room).rglob("*.py"))),
    *sorted(PROJECT.glob("*.md")),
    *sorted((PROJECT / "docs").rglob("*.md")),
    PROJECT / "orchestration/methods/README.md",
]
FOLDERS = ("orchestration", "expectations", "tests", "tools", "dbt_project", "docs")
FILES = [f"/{p.relative_to(PROJECT).as_posix()}" for folder in FOLDERS for p in (PROJECT / folder).rglob("*.*")]
FILES += [f"/{path.name}" for path in PROJECT.iterdir()]


@pytest.mark.parametrize("path", READ, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_file_that_is_named_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.name == "CHANGELOG.md":  # older releases name what was there then
        text = text.split("\n## ")[1]
    named = set(NAMED.findall(text)) - WRITTEN_BY_A_RUN
    assert sorted(name for name in named if not any(file.endswith(f"/{name}") for file in FILES)) == []


@pytest.mark.parametrize(
    "path", [path for path in READ if path.suffix == ".py"], ids=lambda path: path.relative_to(PROJECT).as_posix()
)
def test_a_name_alone_is_of_a_file_beside_or_of_the_only_one(path: Path) -> None:
    """Many rooms have a `findings.py`: a bare name elsewhere would send the reader to any of them."""
    bare = {name for name in NAMED.findall(path.read_text(encoding="utf-8")) if "/" not in name} - WRITTEN_BY_A_RUN
    elsewhere = {name for name in bare if not (path.parent / name).exists()}
    assert sorted(name for name in elsewhere if sum(file.endswith(f"/{name}") for file in FILES) > 1) == []
