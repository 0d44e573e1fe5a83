"""Writes docs/data-dictionary.md from the descriptions beside the dbt models and reference tables.

Belongs here: reading dbt's YAML and laying it out as one page. Not here: descriptions themselves; they live
with the tables (`dbt_project/**/*.yml`). Run `python -m orchestration.dbt.data_dictionary` after changing one.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

from orchestration.settings import DBT_DIR, PROJECT_DIR

PAGE = PROJECT_DIR / "docs" / "data-dictionary.md"
SCHEMAS = {
    "marts": "What analysts query: no identifiers and no dates. Also in `analysis.duckdb`.",
    "results": "What is published; also in every release and in `analysis.duckdb`.",
    "quality": "What the gates saw and what was rejected, never a value. Also in `analysis.duckdb`.",
    "linkage": "How cases and records were put together, one table a step (see `linkage.md`). Restricted.",
    "staging": "Accepted rows with their identifiers cleaned. Restricted.",
    "reference": "Tables an analyst may edit (`dbt_project/seeds/codes`) and the published figures.",
}
WRITTEN_BY_PYTHON = {"results", "quality"}
INTRODUCTION = """# Data dictionary

Generated from the descriptions in `dbt_project` by `python -m orchestration.dbt.data_dictionary`; edit
them there. The first words of each description say what one row is.
"""


@dataclass(frozen=True)
class Column:
    """A column as described: its type is empty where no contract fixes one."""

    name: str
    description: str
    data_type: str


@dataclass(frozen=True)
class Table:
    """A model or seed as described."""

    schema: str
    name: str
    description: str
    columns: tuple[Column, ...]


def described_tables(dbt_dir: Path = DBT_DIR) -> list[Table]:
    """Every model and seed the YAML files describe, by schema in reading order, then by name."""
    tables = []
    for path in sorted([*dbt_dir.glob("models/**/*.yml"), *dbt_dir.glob("seeds/**/*.yml")]):
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for entry in (*content.get("models", ()), *content.get("seeds", ())):
            tables.append(_table(entry, _schema(path, dbt_dir)))
        for source in content.get("sources", ()):
            if source["name"] in WRITTEN_BY_PYTHON:
                tables += [_table(entry, source["name"]) for entry in source["tables"]]
    return sorted(tables, key=lambda table: (list(SCHEMAS).index(table.schema), table.name))


def _schema(path: Path, dbt_dir: Path) -> str:
    kind, layer = path.relative_to(dbt_dir).parts[:2]
    return "reference" if kind == "seeds" else layer


def _table(entry: dict, schema: str) -> Table:
    types = entry.get("config", {}).get("column_types", {})
    columns = tuple(
        Column(
            name=column["name"],
            description=_one_line(column.get("description", "")),
            data_type=column.get("data_type") or types.get(column["name"], ""),
        )
        for column in entry.get("columns", ())
    )
    return Table(schema, entry["name"], _one_line(entry.get("description", "")), columns)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def page(tables: list[Table]) -> str:
    """The dictionary as one Markdown page: a heading a schema, a table of columns a table."""
    parts = [INTRODUCTION]
    for schema, purpose in SCHEMAS.items():
        parts.append(f"## {schema}\n\n{purpose}\n")
        parts += [_section(table) for table in tables if table.schema == schema]
    return "\n".join(parts)


def _section(table: Table) -> str:
    has_types = any(column.data_type for column in table.columns)
    header = ["Column", "Type", "Meaning"] if has_types else ["Column", "Meaning"]
    lines = [f"### {table.schema}.{table.name}", "", table.description, ""]
    lines += ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    for column in table.columns:
        meaning = column.description.replace("|", "\\|")
        cells = [f"`{column.name}`", column.data_type, meaning] if has_types else [f"`{column.name}`", meaning]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(described_tables()), encoding="utf-8")
