"""Who may know whom, and what every module says of itself."""

import ast
import re
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_DIR
from tools.imports import (
    PACKAGES,
    arrows_between_modules,
    arrows_between_rooms,
    circle,
    floors,
    imported_names,
    modules,
)

FORBIDDEN = {
    "orchestration/methods": {"dagster", "dagster_dbt", "dbt", "duckdb", "great_expectations"},
    "orchestration/publications": {"dagster", "dagster_dbt", "dbt", "duckdb", "great_expectations"},
    "orchestration/synthetic": {"dagster", "dagster_dbt", "dbt", "duckdb", "great_expectations"},
    "orchestration/ingest": {"dagster", "dagster_dbt", "dbt", "great_expectations"},
    "expectations": {"dagster", "dagster_dbt", "dbt", "duckdb"},
}
# Slow to import: they must not be paid for by a run that has nothing to do.
SLOW = {"statsmodels", "great_expectations", "matplotlib", "gptables", "firthmodels", "afcharts"}
# Who reads a room knows those under it: more floors, more to know.
MOST_FLOORS = 8
PRIVATE = re.compile(r"(^|\.)_(?!_)")  # a part of a name that begins with one underscore


def _modules(folder: str) -> list[Path]:
    return sorted((PROJECT_DIR / folder).rglob("*.py"))


def _imported(tree: ast.AST, top_level_only: bool = False) -> set[str]:
    nodes = tree.body if top_level_only else ast.walk(tree)
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def _name(path: Path) -> str:
    return path.relative_to(PROJECT_DIR).as_posix()


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_methods_know_nothing_of_orchestration(folder):
    offenders = {_name(path): _imported(ast.parse(path.read_text())) & FORBIDDEN[folder] for path in _modules(folder)}
    assert {name: found for name, found in offenders.items() if found} == {}


def test_methods_import_nothing_but_methods_and_the_declarations_of_tables():
    known = ("orchestration.methods", "orchestration.tables")
    others = {
        module: {other for other in imported if not other.startswith(known)}
        for module, imported in arrows_between_modules().items()
        if module.startswith("orchestration.methods")
    }
    assert {module: found for module, found in others.items() if found} == {}


def test_no_modules_import_each_other_in_a_circle():
    assert circle(arrows_between_modules()) == []


def test_no_rooms_import_each_other_in_a_circle():
    assert circle(arrows_between_rooms()) == []


def test_the_house_has_few_floors():
    found = floors(arrows_between_rooms())
    assert {room: floor for room, floor in found.items() if floor > MOST_FLOORS} == {}


def test_what_a_module_keeps_to_itself_is_imported_nowhere():
    taken = [
        f"{module}: {origin}.{name}"
        for module, path in modules().items()
        for origin, name in imported_names(path.read_text(encoding="utf-8"))
        if origin.split(".")[0] in PACKAGES
        and any(part.startswith("_") and not part.startswith("__") for part in f"{origin}.{name}".split("."))
    ]
    assert taken == []


def test_slow_packages_are_imported_where_they_are_used():
    offenders = {
        _name(path): _imported(ast.parse(path.read_text()), top_level_only=True) & SLOW
        for package in PACKAGES
        for path in _modules(package)
    }
    assert {name: found for name, found in offenders.items() if found} == {}


def test_every_module_says_what_belongs_there():
    silent = [
        _name(path)
        for package in PACKAGES
        for path in _modules(package)
        if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_every_public_function_has_a_docstring():
    silent = [
        f"{_name(path)}:{node.name}"
        for package in PACKAGES
        for path in _modules(package)
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_the_lock_file_names_no_host_and_hashes_everything():
    lock = (PROJECT_DIR / "requirements.lock").read_text()
    assert "://" not in lock
    pins = [line for line in lock.splitlines() if line and line[0].isalnum()]
    assert pins
    assert all("==" in line for line in pins)
    assert lock.count("--hash=sha256:") >= len(pins)
