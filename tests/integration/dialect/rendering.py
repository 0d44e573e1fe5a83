"""The dialect macros as SQL of one engine, without dbt.

Belongs here: rendering. Not here: running (`conftest.py`).
"""

from functools import cache
from typing import Any

import jinja2

from orchestration.settings import DBT_DIR

ENGINES = ("duckdb", "spark", "athena")


def rendered(engine: str, expression: str) -> str:
    """A call of macros, written as in a model without its braces, as SQL of the engine."""
    macros = macros_of(engine)
    calls = jinja2.Environment().from_string("{{ " + expression + " }}")
    return calls.render({name: macro for name, macro in vars(macros).items() if callable(macro)})


@cache
def macros_of(engine: str) -> Any:
    files = sorted((DBT_DIR / "macros" / "dialect").glob("*.sql"))
    source = "".join(path.read_text(encoding="utf-8") for path in files if path.name != "spark_adapter.sql")
    return jinja2.Environment().from_string(source, globals={"adapter": _Adapter(engine)}).module


class _Adapter:
    """dbt's `adapter`, as far as the macros ask it."""

    def __init__(self, engine: str) -> None:
        self.engine = engine

    @jinja2.pass_context
    def dispatch(self, context: jinja2.runtime.Context, name: str) -> Any:
        return context.get(f"{self.engine}__{name}") or context[f"default__{name}"]
