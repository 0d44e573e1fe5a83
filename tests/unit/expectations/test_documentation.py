"""docs/gates.md speaks of the expectations there are, and of no others."""

import re

from orchestration.settings import PROJECT_DIR
from tests.unit.expectations.needs_mutations import all_suites


def names_in(row: str) -> list[str]:
    """The names in the first cell of a table's row that has any (a gate may stand before them)."""
    cells = (re.findall(r"`([a-z_]+)`", cell) for cell in row.split("|")[1:3])
    return next((names for names in cells if names), [])


def test_the_gates_page_lists_every_expectation() -> None:
    page = (PROJECT_DIR / "docs" / "gates.md").read_text()
    listed = {name for line in page.splitlines() if line.startswith("|") for name in names_in(line)}
    expected = {e.meta["name"] for suite in all_suites().values() for e in suite.expectations}
    assert listed == expected
