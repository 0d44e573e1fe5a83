"""What stands in the shell's environment changes nothing that the program does."""

import json
import os
import subprocess
import sys

import pytest

from orchestration.settings import PROJECT_DIR

# What could change a number, switch a test off, move a file or change how text is read.
SAYS = """
import click, datetime, json, locale, os, sys
from orchestration.__main__ import run
from orchestration.commands.parser import probation_outcomes

@click.command()
def say():
    mask = os.umask(0)
    warned = [option for option in sys.warnoptions if "resource_tracker" not in option]
    print(json.dumps({
        "flags": [sys.flags.optimize, sys.flags.dev_mode, sys.flags.hash_randomization, warned],
        "path": [place for place in sys.path if "elsewhere" in place],
        "encoding": [locale.getencoding().lower(), sys.stdout.encoding.lower(), os.strerror(28)],
        "day": str(datetime.datetime.fromtimestamp(0)),
        "mask": mask,
        "environment": {name: value for name, value in os.environ.items() if name not in KNOWN},
    }))

KNOWN = ("PROBATION_DATA_DIR", *sys.argv[1:])
sys.argv = ["program", "say"]
probation_outcomes.add_command(say)
run()
"""
SHELLS = {
    "dbt": {"DBT_TARGET": "prod", "DBT_EXCLUDE_RESOURCE_TYPES": "test unit_test", "DBT_PROFILES_DIR": "/elsewhere"},
    "Dagster": {"DAGSTER_HOME": "/elsewhere", "DAGSTER_GRPC_SOCKET": "/elsewhere", "DAGIT_PORT": "80"},
    "Python": {"PYTHONPATH": "/elsewhere", "PYTHONOPTIMIZE": "2", "PYTHONWARNINGS": "error", "PYTHONDEVMODE": "1"},
    "place and language": {"TZ": "Pacific/Kiritimati", "LANG": "C", "LC_ALL": "POSIX", "LC_NUMERIC": "de_DE"},
    "text": {"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"},
    "algebra": {"OMP_NUM_THREADS": "7", "OPENBLAS_CORETYPE": "Prescott", "MKL_CBWR": "COMPATIBLE"},
    "drawing": {"MPLCONFIGDIR": "/elsewhere", "MPLBACKEND": "TkAgg", "MATPLOTLIBRC": "/elsewhere"},
}


def said(shell: dict[str, str], umask: int) -> dict:
    known = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LANG", "LC_", "TZ"))}
    known = {name: value for name, value in known.items() if not name.endswith("_NUM_THREADS")}
    ended = subprocess.run(
        [sys.executable, "-c", SAYS, *known],
        cwd=PROJECT_DIR, env=known | shell, capture_output=True, text=True, check=True, umask=umask,
    )  # fmt: skip
    return json.loads(ended.stdout)


@pytest.fixture(scope="module")
def in_a_plain_shell() -> dict:
    return said({}, 0o077)


@pytest.mark.parametrize("shell", SHELLS.values(), ids=SHELLS)
def test_a_shell_changes_nothing(in_a_plain_shell, shell):
    assert said(shell, umask=0) == in_a_plain_shell


def test_in_a_plain_shell_everything_is_as_it_should_be(in_a_plain_shell):
    assert in_a_plain_shell["flags"] == [0, False, 1, []]
    assert in_a_plain_shell["encoding"] == ["utf-8", "utf-8", "No space left on device"]
    assert in_a_plain_shell["day"] == "1970-01-01 00:00:00"
    assert in_a_plain_shell["mask"] == 0o077
    one_thread = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    assert in_a_plain_shell["environment"] == one_thread | {"TZ": "UTC", "LC_ALL": "C.UTF-8"}
