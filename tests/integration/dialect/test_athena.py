"""The models in Athena's SQL: compiled by dbt and read by sqlglot. No Athena is there to run them."""

import pytest
import sqlglot
from sqlglot import exp

from tests.integration.linkage_oracle.compiled import Node, compile_for

# Functions of Athena that sqlglot knows no class of: https://trino.io/docs/current/functions.html
KNOWN_TO_ATHENA = {"arrays_overlap", "codepoint", "hamming_distance"}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory) -> list[Node]:
    """Models and the project's own tests, through the macros of Athena."""
    project = compile_for(tmp_path_factory.mktemp("athena"), "athena")
    return [node for node in project.nodes.values() if node.kind == "model" or (node.kind == "test" and node.sql)]


def test_every_model_is_sql_that_athena_reads(compiled):
    assert len(compiled) > 40
    for node in compiled:
        statement = sqlglot.parse_one(node.sql, dialect="athena")
        unknown = {call.name.lower() for call in statement.find_all(exp.Anonymous)} - KNOWN_TO_ATHENA
        assert unknown == set(), node.name


def test_no_macro_of_another_engine_is_left(compiled):
    """DuckDB's names of functions that Athena has by another, or not at all."""
    others = (
        "list_",
        "string_agg",
        "string_split",
        "array_to_string",
        "lambda ",
        "damerau",
        "to_months",
        "regexp_full",
    )
    assert {node.name: word for node in compiled for word in others if word in node.sql} == {}
