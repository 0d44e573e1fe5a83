"""Rows at every stage, from files to mart: what the publication gate reconciles and the manifest records.

Belongs here: counting. Not here: whether the counts agree (`expectations/publication.py`).
"""

import duckdb

from orchestration.settings import ALL_SOURCES
from orchestration.storage.warehouse import has_table


def row_counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Count -> rows, such as `received.inspections` and `matches.terminations`, from the warehouse."""
    counts: dict[str, int] = {}
    for source in (source for source in ALL_SOURCES if has_table(connection, f"raw.{source}")):
        queries = {
            "received": f"select count(*) from raw.{source}",
            "rejected": f"select count(distinct (file, line)) from quality.rejected_rows where source = '{source}'",
            "superseded": f"select count(*) from raw.superseded_rows where source = '{source}'",
            "repeated": f"select coalesce(sum(repeated), 0) from raw.deliveries where source = '{source}'",
            "accepted": f"select count(*) from raw.parsed_{source}",
        }
        counts |= {f"{name}.{source}": _count(connection, query) for name, query in queries.items()}
    counts["matches.terminations"] = _count(connection, "select count(*) from linkage.termination_matches")
    counts["matches.reoffending"] = _count(connection, "select count(*) from linkage.reoffending_matches")
    counts["cases"] = _count(connection, "select count(*) from marts.cases")
    return counts


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])
