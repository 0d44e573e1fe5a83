"""What Dagster calls its own (`dagster._...`) and is used all the same: named here, and looked for on every upgrade.

There is no public way to it in the version of the lock: the origin of a run (the UI's timeline), states of schedules
and sensors, the web server's workspace. `dagster` is therefore held to one version in pyproject.toml. That they do what
is asked of them is tested beside who uses them (`tests/unit/defs/test_pipeline.py`).
"""

import ast
import importlib
from importlib.metadata import version

import pytest

from orchestration.settings import PROJECT_DIR

USED = {
    (node.module, alias.name, path.relative_to(PROJECT_DIR).as_posix())
    for path in sorted((PROJECT_DIR / "orchestration").rglob("*.py"))
    if "dagster._" in (text := path.read_text(encoding="utf-8"))
    for node in ast.walk(ast.parse(text))
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dagster._")
    for alias in node.names
}
FEW = {
    "orchestration/commands/pruning.py",
    "orchestration/defs/event_log.py",
    "orchestration/defs/run_origin.py",
    "orchestration/defs/triggers/automation.py",
    "orchestration/service/web_server.py",
}


@pytest.mark.parametrize(("module", "name", "used_by"), sorted(USED))
def test_each_is_still_there(module, name, used_by):
    try:
        getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        pytest.fail(
            f"Dagster {version('dagster')} has no {module}.{name} any more, which {used_by} uses: look for what it is "
            "called now, or for a public way, before dagster's version in pyproject.toml is changed."
        )


def test_no_other_module_uses_any():
    assert {used_by for *_, used_by in USED} == FEW
