"""DuckDB and Spark, each asked many things at once: a question by itself costs Spark more than its answer.

Belongs here: the two engines. Not here: what they are asked.
"""

from collections.abc import Callable, Sequence

import duckdb
import pytest

# Rows of one statement.
Ask = Callable[[str], list[tuple]]


@pytest.fixture(scope="session", params=["duckdb", "spark"])
def engine(request) -> tuple[str, Ask]:
    """The name of an engine, and what answers a statement."""
    if request.param == "duckdb":
        connection = duckdb.connect()
        return "duckdb", lambda statement: connection.execute(statement).fetchall()
    session = request.getfixturevalue("spark")
    return "spark", lambda statement: [tuple(row) for row in session.sql(statement).collect()]


def answers(ask: Ask, questions: Sequence[str]) -> list[object]:
    """What each statement of one row and one column gives, all asked in one."""
    columns = ", ".join(f"({question}) as a{number}" for number, question in enumerate(questions))
    (row,) = ask(f"select {columns}")
    return list(row)
