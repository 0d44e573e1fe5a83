"""The plan of the house: its rooms, what each says of itself, and the tests that mirror them."""

import ast
import re
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_DIR
from tools import rooms as drawn
from tools.imports import modules, room_of

UNIT_TESTS = PROJECT_DIR / "tests" / "unit"
LOOSE_MODULES = {"__main__", "definitions", "errors", "settings"}
# Reference results, how they were made, and fixtures: no tests.
NOT_ROOMS = {"reference", "fixtures", "__pycache__"}
TESTED_ELSEWHERE = {
    "orchestration.linkage": "asks the warehouse, so whole linkages answer: tests/integration/linkage_oracle",
}


def rooms() -> dict[str, Path]:
    """Every package, by its dotted name."""
    return {name: path.parent for name, path in modules().items() if path.name == "__init__.py"}


def unit_tests_of(room: str) -> Path:
    """The folder in which a room's unit tests lie: orchestration/ itself is mirrored by tests/unit/."""
    return UNIT_TESTS.joinpath(*room.removeprefix("orchestration").strip(".").split("."))


def holds_code(room: str) -> bool:
    return any(room_of(name, path) == room and name != room for name, path in modules().items())


def test_every_folder_of_unit_tests_is_a_room():
    folders = {path for path in UNIT_TESTS.rglob("*") if path.is_dir() and not NOT_ROOMS & set(path.parts)}
    strangers = folders - {unit_tests_of(room) for room in rooms()}
    assert sorted(path.relative_to(UNIT_TESTS).as_posix() for path in strangers) == []


def test_every_room_with_code_has_its_unit_tests():
    untested = {room for room in rooms() if holds_code(room) and not any(unit_tests_of(room).glob("test_*.py"))}
    assert untested == TESTED_ELSEWHERE.keys()


def test_four_modules_belong_to_no_room():
    loose = {path.stem for path in (PROJECT_DIR / "orchestration").glob("*.py")} - {"__init__"}
    assert loose == LOOSE_MODULES


@pytest.mark.parametrize("room", rooms())
def test_every_room_says_what_belongs_there_and_what_does_not(room):
    said = ast.get_docstring(ast.parse((rooms()[room] / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert re.search(r"Belongs here:\s+\w.*\sNot\s+here:\s+\w", said, re.DOTALL)


def test_the_drawing_and_the_list_of_rooms_are_up_to_date():
    page = drawn.PAGE.read_text(encoding="utf-8")
    assert page == drawn.page_with_rooms(page), "run: make docs"


def test_an_arrow_that_others_imply_is_not_drawn():
    lines = drawn.drawing({"top": {"middle", "low"}, "middle": {"low"}, "low": set()}).splitlines()
    assert [line.strip() for line in lines if "-->" in line] == ["middle --> low", "top --> middle"]
