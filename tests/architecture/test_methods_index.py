"""The page that leads from a bulletin's clause to the function and its test names what is there."""

import ast
import re

import pytest

from orchestration.settings import PROJECT_DIR

METHODS = PROJECT_DIR / "orchestration" / "methods"
TESTS = PROJECT_DIR / "tests" / "unit" / "methods"
CODE = re.compile(r"`([^`]+)`")


def rows() -> list[tuple[str, str, str]]:
    """Clause, functions and tests of each row of the page's tables."""
    lines = (METHODS / "README.md").read_text(encoding="utf-8").splitlines()
    cells = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return [(clause, functions, tests) for clause, functions, tests in cells if functions != "Function"]


def names_of(module: str) -> set[str]:
    """What a module of the methods defines."""
    body = ast.parse((METHODS / f"{module}.py").read_text(encoding="utf-8")).body
    targets = [t for node in body if isinstance(node, ast.Assign | ast.AnnAssign) for t in ast.walk(node)]
    assigned = {t.id for t in targets if isinstance(t, ast.Name) and isinstance(t.ctx, ast.Store)}
    return assigned | {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


@pytest.mark.parametrize("functions", [row[1] for row in rows()])
def test_every_function_named_is_there(functions):
    module = ""
    for code in CODE.findall(functions.partition("; run by ")[0]):
        named, _, name = code.partition(".")
        module = named or module
        assert not name or name in names_of(module), code
        assert (METHODS / f"{module}.py").exists(), code


@pytest.mark.parametrize("tests", [row[2] for row in rows()])
def test_every_test_named_is_there(tests):
    found = [code for code in CODE.findall(tests) if "backtest" not in code]
    assert found
    assert [code for code in found if not (TESTS / f"{code}.py").exists()] == []
