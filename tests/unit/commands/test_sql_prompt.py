"""The read-only prompt on the ad hoc database, fed from a pipe."""

import io

import duckdb
import pytest

from orchestration.__main__ import main
from orchestration.commands.sql_prompt import run_prompt
from orchestration.errors import PipelineError
from orchestration.storage.locks import is_run_alive
from tests.another_process import run_lock_held_elsewhere
from tests.conftest import settings_for


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


# What a read-only connection alone lets pass.
WAYS_OUT = {
    "a copy": "copy (select 1) to '{out}'",
    "another database": "attach '{out}' as other",
    "an export": "export database '{out}'",
    "a file read": "select * from read_text('{key}')",
    "a file named as a table": "select * from '{key}'",
    "a list of files": "select * from glob('{folder}/*')",
    "an extension": "install httpfs",
    "the log": "pragma enable_logging",
    "the profile": "set profiling_output = '{out}'",
    "the lock on this": "set enable_external_access = true",
    "what Python holds": "select * from frame",
}


@pytest.mark.parametrize("restricted", [False, True], ids=["ad hoc", "restricted"])
@pytest.mark.parametrize("statement", WAYS_OUT.values(), ids=WAYS_OUT)
def test_no_statement_reads_or_writes_another_file(database, tmp_path, monkeypatch, capsys, statement, restricted):
    (tmp_path / "case_key").write_text("the secret")
    (tmp_path / "warehouse.duckdb").write_bytes(database.read_bytes())
    before = {path.name for path in tmp_path.iterdir()}
    monkeypatch.setenv("PROBATION_DATA_DIR", str(tmp_path))
    query = statement.format(out=tmp_path / "out", key=tmp_path / "case_key", folder=tmp_path)
    assert main(["sql", *(["--restricted"] if restricted else []), "--", query]) == 1
    assert "the secret" not in capsys.readouterr().out
    assert {path.name for path in tmp_path.iterdir()} - {".run"} == before


def test_the_warehouse_is_read_while_no_run_is_due_and_said_to_be_restricted(database, tmp_path, monkeypatch, capsys):
    database.rename(tmp_path / "warehouse.duckdb")
    monkeypatch.setenv("PROBATION_DATA_DIR", str(tmp_path))
    assert main(["sql", "--restricted", "--", "select case_key from marts.cases"]) == 0
    printed = capsys.readouterr()
    assert "7" in printed.out
    assert printed.err.startswith("RESTRICTED")
    run_dir = settings_for(tmp_path).run_dir
    assert not is_run_alive(run_dir)
    with run_lock_held_elsewhere(run_dir, "the first run"):
        assert main(["sql", "--restricted", "--", "select 1"]) == 1
    assert "in use by run the firs" in capsys.readouterr().err


def test_tables_and_views_are_listed_with_their_words(database, monkeypatch, capsys):
    with duckdb.connect(str(database)) as connection:
        connection.execute("comment on table marts.cases is 'One row a case.'")
        connection.execute(
            "create view marts.seen as from marts.cases; comment on view marts.seen is 'One row a look.'"
        )
    assert run_prompt(database, ".tables") == 0
    printed = capsys.readouterr().out
    assert "One row a case." in printed
    assert "One row a look." in printed
