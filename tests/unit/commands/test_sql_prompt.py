"""The read-only prompt on the ad hoc database, fed from a pipe."""

import io

import duckdb
import pytest

from orchestration.commands.sql_prompt import run_prompt
from orchestration.errors import PipelineError


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "analysis.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts; create table marts.cases as select 7 as case_key")
    return path


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("select 1 as a; select 2 as b", ["a\n", "b\n"]),
        ("select ';' as semicolon;", ["semicolon\n", ";\n"]),
        ("select 'it''s;'\nas over_two_lines\n;", ["over_two_lines", "it's;"]),
        (".tables\nselect case_key from marts.cases", ["marts.cases", "7\n"]),
    ],
    ids=["two on a line", "a quoted semicolon", "over lines", "a dot command"],
)
def test_statements_from_a_pipe_are_answered_one_by_one(database, monkeypatch, capsys, text, answers):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert run_prompt(database) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    for answer in answers:
        assert answer in printed.out


def test_a_wrong_statement_is_explained_the_next_is_answered_and_the_exit_code_tells(database, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("selec 1; drop table marts.cases; select case_key from marts.cases;"))
    assert run_prompt(database) == 1
    printed = capsys.readouterr()
    assert "Parser Error" in printed.err
    assert "read-only" in printed.err
    assert "7\n" in printed.out


def test_a_damaged_ad_hoc_database_is_named_with_its_remedy(tmp_path):
    damaged = tmp_path / "analysis.duckdb"
    damaged.write_bytes(b"x" * 9000)
    with pytest.raises(PipelineError, match="make bulletin") as failure:
        run_prompt(damaged, "select 1")
    assert failure.value.where == str(damaged)
