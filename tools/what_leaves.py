"""`python -m tools.what_leaves` (make docs): which results tables leave in a public release, in docs/going-outside.md.

Belongs here: laying out what the declarations say. Not here: the declarations (`orchestration/tables`).
"""

from orchestration.settings import PROJECT_DIR
from orchestration.tables.catalogue import RELEASED_TABLES
from orchestration.tables.table import Leaving, Table

PAGE = PROJECT_DIR / "docs" / "going-outside.md"
BEGIN, END = "<!-- what leaves: written by make docs -->", "<!-- end of what leaves -->"


def page_with_list(page: str) -> str:
    """The page with the list as it is now. Raises IndexError where a marker is missing."""
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    return f"{before}{BEGIN}\n{table_list()}\n{END}{after}"


def table_list() -> str:
    """A table of the results tables in a release: those that leave, then those that stay, each by name."""
    rows = [
        f"| `{name}` | {'leaves' if table.leaving else 'stays'} | {_how(table)} |"
        for name, table in sorted(RELEASED_TABLES.items(), key=lambda item: (item[1].leaving is None, item[0]))
    ]
    return "\n".join(["| table | | how, or why not |", "|---|---|---|", *rows])


def _how(table: Table) -> str:
    return "; ".join(_words(table.leaving)) if table.leaving else table.stays


def _words(leaving: Leaving) -> list[str]:
    only = [f"only {column} {_listed(values)}" for column, values in leaving.only.items()]
    return [
        *only,
        *(["counts protected by threshold and sums"] if leaving.people else []),
        *(["bases from the threshold on"] if leaving.bases else []),
        *(["estimates and tests to the decimals printed"] if leaving.statistics else []),
        *([f"never {_listed(leaving.withheld)}"] if leaving.withheld else []),
        *(["words"] if not (leaving.people or leaving.bases or leaving.statistics) else []),
    ]


def _listed(names: tuple[str | int, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    PAGE.write_text(page_with_list(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
