"""The command line: what it offers, that make offers the same, and how it ends when something is wrong."""

import re
import shlex
import subprocess
import sys

import click
import pytest

from orchestration.__main__ import main
from orchestration.commands.context import wants_traceback
from orchestration.commands.parser import probation_outcomes
from orchestration.settings import PROJECT_DIR

MAKEFILE = (PROJECT_DIR / "Makefile").read_text(encoding="utf-8")
COMMANDS = probation_outcomes.commands
# Targets that work on the project itself, not through the program.
OF_THE_PROJECT = {"help", "setup", "test", "check", "bench", "bench-linkage", "parity", "profile", "docs", "lock"}
EVERY_VARIABLE = {
    **{
        "A": "a",
        "B": "b",
        "DETAIL": "1",
        "TABLE": "annex_b",
        "RELEASE": "a",
        "REASON": "why",
        "CASE": "c",
        "SHOW": "1",
        "PUBLIC": "1",
    },
    **{
        "Q": "select 1",
        "N": "9",
        "SEED": "3",
        "FILE": "f",
        "SOURCE": "terminations",
        "PARTIAL": "1",
        "RESAMPLES": "5",
        "CASELOAD": "c.csv",
        "TO": "backup",
        "FROM": "backup",
        "KEY": "key",
    },
    **{
        "OUT": "o.csv",
        "ARGS": "--margin 0.1",
        "TRACEBACK": "1",
        "READ_ONLY": "1",
        "RESTRICTED": "1",
        "PORT": "3001",
        "DAYS": "30",
        "RELEASES": "1",
        "DO": "1",
    },
}
UNASKED = {"providers", "provider_type", "confidence", "oversample"}  # by ARGS alone
# make says what is missing before the program is called
ASKS_ITSELF = ("backup", "restore", "contract-check", "explain", "export", "review-import", "sample")
SLOW = ("pandas", "numpy", "duckdb", "dagster", "dbt", "matplotlib", "great_expectations", "rich")


def targets() -> dict[str, str]:
    """What make's own help lists: target -> words."""
    return dict(re.findall(r"^([a-z-]+):.*?## (.*)$", MAKEFILE, re.MULTILINE))


def asked_by_make(target: str, variables: dict[str, str]) -> list[str]:
    """The arguments with which make calls the program for this target."""
    given = [f"{name}={value}" for name, value in variables.items()]
    command = ["make", "--no-print-directory", "-n", "-o", "setup", target, *given]
    printed = subprocess.run(command, cwd=PROJECT_DIR, capture_output=True, text=True, check=True).stdout
    (call,) = re.findall(r"-m orchestration (.*?)(?:; fi)?$", printed, re.MULTILINE)
    return shlex.split(call)


def test_make_lists_every_command_and_no_other():
    assert set(targets()) - OF_THE_PROJECT == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_make_says_of_a_command_what_its_help_says(name):
    assert targets()[name].lower().startswith(COMMANDS[name].get_short_help_str(200).removesuffix(".").lower())


@pytest.mark.parametrize("variables", [{}, EVERY_VARIABLE], ids=["bare", "every variable"])
@pytest.mark.parametrize("name", COMMANDS)
def test_the_program_understands_how_make_calls_it(name, variables, monkeypatch):
    if not variables and name in ASKS_ITSELF:
        pytest.skip("make says what is missing")
    called = []
    monkeypatch.setattr(COMMANDS[name], "callback", lambda **given: called.append((wants_traceback(), given)))
    assert main(asked_by_make(name, variables)) == 0
    (traceback, given) = called[0]
    assert traceback == bool(variables)
    assert not variables or all(
        value not in (None, "", (), False) for key, value in given.items() if key not in UNASKED
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_help(name, capsys):
    assert main([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith("Usage:")
    assert COMMANDS[name].help
    for parameter in COMMANDS[name].params:
        assert isinstance(parameter, click.Argument) or parameter.help, parameter.name


def test_the_command_line_is_there_before_anything_slow_is_loaded():
    program = (
        f"import sys\nimport orchestration.commands.parser\nprint([name for name in {SLOW} if name in sys.modules])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["bulletn"], "Did you mean 'bulletin'?"),
        (["stability", "--resample", "3"], "Did you mean '--resamples'?"),
        (["sample", "--out", "x.csv", "--seed", "1"], "Missing option '--caseload'"),
        (["review-sample", "--cases", "many"], "'many' is not a valid integer"),
    ],
    ids=["command", "option", "missing", "no number"],
)
def test_a_mistyped_line_is_answered_with_what_was_meant(arguments, told, capsys):
    assert main(arguments) == 2
    assert told in capsys.readouterr().err


def test_an_error_is_told_without_a_traceback_unless_one_is_asked_for(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PROBATION_DATA_DIR", str(tmp_path))
    assert main(["warnings"]) == 1
    told = capsys.readouterr().err
    assert "There is no ad hoc database yet." in told
    assert "Traceback" not in told
    with pytest.raises(Exception, match="no ad hoc database"):
        main(["--traceback", "warnings"])


def test_an_unusable_setting_does_not_stand_in_the_way_of_the_help(monkeypatch, capsys):
    monkeypatch.setenv("PROBATION_MATCH_WINDOW", "7")
    assert main(["bulletin", "--help"]) == 0
    assert main(["bulletin"]) == 1
    assert "Did you mean PROBATION_MATCH_WINDOW_DAYS?" in capsys.readouterr().err


ENDINGS = {
    "stopped": ("KeyboardInterrupt()", 130, "Stopped."),
    "full disk": ("OSError(28, 'No space left on device', '/data/x')", 1, "/data/x\nNo space left on device."),
    "reader gone": ("BrokenPipeError()", 0, ""),
}
PROGRAM = """
import click, sys
from orchestration.__main__ import run
from orchestration.commands.parser import probation_outcomes

@click.command()
def end():
    raise {raised}

probation_outcomes.add_command(end)
sys.argv = ["program", "end"]
run()
"""


@pytest.mark.parametrize(("raised", "code", "told"), ENDINGS.values(), ids=ENDINGS)
def test_how_a_command_ends_is_told_by_its_exit_code(raised, code, told):
    """In a process of its own, because a gone reader is answered by closing what it read."""
    command = [sys.executable, "-c", PROGRAM.format(raised=raised)]
    ended = subprocess.run(command, cwd=PROJECT_DIR, capture_output=True, text=True, check=False)
    assert ended.returncode == code
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr
