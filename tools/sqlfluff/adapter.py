"""dbt's `adapter` for sqlfluff, which renders the models without dbt: every dispatched macro as DuckDB's.

Belongs here: what the macros ask of `adapter`. Not here: any SQL.
"""

from collections.abc import Callable
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context


@pass_context
def dispatch(context: Context, name: str) -> Callable[..., str]:
    """DuckDB's macro of that name, which stands in the same file."""
    return context[f"duckdb__{name}"]


def get_columns_in_relation(relation: Any) -> list[Any]:
    """No columns: nothing is connected."""
    return []
